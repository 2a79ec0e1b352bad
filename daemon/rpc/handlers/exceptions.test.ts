import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Access } from "../../../protocol/define.ts";
import { AppError } from "../../../protocol/errors.ts";
import type { Exception, ExceptionScope } from "../../../protocol/model/exception.ts";
import { ingestHost } from "../../assess/ingest.ts";
import { memoryStore, mysqlRecord, redisRecord, sampleHost, sampleKnowledge } from "../../assess/testdata/hosts.ts";
import { bulkOf } from "../../bulk/desk.test-support.ts";
import { ExceptionKeeper } from "../../exception-keeper.ts";
import { type ExceptionNotice, Hub } from "../../hub.ts";
import { People } from "../../operators/people.ts";
import { listAudit, verifyAudit } from "../../store/audit.ts";
import { checkCounters } from "../../store/counted.test-support.ts";
import { listFindings } from "../../store/findings.ts";
import { setApartAt } from "../../store/findings-at.ts";
import { savePerson } from "../../store/people.ts";
import { askList } from "../../store/query-lists.ts";
import { openSettings, type Settings } from "../../store/settings.ts";
import { openAuditTrail } from "../audit-trail.ts";
import type { CallContext } from "../handler.ts";
import type { Services } from "../services.ts";
import { exceptionsHandlers } from "./exceptions.ts";

const day = 86_400_000;
const t0 = Date.UTC(2026, 2, 1);
const log = pino({ level: "silent" });
const allRows = { where: null, sort: null, limit: 200, cursor: null };

function open(settings: Settings) {
	const store = memoryStore(t0);
	const hub = new Hub();
	const audit = openAuditTrail(store, log);
	const keeper = new ExceptionKeeper({ store, hub, audit, log });
	const notices: ExceptionNotice[] = [];
	hub.listen((bulletin) => bulletin.kind === "exception" && notices.push(bulletin.notice));
	const handlers = exceptionsHandlers(
		{ store, people: new People(store.db), bulk: bulkOf(store), hub, audit, settings } as unknown as Services,
		keeper,
	);
	return { store, keeper, notices, handlers };
}

let folder: string;
let settings: Settings;
let daemon: ReturnType<typeof open>;
beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), "vedette-exceptions-"));
	settings = await openSettings(join(folder, "settings.json"), { log });
	daemon = open(settings);
});
afterEach(async () => {
	await daemon.keeper.close();
	daemon.store.close();
	await settings.close();
	rmSync(folder, { recursive: true });
});

const as = (user: string, access: Access = "approve", uid = Number(user.slice("unix:".length))): CallContext => ({
	...{ user, uid, access, client: "test 1", signal: new AbortController().signal, log },
});
const [ana, ben, cleo] = [as("unix:1001", "operate"), as("unix:1002"), as("unix:1003")];

let scans = 0;
function scan(host: number, what: { open?: boolean; mysql?: boolean } = {}) {
	const at = daemon.store.clock.at;
	const address = `127.0.0.${host}`;
	const records = [
		redisRecord(address, at - 100, what.open ?? true),
		mysqlRecord(address, at - 100, (what.mysql ?? true) ? null : "not allowed"),
	];
	return ingestHost(daemon.store, sampleKnowledge, { ...sampleHost(address, ++scans, at), records });
}

function find(filter: string): number[] {
	const page = askList(daemon.store.db, { list: "findings", filter }, { now: daemon.store.clock.at, rows: 200 });
	return page.rows.map(({ id }) => id);
}

async function request(scope: ExceptionScope, more: Partial<{ days: number; reason: string }> = {}, by = ana) {
	const { digest } = await daemon.handlers.preview({ scopes: [scope] }, by);
	const wish = { kind: "false-positive" as const, reason: "asked the owner, tried by hand", days: 90, ...more };
	const { requests } = await daemon.handlers.request({ ...wish, scopes: [scope], digest }, by);
	return requests[0] as Exception;
}

const approve = (id: number, by = ben) => daemon.handlers.decide({ id, decision: "approve", note: "" }, by);
const redisScope = (): ExceptionScope => ({ kind: "findings", findings: find("signature:redis/open") });
const qidOf = (signature: string) =>
	listFindings(daemon.store.db, allRows).items.find((one) => one.signature === signature)?.qid ?? 0;

