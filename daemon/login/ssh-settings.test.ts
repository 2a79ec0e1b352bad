import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { askSshSettings, readJump, readSshSettings } from "./ssh-settings.ts";

describe("what ssh -G prints", () => {
	it("is read with its defaults and its absences", () => {
		const output = [
			...["user ana", "hostname db.example.org", "port 2222", "identityfile ~/.ssh/id_ed25519", "identityfile none"],
			...["identitiesonly yes", "proxyjump a,ana@b:22", "proxycommand none", "identityagent none"],
			...["userknownhostsfile ~/.ssh/known_hosts /dev/null", "globalknownhostsfile none", "hostkeyalias db"],
		].join("\n");
		expect(readSshSettings(output, "alias", "/home/ana")).toEqual({
			...{ hostname: "db.example.org", port: 2222, user: "ana", identitiesOnly: true, agent: null },
			...{ identityFiles: ["/home/ana/.ssh/id_ed25519"], proxyJump: ["a", "ana@b:22"], proxyCommand: null },
			...{ hostKeyAlias: "db", knownHostsFiles: ["/home/ana/.ssh/known_hosts", "/dev/null"] },
		});
		expect(readSshSettings("", "alias")).toMatchObject({ hostname: "alias", port: 22, user: null, proxyJump: [] });
	});

	it("may be anything", () => {
		fc.assert(fc.property(fc.string({ unit: "binary" }), (output) => readSshSettings(output, "h").port > 0));
	});
});

it("asks the real ssh, with the user's file and nothing else", async () => {
	const folder = mkdtempSync(join(tmpdir(), "vedette-ssh-"));
	try {
		const configFile = join(folder, "config");
		writeFileSync(
			configFile,
			"Host db\n  HostName 192.0.2.7\n  Port 2200\n  ProxyJump bastion\nHost *\n  User scan\n  IdentityFile ~/k\n",
		);
		expect(await askSshSettings("db", { configFile })).toMatchObject({
			...{ hostname: "192.0.2.7", port: 2200, user: "scan", proxyJump: ["bastion"] },
		});
		expect(await askSshSettings("db", { configFile, user: "root" })).toMatchObject({ user: "root" });
		for (const name of ["-oProxyCommand=touch /tmp/x", "a b", "", "a;b", "$(id)"]) {
			expect(await askSshSettings(name, { configFile })).toBeNull();
		}
		writeFileSync(configFile, "Nonsense yes\n");
		expect(await askSshSettings("db", { configFile })).toBeNull();
	} finally {
		rmSync(folder, { recursive: true });
	}
});

it("reads jumps", () => {
	expect(readJump("ana@bastion:2222")).toEqual({ user: "ana", host: "bastion", port: 2222 });
	expect(readJump("[2001:db8::1]:22")).toEqual({ user: null, host: "2001:db8::1", port: 22 });
	expect(readJump("ssh://bastion")).toEqual({ user: null, host: "bastion", port: null });
	for (const wrong of ["", "a:b", "a:99999", "a b:1:2"]) expect(readJump(wrong)).toBeNull();
});
