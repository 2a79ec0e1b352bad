import { expect, test } from "vitest";
import { carryOutMerge, carryOutUndo } from "../duplicates/carry-out.ts";
import { planMerge } from "../duplicates/plan-merge.ts";
import { identityOf } from "../identity/view.ts";
import { compileFilter } from "../query/compile.ts";
import { countAssets } from "../store/assets.ts";
import { readCounters } from "../store/counters.ts";
import { assetFields } from "../store/fields.ts";
import type { Store } from "../store/store.ts";
import { ingestHost } from "./ingest.ts";
import { memoryStore, sampleKnowledge } from "./testdata/hosts.ts";
import { type Machine, machineOf, sightingOf } from "./testdata/machines.ts";

const t0 = Date.parse("2026-03-01T12:00:00Z");
const day = 86_400_000;
const [here, there, elsewhere] = ["10.0.0.5", "10.0.0.9", "10.0.0.7"];

/** On this day; each is a scan of its own. */
function see(store: Store, machine: Machine, address: string, on: number): number {
	const look = { scan: on, at: t0 + on * day, redis: true };
	return ingestHost(store, sampleKnowledge, sightingOf(machine, address, look)).assetId as number;
}

const strandedOf = (store: Store, asset: number) => identityOf(store.db, asset)?.stranded;
const listed = (store: Store) =>
	countAssets(store.db, compileFilter("interfaces.address is null", assetFields, { now: t0 }).where);

test("a machine whose address another one took: who, since when and why, and by what it is found again", () => {
	const store = memoryStore();
	const [first, second] = [machineOf("a"), machineOf("b")];
	const [one, other] = [see(store, first, here, 1), see(store, second, there, 2)];
	expect(strandedOf(store, one)).toBeNull();
	expect(listed(store)).toBe(0);
	expect(see(store, second, here, 3)).toBe(other);
	expect(strandedOf(store, one)).toEqual({
		addresses: [
			{
				...{ address: here, network: "default", lastSeen: "2026-03-02T12:00:00.000Z" },
				taken: {
					...{ id: other, name: there, since: "2026-03-04T12:00:00.000Z" },
					because: "It shows this asset's SSH host key.",
					apart: "address in common, but not SSH host key",
				},
			},
		],
		foundAgainBy: ["SSH host key"],
	});
	expect(listed(store)).toBe(1);
	expect(readCounters(store.db).get("assets")).toBe(2);
	expect(readCounters(store.db).get("open:5")).toBe(3);

	see(store, second, here, 4);
	expect(strandedOf(store, one)?.addresses[0]?.taken?.since).toBe("2026-03-04T12:00:00.000Z");
	expect(see(store, first, elsewhere, 5)).toBe(one);
	expect(strandedOf(store, one)).toBeNull();
	expect(listed(store)).toBe(0);
});

test("a record that was known by its address alone: nothing finds it again, and it is merged into the one that took it, and back", () => {
	const store = memoryStore();
	const one = see(store, machineOf("a", { sshKeys: [] }), here, 1);
	const other = see(store, machineOf("b"), there, 2);
	expect(see(store, machineOf("b"), here, 3)).toBe(other);
	expect(strandedOf(store, one)).toMatchObject({ addresses: [{ taken: { id: other } }], foundAgainBy: [] });
	const plan = planMerge(store.db, { assets: [one, other], fields: {}, force: false });
	expect(plan.preview).toMatchObject({ obstacles: [], impossible: null, survivor: { id: one } });
	// The older record stays, and its address would be one it has no more.
	expect(plan.preview.fields).toContainEqual({ field: "address", value: there, from: other, chosen: false });
	const said = { by: "ana", why: "", automatic: false };
	const { id } = carryOutMerge(store, plan, said, () => undefined);
	expect(listed(store)).toBe(0);
	expect(readCounters(store.db).get("assets")).toBe(1);
	carryOutUndo(store, id, { by: "ana", why: "", notSame: undefined }, { judgeAgain() {}, write() {} });
	expect(strandedOf(store, one)).toMatchObject({ addresses: [{ taken: { id: other } }], foundAgainBy: [] });
});

test("the one that took it is gone: nobody is known to answer there", () => {
	const store = memoryStore();
	const one = see(store, machineOf("a"), here, 1);
	const other = see(store, machineOf("b"), there, 2);
	see(store, machineOf("b"), here, 3);
	store.db.prepare("DELETE FROM asset WHERE id = ?").run(other);
	expect(strandedOf(store, one)).toMatchObject({ addresses: [{ address: here, taken: null }] });
});
