import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testNeeding } from "../../test/support/needing.ts";
import { dropInFor, privilegedOf } from "./privileged.ts";

/** Alpine 3.17 with doas; RHEL, whose ss is elsewhere than Debian's. */
const alpine = { cat: "/bin/cat", grep: "/bin/grep", ls: "/bin/ls", netstat: "/bin/netstat", doas: "/usr/bin/doas" };
const rhel = { cat: "/usr/bin/cat", ss: "/usr/sbin/ss", sshd: "/usr/sbin/sshd" };

it("names programs where they are on the host, and none that are not there", () => {
	const { text } = dropInFor("sudo", "scan", rhel);
	expect(text).toContain("    /usr/sbin/ss -H -l -n -t -u -p");
	expect(text).not.toMatch(/docker|netstat|grep/);
	for (const command of privilegedOf()) expect(dropInFor("sudo", "scan").text).toContain(command.split(" ")[0]);
});

it("allows nothing as root that lies where others than root may write, or is another program", () => {
	const odd = { cat: "/home/scan/bin/cat", ls: "/usr/bin/../../tmp/ls", grep: "/usr/bin/env", sshd: "/tmp/sshd" };
	const lines = ["/usr/bin/cat /etc/shadow", "/usr/bin/ls -ldLn", "/usr/bin/grep -r", "/usr/sbin/sshd -T"];
	const { text } = dropInFor("sudo", "scan", odd);
	for (const line of lines) expect(text).toContain(`    ${line}`);
	expect(text).not.toMatch(/home|tmp|env/);
	expect(dropInFor("doas", "scan", odd).text).not.toMatch(/home|tmp/);
});

it("has no word in it that sudo-rs does not know", () => {
	expect(dropInFor("sudo", "scan", rhel).text).toContain("Defaults:scan !requiretty");
	expect(dropInFor("sudo", "scan", { ...rhel, "sudo-rs": "/usr/bin/sudo" }).text).not.toContain("Defaults");
});

it("allows in doas what it allows in sudo, by the names that are typed", () => {
	const { file, text } = dropInFor("doas", "scan", alpine);
	expect(file).toMatch(/^\/etc\/doas\.conf/);
	expect(text).toContain("permit nopass scan as root cmd cat args /etc/shadow\n");
	expect(text).not.toContain("sshd");
	expect(dropInFor("doas", "scan", rhel).text).toContain("permit nopass scan as root cmd /usr/sbin/sshd args -T\n");
	expect(dropInFor("doas", "a b").text).toContain(
		'permit nopass "a b" as root cmd docker args ps -a --no-trunc --format "{{.ID}}|',
	);
});

describe.each([
	["sudo", "visudo", "-cf"],
	["doas", "doas", "-C"],
] as const)("%s", (tool, program, flag) => {
	testNeeding(program, spawnSync(program, ["--help"]).error === undefined)("understands what it is given", () => {
		const folder = mkdtempSync(join(tmpdir(), "vedette-drop-in-"));
		try {
			const file = join(folder, "rules");
			for (const places of [{}, alpine, rhel]) {
				writeFileSync(file, dropInFor(tool, "scan", places).text, { mode: 0o440 });
				execFileSync(program, [flag, file]);
			}
		} finally {
			rmSync(folder, { recursive: true });
		}
	});
});
