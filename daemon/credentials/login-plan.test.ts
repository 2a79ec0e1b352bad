/** From what is stored to what a login is handed: real database, real key, real files. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { credentialWords, type NewProof } from "../../protocol/model/credential.ts";
import { AddressSet } from "../../protocol/target/address-set.ts";
import { ingestHost } from "../assess/ingest.ts";
import { sampleHost, sampleKnowledge } from "../assess/testdata/hosts.ts";
import { systemClock } from "../clock.ts";
import { putTag, takeTag } from "../store/asset-tags.ts";
import {
	createCredential,
	deleteCredential,
	findSealed,
	listCredentials,
	renameTarget,
	saveCredential,
} from "../store/credentials.ts";
import { createGroup, deleteGroup, getGroup, saveGroupAddresses } from "../store/groups.ts";
import { addHostKey, forgetHostKeys, listHostKeys } from "../store/host-keys.ts";
import { openStore, type Store } from "../store/store.ts";
import { createTag, deleteTag } from "../store/tags.ts";
import { KeyStore } from "./key-store.ts";
import { type Logins, openLogins } from "./login-plan.ts";
import { sealWith } from "./secrets.ts";
import { sshKeyPair } from "./ssh-key-pair.test-support.ts";
import { takeProofs } from "./take-proofs.ts";

const who = { by: "unix:1000", at: Date.parse("2026-06-01T00:00:00Z") };
let folder: string;
let store: Store;
let keys: KeyStore;
let logins: Logins;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "vedette-logins-"));
	store = openStore(join(folder, "vedette.db"), { clock: systemClock });
	keys = new KeyStore(folder, {});
	logins = openLogins({ db: store.db, keys, env: { SSH_AUTH_SOCK: "/run/agent" } });
});
afterEach(() => {
	store.close();
	rmSync(folder, { recursive: true, force: true });
});

async function add(name: string, words: object, proofs: NewProof[], ownPassword: string | null = null) {
	const taken = await takeProofs(proofs, who.at);
	const seal = sealWith(keys.key(), { proofs: taken.secrets, ownPassword });
	const draft = { name, words: credentialWords.parse({ user: "scan", ...words }), proofs: taken.shown, order: null };
	const made = createCredential(store.db, draft, seal, who);
	logins.forget();
	return made;
}
const password = (text: string): NewProof[] => [{ kind: "password", password: text }];

it("hands over what was stored, also after a restart", async () => {
	await add("wide", { targets: ["127.0.0.0/8"], ports: [22, 2222], tracking: true }, password("pw-wide"));
	const sudo = { method: "sudo", password: "own" };
	const agent: NewProof = { kind: "agent", socket: null };
	await add("narrow", { targets: ["127.0.0.1"], sudo }, [agent, ...password("pw-narrow")], "pw-sudo");
	store.close();
	keys.close();
	store = openStore(join(folder, "vedette.db"), { clock: systemClock });
	logins = openLogins({ db: store.db, keys: new KeyStore(folder, {}), env: { SSH_AUTH_SOCK: "/run/agent" } });
	const [first, second] = logins.findLogins("127.0.0.1", null);
	expect(first).toMatchObject({
		name: "narrow",
		user: "scan",
		ports: [22],
		jump: { kind: "ssh-config" },
		tracking: false,
	});
	expect(first?.proofs()).toEqual([
		{ kind: "agent", socket: "/run/agent" },
		{ kind: "password", password: "pw-narrow" },
	]);
	expect(first?.privilegePassword()).toBe("pw-sudo");
	expect(second).toMatchObject({ name: "wide", ports: [22, 2222], tracking: true });
	expect(second?.privilegePassword()).toBeNull();
	expect(logins.findLogins("10.0.0.1", null)).toEqual([]);
});

it("answers sudo with the login's password where that is what was said", async () => {
	await add("same", { sudo: { method: "su", password: "login" } }, password("pw-same"));
	expect(logins.findLogin("SAME")?.privilegePassword()).toBe("pw-same");
	expect(logins.findLogin("other")).toBeNull();
});

it("reads a key file at each login, and says when it cannot", async () => {
	const path = join(folder, "id");
	const [one, two] = [sshKeyPair(), sshKeyPair()];
	writeFileSync(path, one.private);
	await add("file", {}, [{ kind: "key-file", path }]);
	const plan = logins.findLogin("file");
	expect(plan?.proofs()).toMatchObject([{ kind: "key", privateKey: one.private, name: path }]);
	writeFileSync(path, two.private);
	expect(plan?.proofs()).toMatchObject([{ privateKey: two.private }]);
	rmSync(path);
	expect(() => plan?.proofs()).toThrow(/is not there/);
	writeFileSync(path, "x".repeat(70_000));
	expect(() => plan?.proofs()).toThrow(/too large/);
});

it("opens nothing that was moved, put back or stored under another key", async () => {
	const one = await add("one", {}, password("pw-one"));
	const two = await add("two", {}, password("pw-two"));
	const before = findSealed(store.db, one.id);
	const put = (id: number, sealed: Uint8Array) =>
		void store.db.prepare("UPDATE credential SET sealed = ? WHERE id = ?").run(sealed, id);
	put(two.id, before?.sealed ?? Buffer.alloc(0));
	expect(() => logins.findLogin("two")?.proofs()).toThrow(/do not open/);
	const draft = { name: "one", words: credentialWords.parse({ user: "scan" }), proofs: one.proofs, order: null };
	const seal = sealWith(keys.key(), { proofs: [{ password: "pw-new" }], ownPassword: null });
	saveCredential(store.db, one.id, draft, seal, who);
	expect(logins.findLogin("one")?.proofs()).toEqual([{ kind: "password", password: "pw-new" }]);
	put(one.id, before?.sealed ?? Buffer.alloc(0));
	expect(() => logins.findLogin("one")?.proofs()).toThrow(/do not open/);
});

it("opens nothing while the secrets are locked, but still says what would be used", async () => {
	await add("one", {}, password("pw-one"));
	keys.protect("correct horse");
	const locked = new KeyStore(folder, {});
	const other = openLogins({ db: store.db, keys: locked, env: {} });
	const [plan] = other.findLogins("127.0.0.1", null);
	expect(plan?.name).toBe("one");
	expect(() => plan?.proofs()).toThrow(expect.objectContaining({ code: "forbidden" }));
	locked.unlock("correct horse");
	expect(plan?.proofs()).toEqual([{ kind: "password", password: "pw-one" }]);
});

it("goes by asset groups as they are now, and forgets what is deleted", async () => {
	const words = { comments: "", division: "", function: "", location: "", businessImpact: "none" as const };
	const lists = {
		cvss: { cdp: "none", td: "none", cr: "low", ir: "low", ar: "low" },
		dnsNames: [],
		netbiosNames: [],
	} as const;
	createGroup(store.db, "Web", { ...words, ...lists, dnsNames: [], netbiosNames: [], domains: [], owner: "" }, who.at);
	const set = AddressSet.fromText([["127.0.0.1", "127.0.0.9"]]);
	saveGroupAddresses(store.db, getGroup(store.db, "Web"), set, who.at);
	const made = await add("web", { targets: ["group:Web"] }, password("pw"));
	expect(logins.findLogins("127.0.0.5", null)).toHaveLength(1);
	renameTarget(store.db, "group:web", 'group:"My Web"');
	expect(listCredentials(store.db)[0]).toMatchObject({ ...made, targets: ['group:"My Web"'] });
	renameTarget(store.db, 'group:"My Web"', "group:Web");
	deleteGroup(store.db, getGroup(store.db, "Web"));
	logins.forget();
	expect(logins.findLogins("127.0.0.5", null)).toEqual([]);
	deleteCredential(store.db, made.id);
	expect(listCredentials(store.db)).toEqual([]);
});

it("goes by tags as they are now, the one that fewer carry first, and is used nowhere once an excluded one is gone", async () => {
	for (let n = 1; n <= 3; n++) ingestHost(store, sampleKnowledge, sampleHost(`127.0.0.${n}`, 1, who.at));
	const words = { colour: null, description: "", favourite: false, criticality: null, parent: null };
	const tag = (name: string, rule: { kind: "static" | "network-range"; text: string }) =>
		createTag(store.db, { ...words, name, rule }, who.at);
	const linux = tag("Linux", { kind: "static", text: "" });
	const old = tag("Old", { kind: "static", text: "" });
	const lab = tag("Lab", { kind: "network-range", text: "127.0.9.0/24" });
	putTag(store.db, linux.id, [1, 2, 3], { why: "me", at: who.at });
	putTag(store.db, old.id, [2], { why: "me", at: who.at });
	await add("linux", { targets: ["tag:linux"] }, password("pw"));
	await add("old", { targets: ["tag:Old"] }, password("pw"));
	await add("lab", { targets: ["tag-ranges:Lab"] }, password("pw"));
	await add("rest", { targets: ["all"], excluded: ["tag:Lab"] }, password("pw"));
	const namesAt = (address: string) => logins.findLogins(address, null).map(({ name }) => name);
	expect(namesAt("127.0.0.1")).toEqual(["linux", "rest"]);
	expect(namesAt("127.0.0.2")).toEqual(["old", "linux", "rest"]);
	// What has never been seen carries no tag; what a rule is written with is reached, and spared, all the same.
	expect(namesAt("127.0.9.7")).toEqual(["lab"]);
	expect(namesAt("127.0.8.7")).toEqual(["rest"]);
	takeTag(store.db, linux.id, [1]);
	deleteTag(store.db, lab);
	logins.forget();
	expect(namesAt("127.0.0.1")).toEqual([]);
	expect(namesAt("127.0.0.2")).toEqual(["old", "linux"]);
	expect(namesAt("127.0.9.7")).toEqual([]);
});

it("keeps an order without gaps whatever is moved and removed", async () => {
	for (const name of ["a", "b", "c", "d"]) await add(name, {}, password("pw"));
	const order = () => listCredentials(store.db).map(({ name, order }) => `${order}${name}`);
	const [, , c, d] = listCredentials(store.db);
	if (c === undefined || d === undefined) throw new Error("they were stored");
	const draft = { name: "d", words: credentialWords.parse({ user: "scan" }), proofs: d.proofs, order: 2 };
	saveCredential(store.db, d.id, draft, null, who);
	expect(order()).toEqual(["1a", "2d", "3b", "4c"]);
	deleteCredential(store.db, d.id);
	expect(order()).toEqual(["1a", "2b", "3c"]);
	await expect(add("A", {}, password("pw"))).rejects.toThrow(/already/);
});

it("keeps the outcome of the newest login", async () => {
	const { id } = await add("one", {}, password("pw"));
	const outcome = { at: "2026-06-01T00:00:00.000Z", address: "127.0.0.1", outcome: "passed", text: "x".repeat(5_000) };
	logins.noteOutcome(id, outcome);
	expect(listCredentials(store.db)[0]?.lastOutcome).toEqual({ ...outcome, text: "x".repeat(1_000) });
});

it("trusts a host by one key of each type, until that is forgotten", () => {
	const key = { host: "127.0.0.1", port: 22, type: "ssh-ed25519", key: "AAAA", fingerprint: "SHA256:a" };
	const added = addHostKey(store.db, key, who);
	expect(addHostKey(store.db, key, who)).toEqual(added);
	expect(() => addHostKey(store.db, { ...key, key: "BBBB" }, who)).toThrow(/another ssh-ed25519 key/);
	addHostKey(store.db, { ...key, type: "ssh-rsa", key: "CCCC", fingerprint: "SHA256:c" }, who);
	addHostKey(store.db, { ...key, port: 2222, key: "BBBB" }, who);
	expect(logins.trustedKeys()).toHaveLength(3);
	expect(forgetHostKeys(store.db, { host: "127.0.0.1", port: 22, fingerprint: "SHA256:c" })).toHaveLength(1);
	expect(forgetHostKeys(store.db, { host: "127.0.0.1", port: 22, fingerprint: null })).toHaveLength(1);
	expect(listHostKeys(store.db)).toMatchObject([{ port: 2222 }]);
});
