/** Findings as they stood: what a list of the past says is what the list of that day said. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Moment } from "../../../protocol/model/comparison.ts";
import { ingestHost } from "../../assess/ingest.ts";
import { memoryStore, mysqlRecord, redisRecord, sampleHost, sampleKnowledge } from "../../assess/testdata/hosts.ts";
import { ListReader } from "../../store/list-reader.ts";
import { createNetwork } from "../../store/networks.ts";
import { addScanTargets, saveScanTarget } from "../../store/scan-targets.ts";
import { createScan } from "../../store/scans.ts";
import type { CallContext } from "../handler.ts";
import type { Services } from "../services.ts";
import { findingsHandlers } from "./findings.ts";

const day = 86_400_000;
const t0 = Date.UTC(2026, 2, 1);
const context = { signal: new AbortController().signal } as CallContext;

function open() {
	const store = memoryStore(t0);
	const handlers = findingsHandlers({ store, reader: new ListReader(store) } as unknown as Services);
	const all = { filter: "", limit: 1_000, counted: true } as const;
	const idsOf = async (page: ReturnType<typeof handlers.list>) =>
		(await page).items.map(({ id }) => id).sort((a, b) => a - b);
	return {
		store,
		handlers,
		/** A host seen now, by a scan of its own. */
		see(host: number, what: { redis: boolean; mysql: boolean }, scan: number | null = null) {
			const at = store.clock.at;
			const address = `127.0.0.${host}`;
			const records = [
				redisRecord(address, at - 100, what.redis),
				mysqlRecord(address, at - 100, what.mysql ? null : "not allowed"),
			];
			ingestHost(store, sampleKnowledge, { ...sampleHost(address, scan, at), records });
		},
		openNow: () => idsOf(handlers.list(all, context)),
		openThen: (at: number) => idsOf(handlers.list({ ...all, asOf: isoAt(at) }, context)),
		listed: (from: Moment, to: Moment, show: "appeared" | "gone" | "stayed") =>
			idsOf(handlers.compared({ ...all, from, to, show }, context)),
		compare: (from: Moment, to: Moment, filter = "") => handlers.compare({ from, to, filter }, context),
	};
}

const isoAt = (at: number) => new Date(at).toISOString();
const date = (at: number): Moment => ({ kind: "date", at: isoAt(at) });
const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, n) => total + n, 0);

test("whatever is found, fixed and found again, each day is told as it was, and two days differ by what lies between", async () => {
	const host = fc.record({ host: fc.integer({ min: 1, max: 3 }), redis: fc.boolean(), mysql: fc.boolean() });
	await fc.assert(
		fc.asyncProperty(fc.array(host, { minLength: 2, maxLength: 10 }), fc.nat(), fc.nat(), async (seen, one, other) => {
			const bench = open();
			const days: { at: number; open: number[] }[] = [];
			for (const { host: number, ...what } of seen) {
				bench.store.clock.at += day;
				bench.see(number, what);
				days.push({ at: bench.store.clock.at, open: await bench.openNow() });
			}
			bench.store.clock.at += day;
			for (const { at, open: then } of days) expect(await bench.openThen(at), isoAt(at)).toEqual(then);
			expect(await bench.openThen(t0)).toEqual([]);

			const [a, b] = [days[one % days.length], days[other % days.length]].sort((x, y) => (x?.at ?? 0) - (y?.at ?? 0));
			if (a === undefined || b === undefined) return;
			const lists = await Promise.all(
				(["appeared", "gone", "stayed"] as const).map((show) => bench.listed(date(a.at), date(b.at), show)),
			);
			expect(lists).toEqual([
				b.open.filter((id) => !a.open.includes(id)),
				a.open.filter((id) => !b.open.includes(id)),
				a.open.filter((id) => b.open.includes(id)),
			]);
			// The order in which they are named makes no difference.
			const counted = await bench.compare(date(b.at), date(a.at));
			expect([counted.appeared, counted.gone, counted.stayed].map(sum)).toEqual(lists.map((list) => list.length));
			bench.store.close();
		}),
		{ numRuns: 25 },
	);
});

