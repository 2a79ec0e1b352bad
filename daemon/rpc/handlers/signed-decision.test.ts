/** A request that is decided with a signature of the operator's own SSH key. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkSignedEntry } from "../../../protocol/audit/signed.ts";
import {
	type Decision,
	decisionText,
	type ExceptionVerdict,
	exceptionDecision,
	listedDecisions,
} from "../../../protocol/decision.ts";
import type { AuditEntry } from "../../../protocol/model/audit.ts";
import type { Exception } from "../../../protocol/model/exception.ts";
import { parsePublicKeyLine } from "../../../protocol/ssh/public-key.ts";
import { ingestHost } from "../../assess/ingest.ts";
import { memoryStore, redisRecord, sampleHost, sampleKnowledge } from "../../assess/testdata/hosts.ts";
import { bulkOf } from "../../bulk/desk.test-support.ts";
import { ExceptionKeeper } from "../../exception-keeper.ts";
import { Hub } from "../../hub.ts";
import { InstallationKey } from "../../operators/installation-key.ts";
import { People } from "../../operators/people.ts";
import { listAudit, readHead, verifyAudit } from "../../store/audit.ts";
import { openSettings, type Settings } from "../../store/settings.ts";
import { addKey } from "../../store/settings-operators.ts";
import { openAuditTrail } from "../audit-trail.ts";
import type { CallContext } from "../handler.ts";
import type { Services } from "../services.ts";
import { exceptionsHandlers } from "./exceptions.ts";

const log = pino({ level: "silent" });
const at = Date.UTC(2026, 2, 1);
let folder: string;
let settings: Settings;
let daemon: Awaited<ReturnType<typeof open>>;

async function open() {
	const store = memoryStore(at);
	const hub = new Hub();
	const installation = new InstallationKey(join(folder, "installation.key"), () => readHead(store.db));
	const audit = openAuditTrail(store, log, installation);
	const keeper = new ExceptionKeeper({ store, hub, audit, log });
	const handlers = exceptionsHandlers(
		{
			store,
			people: new People(store.db),
			bulk: bulkOf(store),
			hub,
			audit,
			settings,
			installation,
		} as unknown as Services,
		keeper,
	);
	ingestHost(store, sampleKnowledge, {
		...sampleHost("127.0.0.1", 1, at),
		records: [redisRecord("127.0.0.1", at, true)],
	});
	return { store, installation, keeper, handlers };
}

beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), "vedette-signed-"));
	settings = await openSettings(join(folder, "settings.json"), { log });
	execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, "ben")]);
	daemon = await open();
});
afterEach(async () => {
	await daemon.keeper.close();
	daemon.store.close();
	await settings.close();
	rmSync(folder, { recursive: true });
});

const as = (user: string): CallContext => ({
	...{
		user,
		uid: Number(user.slice("unix:".length)),
		access: "approve",
		client: "test 1",
		signal: new AbortController().signal,
		log,
	},
});
const [ana, ben] = [as("unix:1001"), as("unix:1002")];

async function request(): Promise<Exception> {
	const scope = { kind: "query" as const, query: "", qids: [], live: false };
	const { digest, refusal } = await daemon.handlers.preview({ scopes: [scope] }, ana);
	expect(refusal).toBeNull();
	const wish = { kind: "false-positive" as const, reason: "tried by hand", days: 90, scopes: [scope], digest };
	return (await daemon.handlers.request(wish, ana)).requests[0] as Exception;
}

function sign(one: Exception, said: Partial<ExceptionVerdict> = {}, evidence: { sha256: string }[] = []): string {
	const installation = daemon.installation.fingerprint;
	const verdict = { decision: "approve" as const, note: "seen", by: ben.user, installation, ...said };
	return signed(exceptionDecision(one, evidence, verdict));
}

function signed(decision: Decision): string {
	const input = decisionText(decision);
	const args = ["-q", "-Y", "sign", "-n", "vedette", "-f", join(folder, "ben")];
	return execFileSync("ssh-keygen", args, { input, encoding: "utf8", stdio: ["pipe", "pipe", "ignore"] });
}

async function trustBen(): Promise<void> {
	const key = parsePublicKeyLine(readFileSync(join(folder, "ben.pub"), "utf8"));
	if (key === null) throw new Error("the key was not read");
	const said = { operator: ben.user, name: "ben", at: new Date(at).toISOString(), by: "unix:0" };
	await settings.update((data) => addKey(data, { ...key, ...said }));
}

test("a signed approval is checked, and the log keeps what proves it", async () => {
	await trustBen();
	const one = await request();
	const signature = sign(one);
	await daemon.handlers.decide({ id: one.id, decision: "approve", note: "seen", signature }, ben);
	const all = { where: null, sort: null, limit: 10, cursor: null };
	const [newest] = listAudit(daemon.store.db, all).items;
	const { signed } = (newest?.after ?? {}) as { signed: { key: string; text: string; signature: string } };
	expect(newest).toMatchObject({ action: "exception.approve", who: ben.user });
	expect(signed.signature).toBe(signature);
	expect(JSON.parse(signed.text)).toMatchObject({ by: ben.user, object: `request ${one.id}`, reason: "seen" });
	expect(await verifyAudit(daemon.store.db, daemon.installation)).toMatchObject({ intact: true, signed: "good" });
});

test.each<[string, Partial<ExceptionVerdict>, RegExp]>([
	["the other decision", { decision: "reject" }, /not over this decision/],
	["another note", { note: "never looked" }, /not over this decision/],
	["fewer days", { days: 7 }, /not over this decision/],
	["somebody else's name", { by: "unix:1001" }, /not over this decision/],
	["another daemon", { installation: "SHA256:other" }, /not over this decision/],
])("a signature over %s decides nothing", async (_, said, words) => {
	await trustBen();
	const one = await request();
	const decide = () =>
		daemon.handlers.decide({ id: one.id, decision: "approve", note: "seen", signature: sign(one, said) }, ben);
	await expect(async () => decide()).rejects.toThrow(words);
	expect((await daemon.handlers.get({ id: one.id }, ben)).exception.state).toBe("requested");
});

test("a signature is over the evidence too: what is attached after it was made was never seen", async () => {
	await trustBen();
	const one = await request();
	const attach = (text: string) => {
		const content = Buffer.from(text);
		const piece = { id: one.id, name: "log.txt", bytes: content.length, content: content.toString("base64") };
		return daemon.handlers.attach({ ...piece, last: true }, ana);
	};
	const shown = async () => (await daemon.handlers.get({ id: one.id }, ben)).evidence;
	await attach("the port is filtered");
	await attach("seen from three networks");
	const early = sign(one, {}, await shown());
	await attach("and something else");
	const decide = (signature: string) =>
		daemon.handlers.decide({ id: one.id, decision: "approve", note: "seen", signature }, ben);
	await expect(async () => decide(early)).rejects.toThrow(/not over this decision/);
	await expect(async () => decide(sign(one))).rejects.toThrow(/not over this decision/);
	const anyOrder = (await shown()).toReversed();
	expect(await decide(sign(one, {}, anyOrder))).toMatchObject({ exception: { state: "approved", signed: true } });
});

test("a key that nobody has added decides nothing", async () => {
	const one = await request();
	const signature = sign(one);
	await expect(async () =>
		daemon.handlers.decide({ id: one.id, decision: "approve", note: "seen", signature }, ben),
	).rejects.toThrow(/not one of unix:1002's/);
});

const decisions = () =>
	listAudit(daemon.store.db, { where: null, sort: null, limit: 100, cursor: null }).items.filter(
		({ action }) => action === "exception.approve",
	);

async function signMany(count: number) {
	const requests: Exception[] = [];
	for (let n = 0; n < count; n++) requests.push(await request());
	const verdict = { decision: "approve" as const, note: "seen", by: ben.user };
	const installation = daemon.installation.fingerprint;
	const each = requests.map((one) => exceptionDecision(one, [], { ...verdict, installation }));
	return { ids: requests.map(({ id }) => id), signature: signed(listedDecisions(each)) };
}

test("several are signed once, and each entry proves its decision by itself", async () => {
	await trustBen();
	const { ids, signature } = await signMany(3);
	const said = { decision: "approve" as const, note: "seen", signature };
	const { decided, refused } = await daemon.handlers.decideMany({ ids, ...said }, ben);
	expect(refused).toEqual([]);
	expect(decided.every((one) => one.signed)).toBe(true);
	expect(decisions()).toHaveLength(3);
	for (const entry of decisions()) {
		expect(checkSignedEntry(entry)).toEqual({ key: expect.stringMatching(/^SHA256:/), fault: null });
		expect(entry.after).toMatchObject({ signed: { signature } });
	}
	expect(await verifyAudit(daemon.store.db, daemon.installation)).toMatchObject({ intact: true });
});

test("of several signed at once, one that is not as it was signed lets none be decided; fewer of them neither", async () => {
	await trustBen();
	const { ids, signature } = await signMany(2);
	const said = { decision: "approve" as const, note: "seen", signature };
	const fewer = async () => daemon.handlers.decideMany({ ids: ids.slice(0, 1), ...said }, ben);
	await expect(fewer).rejects.toThrow(/not over this decision/);
	const content = Buffer.from("the port is filtered");
	const piece = { id: ids[1] ?? 0, name: "log.txt", bytes: content.length, content: content.toString("base64") };
	await daemon.handlers.attach({ ...piece, last: true }, ana);
	await expect(async () => daemon.handlers.decideMany({ ids, ...said }, ben)).rejects.toThrow(/not over this decision/);
	expect(decisions()).toEqual([]);
});

/** Every way to change one thing that an entry says of its signed decision. */
const forgeries: [string, (entry: AuditEntry) => AuditEntry][] = [
	["who decided", (entry) => ({ ...entry, who: "unix:1001" })],
	["what was decided on", (entry) => ({ ...entry, object: "request 999" })],
	["the decision", (entry) => ({ ...entry, action: "exception.reject" })],
	["why", (entry) => ({ ...entry, reason: "never looked" })],
	["the key", (entry) => withSigned(entry, { key: "SHA256:other" })],
	["the signature", (entry) => withSigned(entry, { signature: "none" })],
	["what is signed", (entry) => withSigned(entry, (one) => ({ text: one.text.replace("approve", "reject") }))],
	[
		"what of it is this one",
		(entry) => withSigned(entry, (one) => ({ decision: (one.decision ?? one.text).replace("90", "91") })),
	],
	["all of it", (entry) => ({ ...entry, after: { signed: true } })],
];

interface Signed {
	key: string;
	text: string;
	signature: string;
	decision?: string;
}

function withSigned(entry: AuditEntry, change: Partial<Signed> | ((one: Signed) => Partial<Signed>)): AuditEntry {
	const after = entry.after as { signed: Signed };
	const changes = typeof change === "function" ? change(after.signed) : change;
	return { ...entry, after: { ...after, signed: { ...after.signed, ...changes } } };
}

test.each(forgeries)("an entry that says otherwise of %s is found, signed alone or with others", async (_, forge) => {
	await trustBen();
	const one = await request();
	const alone = { id: one.id, decision: "approve" as const, note: "seen", signature: sign(one) };
	await daemon.handlers.decide(alone, ben);
	const { ids, signature } = await signMany(2);
	await daemon.handlers.decideMany({ ids, decision: "approve", note: "seen", signature }, ben);
	expect(decisions()).toHaveLength(3);
	for (const entry of decisions()) {
		expect(checkSignedEntry(entry)?.fault).toBeNull();
		expect(checkSignedEntry(forge(entry))?.fault).toEqual(expect.any(String));
	}
});
