import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { Ignoring } from "../ignoring.ts";
import { runPurge, undoPurge } from "../inventory/purge.ts";
import { ignoresHandlers } from "../rpc/handlers/ignores.ts";
import { putBackAsset, takeOutAsset } from "../store/asset-archive.ts";
import { checkCounters } from "../store/counted.test-support.ts";
import { Tally } from "../store/counters.ts";
import { setApartAt } from "../store/findings-at.ts";
import { findStoredSignature } from "../store/signatures.ts";
import { run, transaction } from "../store/sql.ts";
import { readTicketSettings, saveTicketSettings } from "../store/ticket-settings.ts";
import {
	dayMs,
	deskOf,
	type FleetStore,
	findingsOf,
	fleetStore,
	historyOf,
	ticketsOf,
	visit,
} from "./fleet.test-support.ts";

type Caller = Parameters<ReturnType<typeof ignoresHandlers>["add"]>[1];
const ana = { user: "unix:1001", access: "approve" } as Caller;
const ben = { user: "unix:1002", access: "operate" } as Caller;

function scanned(hosts = 2): FleetStore {
	const store = fleetStore();
	for (let host = 1; host <= hosts; host++) visit(store, host, 1);
	return store;
}

const redisQid = (store: FleetStore) => findStoredSignature(store.db, "redis/open")!.qid;
const ignored = (store: FleetStore) =>
	findingsOf(store).flatMap((finding) => (finding.ignored ? `${finding.address} ${finding.signature}` : []));

async function ignoreOn(store: FleetStore, assets: string, more: { days?: number; caller?: Caller } = {}) {
	const desk = deskOf(store);
	const ignores = ignoresHandlers(desk.services);
	const wish = { qids: [redisQid(store)], assets };
	const preview = await ignores.preview(wish, ana);
	const words = { ...wish, digest: preview.digest, reason: "lab machines", days: more.days ?? null };
	const { request } = await ignores.add(words, more.caller ?? ana);
	return { preview, request, entries: desk.entries, ignores };
}

const restore = (store: FleetStore) =>
	ignoresHandlers(deskOf(store).services).restore({ id: 1, reason: "in production now" }, ana);

function wait(store: FleetStore, ms: number): void {
	store.clock.at += ms;
}

/** What ends by itself after so long; returns how many tickets it opened. */
function lapseIn(store: FleetStore, ms: number): number {
	wait(store, ms);
	const open = () => ticketsOf(store).filter(({ state }) => state === "OPEN").length;
	const before = open();
	const { hub, audit, bulk } = deskOf(store).services;
	new Ignoring({ store, hub, audit, bulk, log: pino({ level: "silent" }) }).look();
	return open() - before;
}

