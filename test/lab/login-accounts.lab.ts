/** Logins to accounts as they are met: with other shells, with much to say, that become root in other ways, or are barred. */
import { readFileSync, rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Proof } from "../../daemon/credentials/proof.ts";
import { parseKnownHosts } from "../../daemon/login/known-hosts.ts";
import { logIn } from "../../daemon/login/log-in.ts";
import type { LoginRequest } from "../../daemon/login/login-request.ts";
import { type LoginServer, loginServer, trackingFolder, userKey } from "./login-servers.ts";
import { Lab } from "./processes.ts";

const lab = new Lab("login-accounts");
const password = "correct horse battery staple";
const rootPassword = "only root knows";
let plain: LoginServer;
let strict: LoginServer;
let key: Proof;

const noise = "echo '  * Documentation: https://help.example.org'; echo 'Last login: yesterday' >&2";

beforeAll(async () => {
	const path = userKey(lab, "plain");
	const authorizedKeys = readFileSync(`${path}.pub`, "utf8");
	key = { kind: "key", name: "plain", privateKey: readFileSync(path, "utf8"), passphrase: null, certificate: null };
	let uid = 61_100;
	const account = (name: string, rest: Record<string, unknown> = {}) => ({ name, uid: uid++, authorizedKeys, ...rest });
	plain = await loginServer(lab, {
		...{
			address: "127.0.80.1",
			port: 22,
			rootPassword,
			doas: "permit nopass vdoas as root\npermit vdoaspaid as root\n",
		},
		sudoers: ['Defaults passprompt="Passwort für %u: ",passprompt_override,badpass_message="Das war nichts."'],
		accounts: [
			account("vbash", { shell: "/bin/bash", files: { ".bashrc": `${noise}\n` } }),
			account("vzsh", { shell: "/usr/bin/zsh", files: { ".zshenv": `${noise}\n` } }),
			account("vtcsh", { shell: "/usr/bin/tcsh", files: { ".tcshrc": 'echo "  * Documentation"\n' } }),
			account("vfish", { shell: "/usr/bin/fish", files: { ".config/fish/config.fish": 'echo "  * Documentation"\n' } }),
			account("vhang", { shell: "/usr/bin/zsh", files: { ".zshenv": "echo begun; sleep 600\n" } }),
			account("vslow", {
				shell: "/usr/bin/zsh",
				files: {
					"bin/dpkg-query": "#!/bin/sh\nsleep 600\n",
					".zshenv": "chmod +x $HOME/bin/dpkg-query; export PATH=$HOME/bin:$PATH\n",
				},
			}),
			account("vloud", { shell: "/usr/bin/zsh", files: { ".zshenv": "yes noise | head -c 52428800\n" } }),
			account("vsu"),
			account("vdoas"),
			account("vdoaspaid"),
			account("vsudo", { password, sudo: "ALL=(root) ALL" }),
		],
	});
	strict = await loginServer(lab, {
		...{ address: "127.0.80.2", port: 22, config: ["UsePAM yes"] },
		accounts: [
			account("vlocked", { password, isLocked: true, authorizedKeys: "" }),
			account("vexpired", { password, age: "20000:0:99999:7::100:" }),
			account("vchange", { password, age: "0:0:99999:7:::" }),
		],
	});
}, 120_000);
afterAll(async () => {
	await lab.end();
	rmSync(trackingFolder, { recursive: true, force: true });
});

interface Options extends Partial<LoginRequest["elevation"]> {
	readonly proofs?: Proof[];
	readonly commandMs?: number;
	readonly server?: LoginServer;
	/** `remove`: nothing is gathered, which is quick. */
	readonly tracking?: LoginRequest["tracking"];
}

function login(user: string, options: Options = {}) {
	const { proofs = [key], commandMs = 120_000, server = plain, tracking = "no", ...elevation } = options;
	const { address, port, knownHost } = server;
	const names = [{ host: address, port }];
	return logIn(
		{
			...{ address, jumps: [], tracking, hopMs: 60_000, commandMs },
			targets: [{ host: address, port, user, proofs, names, known: parseKnownHosts(knownHost) }],
			elevation: { method: "none", user: "root", password: null, singly: false, ...elevation },
		},
		new AbortController().signal,
	);
}

const kinds = ({ gathered }: Awaited<ReturnType<typeof login>>) => gathered.map(({ kind }) => kind);
const byPassword: Proof[] = [{ kind: "password", password }];