/** What a call is refused with. */
async function refusal(call: () => unknown): Promise<AppError> {
	try {
		await call();
	} catch (err) {
		if (err instanceof AppError) return err;
		throw err;
	}
	throw new Error("it was not refused");
}

describe("the life of a request", () => {
	test("asked for, rejected, asked for again, approved, warned of, expired; and only the next scan counts it again", async () => {
		const { store, handlers, keeper, notices } = daemon;
		scan(1);
		const [id] = find("signature:redis/open");
		const first = await request(redisScope());
		expect(first).toMatchObject({ state: "requested", findings: 1, assets: 1, requester: "unix:1001", until: null });
		expect(find("signature:redis/open"), "asking hides nothing").toEqual([id]);
		expect(notices.at(-1)).toMatchObject({ exception: first.id, what: "requested", who: "unix:1001" });

		expect(await refusal(() => handlers.decide({ id: first.id, decision: "reject", note: "" }, ben))).toMatchObject({
			code: "invalid",
		});
		await handlers.decide({ id: first.id, decision: "reject", note: "port 6379 answers me" }, ben);
		expect(notices.at(-1)).toMatchObject({ what: "rejected", requester: "unix:1001", text: "port 6379 answers me" });

		const second = await handlers.resubmit(
			{ id: first.id, reason: "firewalled since; tried from three networks" },
			ana,
		);
		expect(second).toMatchObject({ state: "requested", previous: first.id, kind: first.kind, days: 90 });
		expect((await handlers.get({ id: first.id }, ana)).exception.next).toBe(second.id);
		expect(await refusal(() => handlers.resubmit({ id: first.id }, ana))).toMatchObject({ code: "conflict" });

		const { exception, covered } = await approve(second.id);
		expect(covered).toBe(1);
		expect(exception.until).toBe(new Date(t0 + 90 * day).toISOString());
		expect(find("signature:redis/open")).toEqual([]);
		expect(find("excepted:true")).toEqual([id]);
		checkCounters(store);

		store.clock.at = t0 + 10 * day;
		scan(1);
		scan(1, { open: false });
		store.clock.at += day;
		scan(1);
		expect(find("excepted:true"), "fixed and found again, it stays set apart").toEqual([id]);

		keeper.look();
		expect(notices.filter(({ what }) => what === "warned")).toEqual([]);
		store.clock.at = t0 + 77 * day;
		keeper.look();
		keeper.look();
		expect(notices.filter(({ what }) => what === "warned")).toMatchObject([{ exception: second.id, who: "daemon" }]);

		store.clock.at = t0 + 90 * day + 1;
		keeper.look();
		expect(notices.at(-1)).toMatchObject({ what: "expired", exception: second.id });
		expect((await handlers.get({ id: second.id }, ana)).exception.state).toBe("expired");
		expect(find("signature:redis/open"), "nobody has looked since").toEqual([]);
		scan(1);
		expect(find("signature:redis/open")).toEqual([id]);
		expect(find("excepted:true")).toEqual([]);
		checkCounters(store);

		const third = await handlers.resubmit({ id: second.id }, ana);
		expect(third.reason).toBe(second.reason);
		const { history, similar } = await handlers.get({ id: third.id }, ben);
		expect(history.map(({ kind }) => kind)).toEqual(["requested"]);
		expect(similar.map((one) => [one.id, one.state])).toEqual([
			[second.id, "expired"],
			[first.id, "rejected"],
		]);
		expect((await handlers.get({ id: second.id }, ben)).history.map(({ kind }) => kind)).toEqual([
			...["requested", "approved", "warned", "expired", "resubmitted"],
		]);
		expect(await verifyAudit(store.db)).toMatchObject({ intact: true });
	});

	test("a list of the past says what was set apart then: from the approval to its end, by its request", async () => {
		const { store, handlers } = daemon;
		scan(1);
		const [finding = 0] = find("signature:redis/open");
		const mysql = find("signature:mysql/reachable")[0] ?? 0;
		const one = await request(redisScope(), { days: 10 });
		store.clock.at = t0 + day;
		await approve(one.id);
		store.clock.at = t0 + 3 * day;
		await handlers.revoke({ id: one.id, note: "too early" }, ben);
		const again = await handlers.resubmit({ id: one.id }, ana);
		await approve(again.id);
		const then = (at: number) => setApartAt(store.db, [finding, mysql], at).get(finding)?.exception;
		expect([0, 1, 2, 3, 4, 12, 13].map((days) => then(t0 + days * day))).toEqual([
			...[null, one.id, one.id, again.id, again.id, again.id, null],
		]);
		expect(setApartAt(store.db, [mysql], t0 + day).get(mysql)).toEqual({ exception: null, ignored: false });
	});

	test("a scan that ended before the approval did changes nothing, whenever it comes in", async () => {
		const { store, keeper } = daemon;
		scan(1);
		const one = await request(redisScope(), { days: 1 });
		await approve(one.id);
		store.clock.at = t0 + day + 1;
		keeper.look();
		const at = t0 + day - 1;
		const late = { ...sampleHost("127.0.0.1", ++scans, at), records: [redisRecord("127.0.0.1", at - 10)] };
		ingestHost(store, sampleKnowledge, late);
		expect(find("excepted:true")).toHaveLength(1);
	});

	test("an approval taken back restores what it hid, but for what another approval covers", async () => {
		const { store, handlers } = daemon;
		for (const host of [1, 2, 3]) scan(host);
		const before = JSON.stringify(store.db.prepare("SELECT * FROM finding").all());
		const all = await request({ kind: "query", query: "", qids: [qidOf("redis/open")], live: false });
		const single = await request({ kind: "asset", asset: 1, qids: [qidOf("redis/open")], live: false });
		await approve(all.id);
		await approve(single.id);
		const { restored } = await handlers.revoke({ id: all.id, note: "too wide" }, cleo);
		expect(restored).toBe(2);
		expect(find("excepted:true")).toHaveLength(1);
		expect(await refusal(() => handlers.revoke({ id: all.id, note: "again" }, cleo))).toMatchObject({
			code: "conflict",
			message: expect.stringContaining("was revoked by unix:1003"),
		});
		await handlers.revoke({ id: single.id, note: "too" }, cleo);
		expect(JSON.stringify(store.db.prepare("SELECT * FROM finding").all())).toBe(before);
		checkCounters(store);
	});
});

