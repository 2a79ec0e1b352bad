/** Logging in to real OpenSSH servers: with keys, passwords and agents, over jump hosts, and all that must not be let through. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collectors } from "../../daemon/collect/index.ts";
import { readScriptOutput, scriptOf } from "../../daemon/collect/script.ts";
import type { Proof } from "../../daemon/credentials/proof.ts";
import { judgeHostKey, knownTypes, parseKnownHosts } from "../../daemon/login/known-hosts.ts";
import { type Hop, openSession, type Session } from "../../daemon/login/session.ts";
import { type LoginServer, loginServer, userKey } from "./login-servers.ts";
import { Lab } from "./processes.ts";

const lab = new Lab("login");
const password = "correct horse battery staple";
const signal = new AbortController().signal;
let target: LoginServer;
let jump: LoginServer;
let certified: LoginServer;
let authority: string;
let key: string;
let locked: string;
let agent: ChildProcess | null = null;
let agentSocket = "";
let knownHosts: string;

beforeAll(async () => {
	key = userKey(lab, "plain");
	locked = userKey(lab, "locked", { passphrase: "open sesame" });
	const authorizedKeys = ["plain", "locked"]
		.map((name) => readFileSync(lab.path("keys", `${name}.pub`), "utf8"))
		.join("");
	const scan = { name: "vscan", uid: 61_001, authorizedKeys };
	target = await loginServer(lab, {
		...{ address: "127.0.78.2", port: 2222 },
		accounts: [
			{ ...scan, sudo: "ALL=(root) NOPASSWD: ALL" },
			{ name: "vpass", uid: 61_002, password, sudo: "ALL=(root) ALL" },
			{ name: "vold", uid: 61_003, password, age: "0:0:99999:7:::" },
			{ name: "vnoshell", uid: 61_004, authorizedKeys, shell: "/usr/sbin/nologin" },
		],
	});
	jump = await loginServer(lab, { address: "127.0.78.1", port: 22, accounts: [scan] });
	authority = userKey(lab, "authority");
	certified = await loginServer(lab, {
		...{ address: "127.0.78.3", port: 2222 },
		accounts: [{ name: "vcert", uid: 61_005 }],
		config: [`TrustedUserCAKeys ${authority}.pub`],
	});
	knownHosts = [target.knownHost, jump.knownHost, certified.knownHost].join("\n");
	agentSocket = lab.path("agent.sock");
	agent = spawn("ssh-agent", ["-D", "-a", agentSocket], { stdio: "ignore" });
	for (;;) {
		try {
			execFileSync("ssh-add", ["-q", key], { env: { ...process.env, SSH_AUTH_SOCK: agentSocket }, stdio: "ignore" });
			break;
		} catch {
			if (agent.exitCode !== null) throw new Error("ssh-agent ended");
		}
	}
});
afterAll(async () => {
	agent?.kill();
	await lab.end();
});

const plainKey = (): Proof => ({
	kind: "key",
	name: "plain",
	privateKey: readFileSync(key, "utf8"),
	passphrase: null,
	certificate: null,
});

function hop(server: LoginServer, user: string, proofs: Proof[], known: string = knownHosts): Hop {
	const { address: host, port } = server;
	const entries = parseKnownHosts(known);
	return {
		...{ host, port, user, proofs, knownTypes: knownTypes(entries, host, port) },
		judge: (shown) => judgeHostKey(entries, host, port, shown),
	};
}

async function inSession<T>(hops: Hop[], work: (session: Session) => Promise<T>): Promise<T> {
	const session = await openSession(hops, { signal, timeoutMs: 20_000 });
	try {
		return await work(session);
	} finally {
		session.close();
	}
}

const run = (session: Session, command: string, stdin = "") =>
	session.run(command, { stdin, signal, timeoutMs: 30_000, mostBytes: 1 << 20 });
/** As the authority signs it: for one user, for a time. */
function certificateOf(path: string, user: string, until: string): string {
	execFileSync("ssh-keygen", ["-q", "-s", authority, "-I", user, "-n", user, "-V", `-1h:${until}`, `${path}.pub`]);
	return readFileSync(`${path}-cert.pub`, "utf8");
}
const whoami = (hops: Hop[]) =>
	inSession(hops, async (session) => (await run(session, "id -un")).stdout.toString().trim());

