/** Credentials as a person stores them: from a hidden prompt or a pipe, and never to be seen again, whatever happens. */
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KeyStore } from "../../daemon/credentials/key-store.ts";
import { openLogins } from "../../daemon/credentials/login-plan.ts";
import { sshKeyPair } from "../../daemon/credentials/ssh-key-pair.test-support.ts";
import { openStore } from "../../daemon/store/store.ts";
import * as credentials from "../../protocol/methods/credentials.ts";
import type { Credential, CredentialMatches, SecretsState } from "../../protocol/model/credential.ts";
import { openPty, shows } from "../support/pty.ts";
import { ptyTest } from "../support/pty-test.ts";
import { ended, Household, type Outcome, program } from "../support/vedette.ts";
import "../support/patience.ts";

const households: Household[] = [];
const newHousehold = () => {
	const household = new Household();
	households.push(household);
	return household;
};
const household = newHousehold();
afterAll(async () => {
	for (const one of households) await one.end();
	for (const path of [plainPath, lockedPath]) rmSync(path, { force: true });
});

/** Each unmistakable, so that finding any of them anywhere is a leak. */
const secret = {
	password: "Zq7-pw-Tangerine-4411",
	changed: "Zq7-pw-Vermilion-5522",
	sudo: "Zq7-sudo-Cerulean-6633",
	keyPhrase: "Zq7-phrase-Magenta-7744",
	refused: "Zq7-refused-Ochre-8855",
	protecting: "Zq7-protect-Indigo-9966",
	wrong: "Zq7-wrong-Sepia-1177",
};
const options = { passphrase: secret.keyPhrase, cipher: "aes256-ctr", rounds: 1 } as const;
const [plainKey, lockedKey] = [sshKeyPair("ed25519"), sshKeyPair("ed25519", options)];
let plainPath: string;
let lockedPath: string;

beforeAll(() => {
	// Beside the home, not in it: the home is what is searched.
	plainPath = `${household.home}.plain`;
	lockedPath = `${household.home}.locked`;
	writeFileSync(plainPath, plainKey.private, { mode: 0o600 });
	writeFileSync(lockedPath, lockedKey.private, { mode: 0o600 });
});

const said: string[] = [];
async function run(args: string[], input = ""): Promise<Outcome> {
	const outcome = await household.run(args, { input });
	said.push(`${args.join(" ")}\n${outcome.stdout}\n${outcome.stderr}`);
	return outcome;
}

/** What must be nowhere: the secrets, as they are and as base64, and the body of each private key. */
function needles(): string[] {
	const texts = Object.values(secret);
	const bodies = [plainKey, lockedKey].flatMap((key) => key.private.trim().split("\n").slice(1, -1));
	return [
		...texts,
		// Of the three ways a text can lie in base64 the middle is the same length; the first is told by its beginning.
		...texts.map((text) => Buffer.from(text).toString("base64").slice(0, 20)),
		...texts.map((text) => Buffer.from(text).toString("hex")),
		// The first line of a key without a passphrase is the format's, the same in every key.
		...bodies.filter((line) => line.length > 40 && !line.startsWith("b3BlbnNzaC1rZXktdjE")),
	];
}

function filesUnder(folder: string): string[] {
	return readdirSync(folder, { recursive: true, encoding: "utf8" })
		.map((name) => join(folder, name))
		.filter((path) => statSync(path).isFile());
}