describe("what it covers", () => {
	test("is resolved once, unless it is kept live: then also what comes later, in the transaction that brings it", async () => {
		scan(1);
		const qid = qidOf("redis/open");
		const once = await request({ kind: "query", query: "", qids: [qid], live: false });
		await approve(once.id);
		scan(2);
		expect(find(`qid:${qid}`)).toHaveLength(1);
		const live = await request({ kind: "query", query: "not address:127.0.0.4", qids: [qid], live: true });
		scan(3);
		expect(await refusal(() => approve(live.id, ana)), "who may not approve changes nothing").toMatchObject({
			code: "forbidden",
		});
		expect(await refusal(() => approve(live.id))).toMatchObject({
			code: "conflict",
			message: `Request ${live.id} covers 3 findings on 3 assets now: look again.`,
		});
		expect(find(`qid:${qid}`), "nothing is set apart that was not shown").toHaveLength(2);
		const shown = await daemon.handlers.get({ id: live.id }, ben);
		expect(shown.exception).toMatchObject({ state: "requested", findings: 3, assets: 3 });
		expect(shown.findings).toHaveLength(3);
		await approve(live.id);
		expect(find(`qid:${qid}`), "what came between asking and deciding is covered too").toEqual([]);
		scan(4);
		scan(5);
		expect(find(`qid:${qid}`)).toHaveLength(1);
		const { exception, history } = await daemon.handlers.get({ id: live.id }, ana);
		expect(exception).toMatchObject({ live: true, findings: 4, assets: 4 });
		expect(history.at(-1)).toMatchObject({
			kind: "covered",
			text: expect.stringContaining("1 finding that came later"),
		});
		checkCounters(daemon.store);
	});

	test("is what was shown: when findings have come meanwhile, nothing is asked for", async () => {
		scan(1);
		const scope: ExceptionScope = { kind: "query", query: "", qids: [qidOf("redis/open")], live: false };
		const { digest, findings, assets, of } = await daemon.handlers.preview({ scopes: [scope] }, ana);
		expect({ findings, assets, of }).toEqual({ findings: 1, assets: 1, of: 2 });
		scan(2);
		const wish = { scopes: [scope], kind: "risk-accepted" as const, reason: "we know", days: 30, digest };
		expect(await refusal(() => daemon.handlers.request(wish, ana))).toMatchObject({ code: "conflict" });
		expect(listAudit(daemon.store.db, allRows).items[0]).toMatchObject({ action: "exception.request-refused" });
	});

	test.each<[string, ExceptionScope, RegExp]>([
		["everything", { kind: "query", query: "", qids: [], live: false }, /every open finding/],
		[
			"everything, by another name",
			{ kind: "query", query: "severity>=1", qids: [], live: false },
			/every open finding/,
		],
		["nothing", { kind: "query", query: "title:nonesuch", qids: [], live: false }, /nothing to set apart/],
		["whatever comes", { kind: "query", query: "severity:5", qids: [], live: true }, /by their QIDs/],
	])("cannot be %s", async (_, scope, words) => {
		scan(1);
		const { refusal: said, digest } = await daemon.handlers.preview({ scopes: [scope] }, ana);
		expect(said).toMatch(words);
		const wish = { scopes: [scope], kind: "risk-accepted" as const, reason: "we know", days: 30, digest };
		expect((await refusal(() => daemon.handlers.request(wish, ana))).message).toMatch(words);
		expect(listAudit(daemon.store.db, allRows).items[0]).toMatchObject({ action: "exception.request-refused" });
	});

	test("several scopes are as many requests with one reason, decided together or each for itself", async () => {
		for (const host of [1, 2]) scan(host);
		const scopes: ExceptionScope[] = find("severity>=1").map((id) => ({ kind: "findings", findings: [id] }));
		const { digest, findings } = await daemon.handlers.preview({ scopes }, ana);
		expect(findings).toBe(4);
		const wish = { scopes, kind: "compensating-control" as const, reason: "behind the proxy", days: 30, digest };
		const { requests } = await daemon.handlers.request(wish, ana);
		expect(new Set(requests.map(({ batch }) => batch))).toEqual(new Set([requests[0]?.id]));
		const ids = requests.map(({ id }) => id);
		await daemon.handlers.withdraw({ id: ids[1] ?? 0, note: "" }, ana);
		const { decided, refused } = await daemon.handlers.decideMany({ ids, decision: "approve", note: "seen" }, ben);
		expect(decided).toHaveLength(3);
		expect(refused).toEqual([{ id: ids[1], reason: expect.stringContaining("was withdrawn by unix:1001") }]);
		checkCounters(daemon.store);
	});
});