describe("ignoring a check on hosts", () => {
	test("sets its findings apart there, closes their tickets, and is restored as it was", async () => {
		const store = scanned();
		const { preview, request, entries, ignores } = await ignoreOn(store, "address:127.0.0.1");
		expect(preview).toMatchObject({ findings: 1, assets: 1, pairs: 1, matched: 1, withoutData: 0, tickets: 0 });
		expect(ignored(store)).toEqual(["127.0.0.1 redis/open"]);
		expect(ticketsOf(store)).toMatchObject([{ state: "IGNORED", openedBy: "unix:1001", due: null }]);
		checkCounters(store);
		expect(request).toMatchObject({ id: 1, pairs: 1, findings: 1, by: "unix:1001", until: null });
		expect(entries.map(({ action, reason }) => [action, reason])).toEqual([["ignore.add", "lab machines"]]);

		await ignores.restore({ id: 1, reason: "in production now" }, ben);
		expect(ignored(store)).toEqual([]);
		expect(ticketsOf(store)).toMatchObject([{ state: "OPEN", reopened: 1, dueFrom: "sla" }]);
		checkCounters(store);
		await expect(async () => ignores.restore({ id: 1, reason: "again" }, ben)).rejects.toThrow(/restored on/);
	});

	test("restored while it still waits to be carried out, it is never carried out", async () => {
		const store = scanned(3);
		visit(store, 2, 2, { redis: false });
		visit(store, 3, 2, { redis: false });
		const desk = deskOf(store, 1);
		const ignores = ignoresHandlers(desk.services);
		const wish = { qids: [redisQid(store)], assets: "*" };
		const { digest, findings } = await ignores.preview(wish, ana);
		expect(findings).toBe(1);
		const added = Promise.resolve(ignores.add({ ...wish, digest, reason: "lab", days: null }, ana));
		while ((await ignores.list({ limit: 1 }, ana)).total === 0) await Promise.resolve();
		await ignores.restore({ id: 1, reason: "by mistake" }, ana);
		expect((await added).request).toMatchObject({ restoredBy: "unix:1001", pairs: 0 });
		expect(ignored(store)).toEqual([]);
		expect(ticketsOf(store)).toEqual([]);
		checkCounters(store);
		await desk.services.bulk.close();
	});

	test("holds for what the check finds on these hosts later, not for other hosts", async () => {
		const store = scanned();
		visit(store, 1, 2, { redis: false });
		await ignoreOn(store, "address:127.0.0.0/24");
		expect(ignored(store)).toEqual(["127.0.0.2 redis/open"]);
		store.clock.at += dayMs;
		visit(store, 1, 3);
		visit(store, 3, 3);
		expect(ignored(store)).toEqual(["127.0.0.1 redis/open", "127.0.0.2 redis/open"]);
		expect(historyOf(store, 2)).toEqual(["daemon: ignored"]);
		checkCounters(store);
		const { services } = deskOf(store);
		await ignoresHandlers(services).restore({ id: 1, reason: "enough" }, ana);
		expect(ignored(store)).toEqual([]);
		checkCounters(store);
	});

	test("is told of the past: from when it was ignored until it was restored", async () => {
		const store = scanned(1);
		const start = store.clock.now();
		const [redis = 0] = findingsOf(store).flatMap(({ id, signature }) => (signature === "redis/open" ? id : []));
		wait(store, dayMs);
		await ignoreOn(store, "*");
		wait(store, dayMs);
		await restore(store);
		const then = (days: number) => setApartAt(store.db, [redis], start + days * dayMs).get(redis)?.ignored;
		expect([0, 1, 1.5, 2, 3].map(then)).toEqual([false, true, true, false, false]);
	});

	test("needs scan data, approve access unless the settings say otherwise, and a check there is", async () => {
		const store = scanned();
		run(store.db, "UPDATE asset SET last_scan = NULL WHERE id = 2");
		const { preview } = await ignoreOn(store, "*");
		expect(preview).toMatchObject({ matched: 2, withoutData: 1, findings: 1 });
		const other = scanned();
		await expect(ignoreOn(other, "*", { caller: ben })).rejects.toThrow(/approve access/);
		saveTicketSettings(other.db, { ...readTicketSettings(other.db), operatorsMayIgnore: true });
		await expect(ignoreOn(other, "*", { caller: ben })).resolves.toBeDefined();
		const ignores = ignoresHandlers(deskOf(other).services);
		await expect(async () => ignores.preview({ qids: [999], assets: "*" }, ana)).rejects.toThrow(
			/No check has the QID 999/,
		);
		await expect(async () => ignores.preview({ qids: [38175], assets: "*" }, ana)).rejects.toThrow(/never ignored/);
	});

	test("does what was shown or nothing", async () => {
		const store = scanned();
		const ignores = ignoresHandlers(deskOf(store).services);
		const wish = { qids: [redisQid(store)], assets: "*" };
		const { digest } = await ignores.preview(wish, ana);
		visit(store, 3, 1);
		await expect(async () => ignores.add({ ...wish, digest, reason: "x", days: null }, ana)).rejects.toThrow(
			/3 findings on 3 hosts now/,
		);
		expect(ignored(store)).toEqual([]);
	});

	test("a purge takes it along, and putting the asset back brings it back", async () => {
		const store = scanned();
		await ignoreOn(store, "address:127.0.0.1");
		const before = ticketsOf(store);
		let body: Uint8Array | undefined;
		transaction(store.db, () => {
			const tally = new Tally();
			body = takeOutAsset(store.db, tally, 1)?.body;
			tally.write(store.db, store.clock.at);
		});
		expect(ticketsOf(store)).toEqual([]);
		transaction(store.db, () => {
			const tally = new Tally();
			putBackAsset(store.db, tally, body!);
			tally.write(store.db, store.clock.at);
		});
		expect(ticketsOf(store)).toEqual(before);
		expect(historyOf(store, 1)).toEqual(["unix:1001: ignored"]);
		expect(ignored(store)).toEqual(["127.0.0.1 redis/open"]);
		checkCounters(store);
	});

	const away = { query: "id:1", by: "ana", reason: "", rule: null, agree() {}, onBegin() {} };
	const back = { assets: null, beside: false, by: "ben", onBegin() {}, onRestored() {} };

	test.each<[string, { days?: number }, (store: FleetStore) => void]>([
		["restored", {}, (store) => void restore(store)],
		["over, and noticed", { days: 7 }, (store) => void lapseIn(store, 7 * dayMs)],
		["over, and not noticed yet", { days: 7 }, (store) => wait(store, 7 * dayMs)],
	])("an asset that is put back brings back nothing that is %s meanwhile", async (_, more, meanwhile) => {
		const store = scanned(3);
		visit(store, 1, 4, { redis: false });
		await ignoreOn(store, "*", more);
		visit(store, 1, 5);
		const { id } = await runPurge(store, away);
		meanwhile(store);
		await undoPurge(store, id, back);
		lapseIn(store, 0);
		expect(ignored(store)).toEqual([]);
		expect(ticketsOf(store).map(({ state }) => state)).toEqual(["OPEN", "OPEN", "OPEN"]);
		checkCounters(store);
		visit(store, 1, 9, { redis: false });
		visit(store, 1, 10);
		expect(ignored(store), "what comes later either").toEqual([]);
	});

	test("an asset that is put back is ignored still where the request holds", async () => {
		const store = scanned();
		await ignoreOn(store, "*", { days: 7 });
		const before = ticketsOf(store);
		const { id } = await runPurge(store, away);
		store.clock.at += 7 * dayMs - 1;
		await undoPurge(store, id, back);
		expect(ticketsOf(store)).toEqual(before);
		expect(ignored(store)).toHaveLength(2);
		checkCounters(store);
	});

	test("for a time only: it ends when that is over, and not before", async () => {
		const store = scanned();
		await ignoreOn(store, "*", { days: 7 });
		const lapse = () => lapseIn(store, 0);
		store.clock.at += 7 * dayMs - 1;
		expect(lapse()).toBe(0);
		expect(ignored(store)).toHaveLength(2);
		store.clock.at++;
		expect(lapse()).toBe(2);
		expect(ignored(store)).toEqual([]);
		expect(ticketsOf(store).map(({ state }) => state)).toEqual(["OPEN", "OPEN"]);
		checkCounters(store);
		visit(store, 1, 9);
		expect(ignored(store)).toEqual([]);
	});
});
