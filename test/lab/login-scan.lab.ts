/** Scans that log in to real OpenSSH servers, as a user starts them: what comes home, what is said of each, and what never leaves. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { privilegedOf } from "../../daemon/collect/privileged.ts";
import * as assets from "../../protocol/methods/assets.ts";
import * as credentials from "../../protocol/methods/credentials.ts";
import type { AssetDetail } from "../../protocol/model/asset.ts";
import type { Scan } from "../../protocol/model/scan.ts";
import type { ScanCoverage } from "../../protocol/model/scan-coverage.ts";
import { Household } from "../support/vedette.ts";
import { type LoginServer, type LoginServerOptions, loginServer, userKey } from "./login-servers.ts";
import { Lab } from "./processes.ts";

const lab = new Lab("login-scan");
const household = new Household();
const password = "correct horse battery staple";
const servers = new Map<string, LoginServer>();
const details = new Map<string, AssetDetail>();
let agent: ChildProcess | null = null;
let scan: Scan;

const address = (last: number) => `127.0.79.${last}`;

async function serve(last: number, options: Omit<LoginServerOptions, "address" | "port"> & { port?: number }) {
	const server = await loginServer(lab, { port: 22, ...options, address: address(last) });
	servers.set(address(last), server);
}

beforeAll(async () => {
	const key = userKey(lab, "plain");
	const authorizedKeys = readFileSync(`${key}.pub`, "utf8");
	const account = { name: "vscan", uid: 61_001, authorizedKeys };
	const free = { ...account, sudo: "ALL=(root) NOPASSWD: ALL" };
	await serve(1, { accounts: [account] });
	await serve(2, { port: 2222, accounts: [free] });
	await serve(3, { accounts: [{ name: "vpass", uid: 61_002, password, sudo: "ALL=(root) ALL" }] });
	await serve(4, {
		accounts: [account],
		config: [`ForceCommand sh -c 'echo Welcome; echo "$SSH_ORIGINAL_COMMAND" | wc -c; exec sh -s'`],
	});
	await serve(5, { accounts: [{ name: "vchanged", uid: 61_003, password }] });
	await serve(6, { accounts: [{ ...account, shell: "/usr/sbin/nologin" }] });
	await serve(7, { accounts: [{ name: "vold", uid: 61_003, password, age: "0:0:99999:7:::" }] });
	await serve(8, { accounts: [account], config: ["ForceCommand yes"] });
	await serve(9, { accounts: [free] });
	const commands = privilegedOf()
		.map((one) => one.replace(/[:=,\\]/g, (sign) => `\\${sign}`))
		.join(", ");
	await serve(12, { accounts: [{ ...account, sudo: `ALL=(root) NOPASSWD: ${commands}` }] });
	await serve(10, { accounts: [account] });
	await serve(11, { accounts: [{ name: "vpass", uid: 61_002, password, sudo: "ALL=(root) ALL" }] });
	const known = [...servers].map(([host, { knownHost }]) =>
		host === address(5) ? (servers.get(address(1))?.knownHost ?? "").replace(address(1), host) : knownHost,
	);
	const file = lab.write("known_hosts", `${known.join("\n")}\n`);
	household.env.VEDETTE_SSH_CONFIG = lab.write(
		"ssh_config",
		[
			`Host ${address(9)}`,
			`  ProxyJump vscan@${address(1)}`,
			"Host *",
			`  UserKnownHostsFile ${file}`,
			"  GlobalKnownHostsFile none",
			"",
		].join("\n"),
	);
	const socket = lab.path("agent.sock");
	agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
	for (;;) {
		try {
			execFileSync("ssh-add", ["-q", key], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: "ignore" });
			break;
		} catch {
			if (agent.exitCode !== null) throw new Error("ssh-agent ended");
		}
	}
	const { client } = await household.daemon();
	const privateKey = readFileSync(key, "utf8");
	const byKey = [{ kind: "key" as const, privateKey }];
	const sudo = { method: "sudo" as const };
	const byPassword = [{ kind: "password" as const, password }];
	const store = (name: string, last: number[], rest: Record<string, unknown>) =>
		client.call(credentials.create, { name, targets: last.map(address), ...rest } as never);
	await store("keys", [2, 9], { user: "vscan", proofs: byKey, ports: [22, 2222], sudo });
	await store("least", [12], { user: "vscan", proofs: byKey, sudo, leastPrivilege: true });
	await store("plain", [6, 8], { user: "vscan", proofs: byKey });
	await store("agents", [4], { user: "vscan", proofs: [{ kind: "agent", socket }] });
	await store("paid", [3], { user: "vpass", proofs: byPassword, sudo: { method: "sudo", password: "login" } });
	await store("unpaid", [11], { user: "vpass", proofs: byPassword, sudo });
	await store("changed", [5], { user: "vchanged", proofs: byPassword });
	await store("old", [7], { user: "vold", proofs: byPassword });
	const targets = [...servers.keys()].filter((one) => one !== address(1));
	const report = await household.json<{ scan: Scan }>("scan", ...targets, "--ports", "22,2222");
	scan = report.scan;
	for (const one of targets) details.set(one, await client.call(assets.get, { name: one }));
}, 300_000);
afterAll(async () => {
	agent?.kill();
	await household.end();
	await lab.end();
});

interface Told {
	readonly kind: string;
	readonly data: Record<string, unknown>;
}
const evidence = (last: number, kind: string) =>
	((details.get(address(last))?.records ?? []) as unknown as Told[]).find((one) => one.kind === kind)?.data;

describe("what is said of each login", () => {
	it.each([
		[2, { outcome: "passed", method: "key", port: 2222, privileges: { method: "sudo", obtained: true, why: null } }],
		[3, { outcome: "passed", method: "password", privileges: { method: "sudo", obtained: true, why: null } }],
		[4, { outcome: "passed", method: "agent", privileges: { method: "none", obtained: false, why: null } }],
		[5, { outcome: "failed", stage: "host-key", hostKey: expect.objectContaining({ state: "changed" }) }],
		[6, { outcome: "failed", stage: "shell", reason: expect.stringContaining("not available") }],
		[7, { outcome: "locked", reason: expect.stringContaining("changed first") }],
		[8, { outcome: "failed", stage: "shell", reason: expect.stringContaining("without end") }],
		[9, { outcome: "passed", via: [address(1)], privileges: { method: "sudo", obtained: true, why: null } }],
		[10, { outcome: "not-attempted" }],
		[12, { outcome: "passed", privileges: { method: "sudo", obtained: true, why: null } }],
		[11, { outcome: "insufficient", reason: expect.stringContaining("password is required") }],
	])("127.0.79.%i", (last, expected) => expect(evidence(last, "login")).toMatchObject(expected));

	it("adds up in the coverage statement", async () => {
		const coverage = await household.json<{ coverage: ScanCoverage }>("scans", "show", String(scan.id));
		expect(coverage.coverage.logins).toEqual({ passed: 5, insufficient: 1, failed: 3, locked: 1, notAttempted: 1 });
	});
});

it("brings packages and accounts home, with what only root may read", () => {
	for (const last of [2, 3, 9, 12]) {
		expect(evidence(last, "packages")).toMatchObject({ manager: "dpkg" });
		expect(JSON.stringify(evidence(last, "accounts"))).toMatch(/"changedAt":\d/);
	}
	expect(evidence(4, "system")).toMatchObject({ os: expect.objectContaining({ id: "debian" }) });
	expect(JSON.stringify(evidence(11, "accounts"))).not.toMatch(/"changedAt":\d/);
});

it("sends nothing to a host whose key has changed", () => {
	expect(servers.get(address(5))?.log()).not.toContain("vchanged");
});

it("leaves no secret in the database, the log or the hosts' logs", () => {
	const key = readFileSync(lab.path("keys", "plain"), "utf8").split("\n")[2] ?? "";
	const secrets = [password, key];
	const files = execFileSync("find", [household.home, "-type", "f"], { encoding: "utf8" }).trim().split("\n");
	for (const file of [...files, ...[...servers.keys()].map((one) => lab.path(`login-${one}-22`, "log"))]) {
		let text = "";
		try {
			text = readFileSync(file, "latin1");
		} catch {
			continue;
		}
		for (const secret of secrets) expect(text.includes(secret), file).toBe(false);
	}
});

describe("doctor HOST", () => {
	interface Report {
		readonly checks: { readonly id: string; readonly state: string; readonly found: string }[];
		readonly dropIn: { readonly file: string; readonly text: string };
	}
	const doctor = (last: number) => household.json<Report>("doctor", address(last));

	it("goes the way of a scan, with the lines for sudoers", async () => {
		const { checks, dropIn } = await doctor(9);
		expect(checks.map(({ id, state }) => `${id} ${state}`)).toEqual(
			expect.arrayContaining(["hop-0 ok", "hop-1 ok", "privileges ok", "collect-packages ok"]),
		);
		const file = lab.write("drop-in", dropIn.text, 0o440);
		expect(execFileSync("visudo", ["-cf", file], { encoding: "utf8" })).toContain("parsed OK");
	});

	it("goes through no jump host that is excluded", async () => {
		const { stdout, stderr } = await household.run(["exclude", "add", address(1), "--comment", "a test"]);
		expect(stdout + stderr).toContain(address(1));
		const { checks } = JSON.parse((await household.run(["doctor", address(9), "--json"])).stdout) as Report;
		expect(checks.at(-1)).toMatchObject({
			id: "settings",
			state: "failed",
			found: expect.stringContaining("excluded"),
		});
	});

	it("names the step that fails", async () => {
		const { checks } = JSON.parse((await household.run(["doctor", address(5), "--json"])).stdout) as Report;
		expect(checks.at(-1)).toMatchObject({
			id: "host-key",
			state: "failed",
			found: expect.stringContaining("has changed"),
		});
	});
});

it("keeps the identifiers a login sees", () => {
	const file = execFileSync("find", [household.home, "-name", "*.db"], { encoding: "utf8" }).trim().split("\n");
	const kinds = file.flatMap((path) => {
		try {
			return new DatabaseSync(path, { readOnly: true })
				.prepare("SELECT DISTINCT kind FROM identifier")
				.all()
				.map((row) => row.kind);
		} catch {
			return [];
		}
	});
	expect(kinds).toContain("ssh-host-key");
});