describe("who may withdraw", () => {
	test("whoever asked, by their account as by a token of theirs; of others an admin", async () => {
		scan(1);
		for (const identity of ["unix:1001", "person:ana"]) savePerson(daemon.store.db, { identity, name: "ana" });
		const one = await request(redisScope(), {}, as("person:ana", "operate"));
		expect(await refusal(() => daemon.handlers.withdraw({ id: one.id, note: "" }, ben))).toMatchObject({
			...{ code: "forbidden", message: "ana asked for request 1: only they, or an admin, can withdraw it." },
		});
		expect((await daemon.handlers.withdraw({ id: one.id, note: "" }, ana)).state).toBe("withdrawn");
	});
});

describe("four eyes", () => {
	test("one's own request, too little access, and the second of two approvers are refused, and it is in the log", async () => {
		scan(1);
		const one = await request(redisScope(), {}, ben);
		const seenBy = async (caller: CallContext) => {
			const { items } = await daemon.handlers.list({ filter: "state:requested", limit: 10 }, caller);
			const { exception } = await daemon.handlers.get({ id: one.id }, caller);
			expect(exception.refusal, "the list says what the request says").toBe(items[0]?.refusal);
			return exception.refusal;
		};
		expect(await seenBy(ben), "told before it is tried").toMatch(/unix:1002 asked for this.*four eyes/);
		expect([await seenBy(cleo), await seenBy(ana)]).toEqual([null, null]);
		const own = await refusal(() => approve(one.id, ben));
		expect(own).toMatchObject({ code: "forbidden", message: expect.stringContaining("four eyes") });
		const withdrawn = await refusal(() => approve(one.id, as("unix:1003", "operate")));
		expect(withdrawn).toMatchObject({ code: "forbidden", message: expect.stringContaining("needs approve access") });
		await approve(one.id, cleo);
		const second = await refusal(() => approve(one.id, as("unix:1004")));
		expect(second).toMatchObject({ code: "conflict", message: expect.stringContaining("was approved by unix:1003") });
		const entries = listAudit(daemon.store.db, allRows).items.map(({ who, action }) => `${who} ${action}`);
		expect(entries.slice(0, 4)).toEqual([
			"unix:1004 exception.approve-refused",
			"unix:1003 exception.approve",
			"unix:1003 exception.approve-refused",
			"unix:1002 exception.approve-refused",
		]);
	});

	test.each([false, true])(
		"two approvers at the same moment: one decides, the other is told who did (live: %s)",
		async (live) => {
			for (const host of [1, 2]) scan(host);
			const one = await request({ kind: "query", query: "", qids: [qidOf("redis/open")], live });
			const both = await Promise.allSettled([approve(one.id, ben), approve(one.id, cleo)]);
			expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
			const lost = both.find((outcome) => outcome.status === "rejected");
			expect(lost?.reason).toMatchObject({
				code: "conflict",
				message: expect.stringMatching(/was approved by unix:100[23]/),
			});
			const actions = listAudit(daemon.store.db, allRows).items.map(({ action }) => action);
			expect(actions.slice(0, 2).sort()).toEqual(["exception.approve", "exception.approve-refused"]);
			checkCounters(daemon.store);
		},
	);

	test("a token does not make a second person of its holder, asking or deciding, and of somebody else it does", async () => {
		scan(1);
		const byToken = await request(redisScope(), {}, as("token:ci", "operate", 1002));
		expect(await refusal(() => approve(byToken.id, ben))).toMatchObject({
			code: "forbidden",
			message: expect.stringMatching(/same user of the machine \(uid 1002\): four eyes/),
		});
		const bulk = { ids: [byToken.id], decision: "approve" as const, note: "" };
		const { refused } = await daemon.handlers.decideMany(bulk, as("unix:1003", "admin", 1002));
		expect(refused).toMatchObject([{ id: byToken.id, reason: expect.stringContaining("four eyes") }]);
		await daemon.handlers.decide({ id: byToken.id, decision: "reject", note: "no" }, cleo);
		const again = await daemon.handlers.resubmit({ id: byToken.id }, as("token:other", "operate", 1003));
		expect(await refusal(() => approve(again.id, cleo))).toMatchObject({ code: "forbidden" });
		await approve(again.id, as("token:ci", "approve", 1002));
		expect(listAudit(daemon.store.db, allRows).items[0]?.after).not.toHaveProperty("singleOperator");
	});

	test("what is refused over and over is one entry a minute for each request, and says nothing its author made up", async () => {
		scan(1);
		const one = await request(redisScope(), {}, ben);
		const refusals = () =>
			listAudit(daemon.store.db, allRows).items.filter(({ action }) => action === "exception.approve-refused");
		const again = async (times: number, note: string) => {
			for (let n = 0; n < times; n++) {
				const wish = { id: one.id, decision: "approve" as const, note };
				await refusal(() => daemon.handlers.decide(wish, ben));
			}
		};
		await again(5, "long ".repeat(300));
		expect(refusals()).toMatchObject([{ object: `request ${one.id}`, reason: null }]);
		daemon.store.clock.at += 60_000;
		await again(2, "");
		expect(refusals()).toHaveLength(2);
		await refusal(() =>
			daemon.handlers.decide({ id: one.id, decision: "approve", note: "" }, as("unix:1003", "operate")),
		);
		expect(refusals()).toHaveLength(3);
	});

	test("who works alone may decide when that was switched on, and the log says so", async () => {
		scan(1);
		await settings.update((data) => {
			data.operators.singleOperator = { since: new Date(t0).toISOString(), by: "unix:1002", reason: "one-man shop" };
		});
		const one = await request(redisScope(), {}, ben);
		await approve(one.id, ben);
		expect(listAudit(daemon.store.db, allRows).items[0]?.after).toMatchObject({ singleOperator: true });
	});
});

