import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as credentials from "../../../protocol/methods/credentials.ts";
import * as hostkeys from "../../../protocol/methods/hostkeys.ts";
import { openTestConsole, type TestConsole } from "../../../test/support/console.ts";
import { patience } from "../../../test/support/eventually.ts";
import { sampleFingerprint } from "../../connect/sample-credentials.test-support.ts";

let open: TestConsole;
async function openCredentials(): Promise<TestConsole> {
	const size = { columns: 120, rows: 40 };
	const desk = openTestConsole({ screen: { to: "credentials" }, size });
	open = desk;
	await desk.terminal.waitFor(/linux/);
	return desk;
}
const tabs = (n: number): string[] => Array.from({ length: n }, () => "tab");

test("secrets are typed hidden: they reach the daemon and never the terminal", async () => {
	const desk = await openCredentials();
	await desk.press("a");
	await desk.terminal.waitFor(/Store a credential/);
	await desk.press("enter");
	await desk.terminal.waitFor(/nothing to log in with/);
	await desk.press("w", "e", "b", "tab", "s", "c", "a", "n", ...tabs(9));
	await desk.press("Z", "q", "7", "!");
	await desk.terminal.waitFor(/••••/);
	await desk.press("enter");
	await desk.terminal.waitFor(/web is stored/);
	expect(open.paramsOf(credentials.create)).toMatchObject({
		...{ name: "web", user: "scan", targets: ["all"], ports: [22] },
		proofs: [{ kind: "password", password: "Zq7!" }],
	});
	expect(desk.terminal.stdout.written.join("")).not.toContain("Zq7");
});

test("every way to log in and to become another can be said in the form", async () => {
	const folder = mkdtempSync(join(tmpdir(), "vedette-keys-"));
	try {
		const [key, certificate] = [join(folder, "scan"), join(folder, "scan-cert.pub")];
		writeFileSync(key, "-----BEGIN OPENSSH PRIVATE KEY-----\n");
		writeFileSync(certificate, "ssh-ed25519-cert-v01@openssh.com AAAA scan\n");
		const desk = await openCredentials();
		await desk.press("a");
		await desk.terminal.waitFor(/Store a credential/);
		await desk.press("x", "tab", "u", "tab", ...'tag:Linux, group:"My Web"', "tab", ..."tag:Fragile", "tab");
		await desk.press(...",2222", "tab", ...key, "tab", "right", "tab", ..."phrase", "tab", ...certificate, "tab");
		await desk.press(..."/run/agent", "tab", ..."pass", "tab", "right", "right", "tab", "tab", "right", "right", "tab");
		await desk.press(..."own", "tab", "right", "tab");
		for (let n = 0; n < "ssh-config".length; n++) await desk.press("backspace");
		await desk.press(..."ops@gate.example.org:2200", "tab", "right", "enter");
		await desk.terminal.waitFor(/x is stored/);
		expect(open.paramsOf(credentials.create)).toEqual({
			...{ name: "x", user: "u", targets: ["tag:Linux", 'group:"My Web"'], excluded: ["tag:Fragile"] },
			...{ ports: [22, 2222], leastPrivilege: true, tracking: true, ownPassword: "own" },
			sudo: { method: "su", password: "own", user: "root" },
			jump: { kind: "hosts", hosts: [{ host: "gate.example.org", user: "ops", port: 2200 }] },
			proofs: [
				{
					...{ kind: "key", privateKey: "-----BEGIN OPENSSH PRIVATE KEY-----\n", passphrase: "phrase" },
					certificate: "ssh-ed25519-cert-v01@openssh.com AAAA scan\n",
				},
				{ kind: "agent", socket: "/run/agent" },
				{ kind: "password", password: "pass" },
			],
		});
	} finally {
		rmSync(folder, { recursive: true });
	}
});

test("a certificate without its key, and a file that is not there, keep the form open and say so", async () => {
	const desk = await openCredentials();
	await desk.press("a");
	await desk.terminal.waitFor(/Store a credential/);
	await desk.press("x", ...tabs(8), ..."/nowhere/cert", "enter");
	await desk.terminal.waitFor(/needs its key/);
	await desk.press("shift-tab", "shift-tab", "shift-tab", ..."/nowhere/key", "enter");
	await desk.terminal.waitFor(/\/nowhere\/cert cannot be read: there is none/);
	expect(open.paramsOf(credentials.create)).toBeUndefined();
});

test("a change leaves the secrets as they are unless they are typed anew", async () => {
	const desk = await openCredentials();
	await desk.press("e");
	await desk.terminal.waitFor(/Its keys and passwords stay as they are/);
	await desk.press("tab", "2", "enter");
	await desk.terminal.waitFor(/linux is changed/);
	const params = open.paramsOf(credentials.edit);
	expect(params).toMatchObject({ credential: "linux", user: "scan2" });
	for (const kept of ["proofs", "jump", "ownPassword"]) expect(params).not.toHaveProperty(kept);
});

test("one is switched off, and not used any more", async () => {
	const desk = await openCredentials();
	await desk.press(" ");
	await desk.terminal.waitFor(/is not used any more/);
	expect(open.paramsOf(credentials.edit)).toEqual({ credential: "linux", enabled: false });
});

test("one is tried at a host step by step, and deleted when that is meant", async () => {
	const desk = await openCredentials();
	await desk.press("t");
	await desk.terminal.waitFor(/Log in with linux/);
	await desk.press("enter");
	await desk.terminal.waitFor(/→ Mend it\./);
	expect(open.paramsOf(credentials.check)).toEqual({ target: "192.0.2.7", credential: "linux" });
	await desk.press("esc");
	await desk.terminal.waitFor(/LAST LOGIN/);
	await desk.press("X");
	await desk.terminal.waitFor(/Delete the credential linux\?/);
	expect(open.paramsOf(credentials.remove)).toBeUndefined();
	await open.answer("y");
	await desk.terminal.waitFor(/linux is deleted/);
});

test("a login that ended at a key nobody knows goes on from there: the key is shown, trusted, and the login tried again", async () => {
	const desk = await openCredentials();
	await desk.press("t");
	await desk.terminal.waitFor(/Log in with linux/);
	await desk.press("enter");
	await desk.terminal.waitFor(/→ Mend it\.[\s\S]*K host key/);
	await desk.press("K");
	await desk.terminal.waitFor(/Trust a host by its key[\s\S]*192\.0\.2\.7/);
	await desk.press("enter");
	await desk.terminal.waitFor(/│ SHA256:A{43}/);
	await open.answer("y");
	await desk.terminal.waitFor(/192\.0\.2\.7 is trusted/);
	const tried = () => desk.client.calls.filter(({ name }) => name === credentials.check.name).length;
	await expect.poll(tried, patience).toBe(2);
	await desk.press("R");
	await expect.poll(tried, patience).toBe(3);
});

test("a host's key is shown before it is trusted", async () => {
	const desk = await openCredentials();
	await desk.press("K");
	await desk.terminal.waitFor(/Trust a host by its key/);
	await desk.press("w", "e", "b", "enter");
	await desk.terminal.waitFor(/│ SHA256:A{43}/);
	expect(open.paramsOf(hostkeys.trust)).toBeUndefined();
	await open.answer("y");
	await desk.terminal.waitFor(/web is trusted/);
	expect(open.paramsOf(hostkeys.trust)).toEqual({ host: "web", port: 22, fingerprint: sampleFingerprint });
});