describe("lets in by", () => {
	it("a key", async () => expect(await whoami([hop(target, "vscan", [plainKey()])])).toBe("vscan"));
	it("a key with its passphrase", async () => {
		const proof: Proof = {
			kind: "key",
			name: "locked",
			privateKey: readFileSync(locked, "utf8"),
			...{ passphrase: "open sesame", certificate: null },
		};
		expect(await whoami([hop(target, "vscan", [proof])])).toBe("vscan");
	});
	it("an agent", async () => {
		expect(await whoami([hop(target, "vscan", [{ kind: "agent", socket: agentSocket }])])).toBe("vscan");
	});
	it("a password, after the keys that do not fit", async () => {
		expect(await whoami([hop(target, "vpass", [{ kind: "password", password }, plainKey()])])).toBe("vpass");
	});
	it.each([
		["ed25519", "", ""],
		["rsa", "", ""],
		["ecdsa", "", ""],
		["ecdsa", "521", "open sesame"],
	])("a certificate for a key of type %s %s", async (type, bits, passphrase) => {
		const name = `certified-${type}${bits}`;
		const path = userKey(lab, name, { type, passphrase, bits });
		const signed = certificateOf(path, "vcert", "+5m");
		const privateKey = readFileSync(path, "utf8");
		const proof: Proof = { kind: "key", name, privateKey, passphrase, certificate: signed };
		expect(await whoami([hop(certified, "vcert", [proof])])).toBe("vcert");
		expect(certified.log()).toMatch(/Accepted certificate ID "vcert"/);
	});
	it("a jump host, whose key and whose target's key are proved", async () => {
		const passed: string[] = [];
		const hops = [hop(jump, "vscan", [plainKey()]), hop(target, "vscan", [plainKey()])];
		const session = await openSession(hops, {
			signal,
			timeoutMs: 20_000,
			onPassed: (at, { proof }) => passed.push(`${at} ${proof}`),
		});
		expect((await run(session, "echo $SSH_CONNECTION")).stdout.toString()).toMatch(/^127\.0\.78\.2|^127\.0\.0\.1/);
		session.close();
		expect(passed).toEqual(["0 key", "1 key"]);
		expect(session.keys).toHaveLength(2);
	});
});

describe("does not log in", () => {
	const refusal = (hops: Hop[]) =>
		whoami(hops).then(
			() => null,
			(err: unknown) => err,
		);

	it("with a wrong password, and says what was tried", async () => {
		expect(await refusal([hop(target, "vpass", [{ kind: "password", password: "wrong" }])])).toMatchObject({
			...{ stage: "authentication", hop: 0, message: expect.stringContaining("tried: password") },
		});
	});

	it("with a certificate that has expired or is another user's, and says so", async () => {
		const path = userKey(lab, "expired");
		const proof = (certificate: string): Proof => ({
			...{ kind: "key", name: "expired", privateKey: readFileSync(path, "utf8"), passphrase: null, certificate },
		});
		expect(await refusal([hop(certified, "vcert", [proof(certificateOf(path, "vcert", "-1m"))])])).toMatchObject({
			...{ stage: "authentication", message: expect.stringContaining("has expired") },
		});
		expect(await refusal([hop(certified, "vcert", [proof(certificateOf(path, "other", "+5m"))])])).toMatchObject({
			...{ stage: "authentication", message: expect.stringContaining("did not let vcert in") },
		});
	});

	/** Nothing of this user has reached the target, also not after somebody else has logged in there. */
	async function nothingOf(user: string): Promise<void> {
		await whoami([hop(target, "vscan", [plainKey()])]);
		expect(target.log()).toContain("Accepted publickey for vscan");
		expect(target.log()).not.toContain(user);
	}

	it.each([
		["an unknown key", "ana", () => "", /is not known: ssh-ed25519 SHA256:/],
		["a changed key", "bob", () => jump.knownHost.replace("127.0.78.1", "[127.0.78.2]:2222"), /has changed/],
		["a revoked key", "eve", () => `@revoked ${target.knownHost}\n${target.knownHost}`, /revoked/],
	])("to a host with %s: nothing secret is sent", async (_, user, known, why) => {
		const failure = await refusal([hop(target, user, [{ kind: "password", password }], known())]);
		expect(failure).toMatchObject({ stage: "host-key", hop: 0, message: expect.stringMatching(why) });
		await nothingOf(user);
	});

	it("to a host with an unknown key behind a jump host", async () => {
		const hops = [
			hop(jump, "vscan", [plainKey()]),
			hop(target, "zoe", [{ kind: "password", password }], jump.knownHost),
		];
		expect(await refusal(hops)).toMatchObject({ stage: "host-key", hop: 1 });
		await nothingOf("zoe");
	});

	it("where nothing listens, here and behind a jump host", async () => {
		const nowhere = { ...target, port: 2223 };
		expect(await refusal([hop(nowhere, "vscan", [plainKey()])])).toMatchObject({
			stage: "connect",
			message: expect.stringContaining("nothing listens"),
		});
		expect(await refusal([hop(jump, "vscan", [plainKey()]), hop(nowhere, "vscan", [plainKey()])])).toMatchObject({
			stage: "connect",
			hop: 1,
		});
	});

	it("when it is ended", async () => {
		const ended = AbortSignal.abort();
		await expect(
			openSession([hop(target, "vscan", [plainKey()])], { signal: ended, timeoutMs: 20_000 }),
		).rejects.toMatchObject({ stage: "connect" });
	});
});