describe("an account's shell", () => {
	it.each(["vbash", "vzsh", "vtcsh", "vfish"])("of %s may be another and talk", async (user) => {
		const report = await login(user, user === "vtcsh" ? {} : { tracking: "remove" });
		expect(report).toMatchObject({ failure: null, cut: null, standing: { obtained: false } });
		expect(report.noiseBytes).toBeGreaterThan(10);
		if (user === "vtcsh") expect(kinds(report)).toEqual(expect.arrayContaining(["system", "packages", "accounts"]));
	});

	it("that waits for something is told, in its time", async () => {
		const { failure } = await login("vhang", { commandMs: 3_000 });
		expect(failure).toMatchObject({ stage: "shell", reason: expect.stringContaining("did not begin in time") });
	});

	it("that prints 50 MB is told, and none of that is kept", async () => {
		const { failure, outputBytes } = await login("vloud");
		expect(failure).toMatchObject({ stage: "shell", reason: expect.stringContaining("without end") });
		expect(outputBytes).toBe(0);
	});
});

it("all of a login has its time: what comes after that is lost, and nothing before it", async () => {
	const report = await login("vslow", { commandMs: 8_000 });
	expect(report).toMatchObject({ failure: null, cut: "time", lost: expect.arrayContaining(["packages"]) });
	expect(kinds(report)).toContain("system");
});

describe("root's rights", () => {
	it("by su, with root's password through its standard input", async () => {
		const report = await login("vsu", { method: "su", password: rootPassword });
		expect(report).toMatchObject({ failure: null, cut: null, standing: { method: "su", obtained: true, why: null } });
		expect(JSON.stringify(report.gathered)).toMatch(/"changedAt":\d/);
		expect(JSON.stringify(report)).not.toContain(rootPassword);
	});

	it("by su with a wrong password: one answer, and why", async () => {
		const report = await login("vsu", { method: "su", password: "wrong", tracking: "remove" });
		expect(report.standing).toMatchObject({ method: "su", obtained: false, why: expect.stringMatching(/failure/i) });
	});

	it("by doas, where no password is asked for", async () => {
		const report = await login("vdoas", { method: "doas" });
		expect(report.standing).toMatchObject({ method: "doas", obtained: true });
		expect(JSON.stringify(report.gathered)).toMatch(/"changedAt":\d/);
		const paid = await login("vdoaspaid", { method: "doas", tracking: "remove" });
		expect(paid.standing).toMatchObject({ method: "doas", obtained: false, why: expect.stringMatching(/Auth/) });
	});

	it("by sudo that asks in another language", async () => {
		const right = await login("vsudo", { method: "sudo", password });
		expect(right.standing).toMatchObject({ method: "sudo", obtained: true });
		expect(JSON.stringify(right.gathered)).toMatch(/"changedAt":\d/);
		const wrong = await login("vsudo", { method: "sudo", password: "wrong", tracking: "remove" });
		expect(wrong.standing).toMatchObject({ method: "sudo", obtained: false, why: expect.anything() });
	});
});

it("a host id is written once, read, and removed again; by whom it may", async () => {
	const asRoot = { method: "sudo", password } as const;
	const id = /^[0-9a-f-]{36}$/;
	const [none, denied] = [await login("vsudo", { tracking: "read" }), await login("vsudo", { tracking: "write" })];
	expect(none.tracking).toMatchObject({ id: null, state: "none" });
	expect(denied.tracking).toMatchObject({ id: null, state: "failed", why: expect.stringContaining("denied") });
	const written = await login("vsudo", { ...asRoot, tracking: "write" });
	expect(written.tracking).toMatchObject({ id: expect.stringMatching(id), state: "written" });
	const removed = await login("vsudo", { ...asRoot, tracking: "remove" });
	expect(removed.tracking).toMatchObject({ id: written.tracking?.id, state: "removed" });
	expect((await login("vsudo", { ...asRoot, tracking: "remove" })).tracking).toMatchObject({ state: "none" });
});

describe("an account", () => {
	it("that is locked or has run out is not let in", async () => {
		const locked = await login("vlocked", { server: strict, proofs: byPassword });
		expect(locked.failure).toMatchObject({ stage: "authentication" });
		const expired = await login("vexpired", { server: strict });
		expect(expired.failure).not.toBeNull();
	});

	it("whose password must be changed is told so, also by PAM", async () => {
		for (const proofs of [byPassword, [key]]) {
			const { failure } = await login("vchange", { server: strict, proofs });
			expect(failure).toMatchObject({ stage: "locked", reason: expect.stringMatching(/changed first/) });
		}
	});
});