test("nothing secret is in any file, output or answer, whatever was done with it", async () => {
	const pipe = (...lines: string[]) => `${lines.join("\n")}\n`;
	const add = ["credential", "add"];
	const results = [
		await run(
			[...add, "one", "--user", "needle-user", "--password-stdin", "--sudo", "sudo", "--sudo-password-stdin"],
			pipe(secret.password, secret.sudo),
		),
		await run([...add, "two", "--user", "scan", "--key", lockedPath, "--passphrase-stdin"], pipe(secret.keyPhrase)),
		await run([...add, "three", "--user", "scan", "--key", "-", "--target", "127.0.0.1"], plainKey.private),
		await run(
			[...add, "four", "--user", "scan", "--key-path", lockedPath, "--passphrase-stdin"],
			pipe(secret.keyPhrase),
		),
		await run(["credential", "edit", "one", "--password-stdin"], pipe(secret.changed)),
		await run(["credential", "protect", "--passphrase-stdin"], pipe(secret.protecting)),
	];
	expect(results.map(({ code, stderr }) => `${code} ${stderr}`)).toEqual(results.map(() => "0 "));
	// What is refused leaks as little as what is taken.
	const refused = [
		await run([...add, "ONE", "--user", "scan", "--password-stdin"], pipe(secret.refused)),
		await run([...add, "bad", "--user", "scan", "--key", lockedPath, "--passphrase-stdin"], pipe(secret.wrong)),
		await run([...add, "bad", "--user", "-x", "--password-stdin"], pipe(secret.refused)),
		await run([...add, "bad", "--user", "scan", "--password-stdin", "--target", "10.0.0.0/99"], pipe(secret.refused)),
		await run(["call", "credentials.create", "-"], JSON.stringify({ name: 7, proofs: [{ password: secret.refused }] })),
		await run(["call", "credentials.unlock", "-"], JSON.stringify({ passphrase: [secret.refused] })),
	];
	expect(refused.map(({ code }) => code).filter((code) => code === 0)).toEqual([]);
	await run(["daemon", "stop"]);
	await household.settled();
	const locked = await run(["credential", "unlock", "--passphrase-stdin"], pipe(secret.wrong));
	expect(locked.stderr).toContain("That is not the passphrase");
	expect((await run([...add, "five", "--user", "scan", "--password-stdin"], pipe(secret.refused))).stderr).toContain(
		"locked",
	);
	expect((await run(["credential", "unlock", "--passphrase-stdin"], pipe(secret.protecting))).code).toBe(0);
	for (const words of [
		["credential", "list", "--json"],
		["credential", "show", "one", "--json"],
		["credential", "show", "two"],
		["credential", "match", "127.0.0.1", "--json"],
		["audit", "list", "--json"],
		["doctor", "--json"],
		["call", "rpc.discover"],
		["call", "credentials.list"],
	])
		expect((await run(words)).code, words.join(" ")).not.toBe(2);
	// kill -9: what the daemon leaves behind is searched as it lies there.
	const { pid } = await household.json<{ pid: number }>("status");
	process.kill(pid, "SIGKILL");
	await household.settled();
	const files = filesUnder(household.home).map((path) => [path, readFileSync(path).toString("latin1")] as const);
	const places = [...files, ...said.map((text) => [text.split("\n")[0] ?? "", text] as const)];
	expect(places.filter(([, text]) => text.includes("needle-user")).length, "the search finds things").toBeGreaterThan(
		3,
	);
	const leaks = needles().flatMap((needle) => places.filter(([, text]) => text.includes(needle)).map(([path]) => path));
	expect(leaks).toEqual([]);
});

test("what was stored is there, in order, with the reason it would be used", async () => {
	await run(["credential", "unlock", "--passphrase-stdin"], `${secret.protecting}\n`);
	const { items, secrets } = await household.json<{ items: Credential[]; secrets: SecretsState }>("credential", "list");
	expect(items.map(({ name, order }) => `${order} ${name}`)).toEqual(["1 one", "2 two", "3 three", "4 four"]);
	expect(secrets).toEqual({ keptBy: "passphrase", locked: false });
	const found = await household.json<{ items: CredentialMatches[] }>("credential", "match", "127.0.0.1");
	expect(found.items[0]?.used.map(({ name, why }) => `${name}: ${why}`)).toEqual([
		"three: It is for 127.0.0.1 (one address); its order is 3.",
		"one: It is for all hosts; its order is 1.",
		"two: It is for all hosts; its order is 2.",
		"four: It is for all hosts; its order is 4.",
	]);
	const keys = new KeyStore(household.home, {});
	keys.unlock(secret.protecting);
	const store = openStore(join(household.home, "vedette.db"), { clock: { now: () => 0 } });
	try {
		const logins = openLogins({ db: store.db, keys, env: {} });
		expect(logins.findLogin("one")?.proofs()).toEqual([{ kind: "password", password: secret.changed }]);
		expect(logins.findLogin("one")?.privilegePassword()).toBe(secret.sudo);
		expect(logins.findLogin("four")?.proofs()).toMatchObject([{ passphrase: secret.keyPhrase }]);
	} finally {
		store.close();
	}
});