describe("evidence", () => {
	const attach = (id: number, name: string, content: Uint8Array, more: object = {}) =>
		daemon.handlers.attach(
			{ id, name, bytes: content.length, content: Buffer.from(content).toString("base64"), last: true, ...more },
			ana,
		);

	test("is stored as it is under a name that harms nobody, in as many parts as it takes", async () => {
		scan(1);
		const { id } = await request(redisScope());
		const { name, evidence } = await attach(id, "../../etc/\u001b[2Jrm -rf ~;\u202egnp.exe", Buffer.from("proof"));
		expect(name).toBe("[2Jrm -rf __gnp.exe");
		const read = await daemon.handlers.readEvidence({ id, evidence }, ben);
		expect(Buffer.from(read.content, "base64").toString()).toBe("proof");
		const whole = Buffer.alloc(700_000, "x");
		const first = await attach(id, "long.log", whole.subarray(0, 400_000), { bytes: whole.length, last: false });
		expect((await daemon.handlers.get({ id }, ben)).evidence, "not before it is complete").toHaveLength(1);
		await attach(id, "long.log", whole.subarray(400_000), { bytes: whole.length, evidence: first.evidence });
		const [, long] = (await daemon.handlers.get({ id }, ben)).evidence;
		expect(long).toMatchObject({ name: "long.log", bytes: 700_000, who: "unix:1001" });
	});

	test("too much of it is refused, at the announcement or when it comes, and noted", async () => {
		scan(1);
		const { id } = await request(redisScope());
		const small = Buffer.from("x");
		const twoGigabytes = 2 ** 31;
		expect(await refusal(() => attach(id, "disk.img", small, { bytes: twoGigabytes, last: false }))).toMatchObject({
			code: "too-large",
		});
		expect(await refusal(() => attach(id, "liar", Buffer.alloc(100), { bytes: 3 }))).toMatchObject({
			code: "too-large",
		});
		expect(await refusal(() => attach(id, "short", small, { bytes: 3 }))).toMatchObject({ code: "invalid" });
		for (let n = 0; n < 20; n++) await attach(id, `${n}`, small);
		daemon.store.clock.at += 60_000;
		expect(await refusal(() => attach(id, "one more", small))).toMatchObject({ code: "too-large" });
		expect(listAudit(daemon.store.db, allRows).items[0]).toMatchObject({ action: "exception.attach-refused" });
		await approve(id);
		expect(await refusal(() => attach(id, "late", small))).toMatchObject({ code: "conflict" });
	});

	test("goes along when a rejected request is asked for again, as it was and by whom", async () => {
		scan(1);
		const { id } = await request(redisScope());
		await attach(id, "first.log", Buffer.from("filtered"));
		await attach(id, "second.log", Buffer.from("from three networks"));
		await attach(id, "half.log", Buffer.from("cut"), { bytes: 10, last: false });
		await daemon.handlers.decide({ id, decision: "reject", note: "not convinced" }, ben);
		const again = await daemon.handlers.resubmit({ id, reason: "looked once more" }, cleo);
		expect(again).toMatchObject({ previous: id, evidence: 2 });
		const [old, made] = [await daemon.handlers.get({ id }, ana), await daemon.handlers.get({ id: again.id }, ana)];
		const asTold = ({ evidence }: typeof old) => evidence.map(({ name, sha256, who }) => [name, sha256, who]);
		expect(asTold(made)).toEqual(asTold(old));
		expect(made.history.map(({ kind, text }) => [kind, text])).toEqual([
			["requested", "looked once more"],
			["evidence", `2 pieces carried over from request ${id}`],
		]);
		const [piece] = made.evidence;
		const read = await daemon.handlers.readEvidence({ id: again.id, evidence: piece?.id ?? 0 }, ana);
		expect(Buffer.from(read.content, "base64").toString()).toBe("filtered");
	});
});