describe("a command", () => {
	it("gives its output, its errors and its code", async () => {
		const outcome = await inSession([hop(target, "vscan", [plainKey()])], (session) =>
			run(session, "cat; echo no >&2; exit 3", "hello"),
		);
		expect([outcome.stdout.toString(), outcome.stderr.toString(), outcome.code, outcome.cut]).toEqual([
			"hello",
			"no\n",
			3,
			null,
		]);
	});

	it("ends at its size and at its time", async () => {
		await inSession([hop(target, "vscan", [plainKey()])], async (session) => {
			const large = await session.run("yes", { signal, timeoutMs: 30_000, mostBytes: 50_000 });
			expect([large.cut, large.stdout.length]).toEqual(["size", 50_000]);
			const long = await session.run("echo begun; sleep 600", { signal, timeoutMs: 1_000, mostBytes: 100 });
			expect([long.cut, long.stdout.toString()]).toEqual(["time", "begun\n"]);
			expect((await run(session, "echo still here")).stdout.toString()).toBe("still here\n");
		});
	});

	it("is told as cut when the host goes away", async () => {
		await inSession([hop(target, "vscan", [plainKey()])], async (session) => {
			const outcome = await run(session, "kill -9 $PPID; sleep 600");
			expect(outcome).toMatchObject({ code: null, cut: "connection" });
		});
	});

	it("by an account without a shell says so with its code", async () => {
		const outcome = await inSession([hop(target, "vnoshell", [plainKey()])], (session) => run(session, "echo x"));
		expect([outcome.code, outcome.stdout.toString()]).toEqual([1, expect.stringContaining("not available")]);
	});
});

it("collects everything in one round trip, as root through sudo", async () => {
	const nonce = randomBytes(16).toString("hex");
	const script = scriptOf(collectors, { asRoot: "sudo -n", nonce });
	const outcome = await inSession([hop(target, "vscan", [plainKey()])], (session) =>
		session.run("sh -s", { stdin: script, signal, timeoutMs: 60_000, mostBytes: 64 << 20 }),
	);
	const { sections, finished } = readScriptOutput(outcome.stdout.toString("utf8"), collectors, nonce);
	expect(finished).toBe(true);
	const read = new Map(
		collectors.map((one) => [one.kind, one.parse(sections.get(one.kind) ?? { text: "", cut: true })]),
	);
	expect(read.get("packages")).toMatchObject({ complete: true, data: { manager: "dpkg" } });
	// It sees the accounts of its own, shadow(5) included: so root was reached.
	expect(read.get("accounts")).toMatchObject({
		complete: true,
		data: {
			users: expect.arrayContaining([
				expect.objectContaining({ name: "vpass", password: expect.objectContaining({ state: "set", hash: "sha512" }) }),
			]),
		},
	});
});