test.each([
	[["--user", "scan"], "nothing to log in with"],
	[["--user", "scan", "--key", "/nowhere/key"], "there is none"],
	[["--user", "scan", "--password-stdin", "--passphrase-stdin"], "needs its key"],
	[["--user", "scan", "--password"], "no terminal"],
	[
		["--user", "scan", "--agent", "--sudo", "sudo", "--sudo-password", "login"],
		"the login's password, and there is none",
	],
	[["--user", "scan", "--agent", "--target", "group:Nope"], 'no asset group "Nope"'],
	[["--user", "scan", "--agent", "--ports", "0"], "is no port"],
	[["--user", "scan", "--agent", "--jump", "a b"], "no host name"],
	[["--user", "scan", "--password", "hunter2"], "Too many arguments"],
	[["--key", "x"], "equired option '--user"],
])("vedette credential add bad %j is told why not", async (words, sentence) => {
	const outcome = await run(["credential", "add", "bad", ...words], "secret\nmore\n");
	expect(outcome.stderr).toContain(sentence);
	expect(outcome.stderr).not.toContain("hunter2");
	expect(outcome.code).toBe(2);
});

test("secrets are never arguments, of no method either", async () => {
	for (const words of [
		["call", "credentials.unlock", '{"passphrase":"hunter2"}'],
		["credential", "edit", "one", "--password", "hunter2"],
		["credential", "unlock", "hunter2"],
		["credential", "protect", "hunter2"],
	]) {
		const outcome = await run(words);
		expect(outcome.stderr).toContain("never arguments");
		expect(outcome.stderr).not.toContain("hunter2");
		expect(outcome.code).toBe(2);
	}
});

ptyTest("a password typed at the prompt is not shown, and Ctrl-C stores nothing", async () => {
	const own = newHousehold();
	const open = async (...args: string[]) => {
		const screen = await openPty([process.execPath, program, "credential", ...args], {
			...{ columns: 100, rows: 30, env: own.env },
		});
		return screen;
	};
	const typed = "Zq7-typed-Crimson-2288";
	const add = await open("add", "typed", "--user", "scan", "--password");
	await add.until(shows("Password of scan:"), "the prompt");
	add.type(`${typed}\r`);
	const after = await add.until(shows("Stored typed"), "the answer");
	expect(after.join("\n")).not.toContain("Zq7");
	expect(after.join("\n")).not.toContain("*");
	await add.endsWith(0);

	// A key that turns out to be encrypted is asked about.
	const key = await open("add", "key", "--user", "scan", "--key", lockedPath);
	await key.until(shows("Passphrase of the key:"), "the question");
	key.type(`${secret.keyPhrase}\r`);
	expect((await key.until(shows("Stored key"), "the answer")).join("\n")).not.toContain("Zq7");

	const stopped = await open("add", "stopped", "--user", "scan", "--password");
	await stopped.until(shows("Password of scan:"), "the prompt");
	stopped.type("Zq7-half\u0003");
	expect((await stopped.until(shows("Nothing was changed"), "the end")).join("\n")).not.toContain("Zq7");
	expect(await stopped.ended).not.toBe(0);

	const protect = await open("protect");
	await protect.until(shows("New passphrase"), "the prompt");
	protect.type("Zq7-one-thing\r");
	await protect.until(shows("Once more"), "the second prompt");
	protect.type("Zq7-another-thing\r");
	expect((await protect.until(shows("not the same"), "the refusal")).join("\n")).not.toContain("Zq7");

	const { items } = await own.json<{ items: Credential[] }>("credential", "list");
	expect(items.map(({ name }) => name)).toEqual(["typed", "key"]);
});

test("kill -9 while credentials are saved: what was acknowledged opens, and what is there opens", async () => {
	const own = newHousehold();
	const acknowledged = new Set<string>();
	for (let round = 0; round < 6; round++) {
		const { child, client } = await own.daemon();
		const proofs = (name: string) => [{ kind: "password" as const, password: `pw of ${name}` }];
		const enough = Promise.withResolvers<void>();
		const calls = Array.from({ length: 30 }, async (_, i) => {
			const name = `r${round}-${i}`;
			await client.call(credentials.create, { name, user: "scan", proofs: proofs(name) });
			acknowledged.add(name);
			if (i >= round * 4) enough.resolve();
		});
		// In the first round before anything was answered: the key itself is being made then.
		if (round > 0) await enough.promise;
		const over = Promise.allSettled(calls);
		await ended(child, "SIGKILL");
		await over;
		await own.settled();
		const store = openStore(join(own.home, "vedette.db"), { clock: { now: () => 0 } });
		try {
			const logins = openLogins({ db: store.db, keys: new KeyStore(own.home, {}), env: {} });
			const plans = logins.findLogins("127.0.0.1", null);
			for (const plan of plans) expect(plan.proofs()).toEqual(proofs(plan.name));
			const there = new Set(plans.map(({ name }) => name));
			expect([...acknowledged].filter((name) => !there.has(name))).toEqual([]);
		} finally {
			store.close();
		}
	}
	expect(acknowledged.size).toBeGreaterThan(5);
});