describe("a list of the past", () => {
	test("says what had last happened by then, and takes a filter", async () => {
		const { store, handlers, see } = open();
		see(1, { redis: true, mysql: true }, null);
		store.clock.at += 2 * day;
		see(1, { redis: false, mysql: true });
		store.clock.at += day;
		const asOf = isoAt(t0 + day);
		const past = await handlers.list({ filter: "severity:5", limit: 10, counted: true, asOf }, context);
		expect(past).toMatchObject({ total: 1, items: [{ signature: "redis/open", status: "FIXED" }] });
		expect(past.items[0]?.lastEvent).toMatchObject({ kind: "new", at: isoAt(t0), source: "network" });
		expect(await handlers.count({ filter: "", asOf }, context)).toEqual({ total: 2 });
		const gone = await handlers.compared(
			{ filter: "", limit: 10, counted: true, from: date(t0), to: date(t0 + 3 * day), show: "gone" },
			context,
		);
		expect(gone.items.map(({ lastEvent }) => lastEvent?.kind)).toEqual(["fixed"]);
	});

	test("is none of what is still to come", async () => {
		const { handlers } = open();
		const ask = () => handlers.list({ filter: "", limit: 10, counted: true, asOf: isoAt(t0 + day) }, context);
		expect(ask).toThrow(/still to come/);
	});
});

describe("two scans", () => {
	/** A finished scan that has looked at these hosts. */
	function scanOf(
		bench: ReturnType<typeof open>,
		hosts: Readonly<Record<number, { redis: boolean; mysql: boolean }>>,
		network = 1,
	) {
		const { store } = bench;
		store.clock.at += day;
		const words = { title: "t", targets: [], exclusions: [], ports: "1-2", profile: "Standard", network };
		const id = createScan(store.db, { ...words, at: store.clock.at });
		const addresses = Object.keys(hosts).map((host) => `127.0.0.${host}`);
		addScanTargets(
			store.db,
			id,
			addresses.map((address) => ({ address, hostname: null })),
		);
		for (const [host, what] of Object.entries(hosts)) bench.see(Number(host), what, id);
		for (const address of addresses) saveScanTarget(store.db, id, address, { state: "done" });
		finish(store, id);
		return { kind: "scan", scan: id } as const;
	}

	function finish(store: ReturnType<typeof open>["store"], id: number) {
		store.db.prepare("UPDATE scan SET status = 'finished', finished_at = ? WHERE id = ?").run(store.clock.at, id);
	}

	test("are compared over the hosts that both have looked at", async () => {
		const bench = open();
		const [on, off] = [
			{ redis: true, mysql: true },
			{ redis: false, mysql: true },
		];
		const first = scanOf(bench, { 1: on, 2: on });
		const second = scanOf(bench, { 1: off, 3: on });
		const compared = await bench.compare(second, first);
		expect(compared).toMatchObject({
			from: { scan: first.scan },
			to: { scan: second.scan },
			hosts: { both: 1, onlyFrom: 1, onlyTo: 1 },
		});
		expect([compared.appeared, compared.gone, compared.stayed].map(sum)).toEqual([0, 1, 1]);
		expect(compared.gone["5"]).toBe(1);
		expect(sum((await bench.compare(first, second, "severity:4")).gone)).toBe(0);
		// The third host is new, but the first scan has not looked there.
		expect(await bench.listed(first, second, "appeared")).toEqual([]);
	});

	test("of two networks are not, nor is one that is not there", async () => {
		const bench = open();
		const plant = createNetwork(bench.store.db, { name: "plant", comment: "", by: "unix:0", at: t0 }) ?? 0;
		const [one, other] = [scanOf(bench, {}), scanOf(bench, {}, plant)];
		await expect(bench.compare(one, other)).rejects.toThrow(/two networks/);
		await expect(bench.compare(one, { kind: "scan", scan: 99 })).rejects.toThrow(/no scan 99/);
	});
});
