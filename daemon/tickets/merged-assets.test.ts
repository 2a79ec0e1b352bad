import { expect, test } from "vitest";
import { mergeAssets } from "../duplicates/merge.ts";
import { undoMerge } from "../duplicates/undo.ts";
import { ignoresHandlers } from "../rpc/handlers/ignores.ts";
import { checkCounters } from "../store/counted.test-support.ts";
import { findMerge } from "../store/merges.ts";
import { savePolicyRules } from "../store/policy-rules.ts";
import { findStoredSignature } from "../store/signatures.ts";
import { run } from "../store/sql.ts";
import { deskOf, type FleetStore, findingsOf, fleetStore, historyOf, ticketsOf, visit } from "./fleet.test-support.ts";
import { ruleOf } from "./rules.test-support.ts";

function merge(store: FleetStore): number {
	return mergeAssets(store.db, {
		...{ assets: [1, 2], survivor: 1, values: { name: 1, os: 1, tracking: 1, address: 1 }, held: [], by: "unix:0" },
		...{ why: "test", automatic: false, confidence: null, evidence: "[]", at: store.clock.now() },
	});
}

function told(store: FleetStore) {
	return {
		tickets: ticketsOf(store).map(({ id, asset, state, invalid }) => [id, asset.id, state, invalid]),
		histories: ticketsOf(store).map(({ id }) => historyOf(store, id)),
		ignored: findingsOf(store).map(({ id, ignored }) => [id, ignored]),
	};
}

async function ignoreOnSecond(store: FleetStore): Promise<void> {
	const ignores = ignoresHandlers(deskOf(store).services);
	const caller = { user: "unix:1001", access: "approve" } as Parameters<typeof ignores.add>[1];
	const wish = { qids: [findStoredSignature(store.db, "mysql/reachable")!.qid], assets: "id:2" };
	const { digest } = await ignores.preview(wish, caller);
	await ignores.add({ ...wish, digest, reason: "lab", days: null }, caller);
}

test("tickets and what is ignored go with their findings, and come back when the merge is undone", async () => {
	const store = fleetStore();
	savePolicyRules(store.db, [ruleOf({ name: "urgent", findings: "severity:5" })]);
	for (const host of [1, 2]) visit(store, host, 1);
	await ignoreOnSecond(store);
	const before = told(store);
	const id = merge(store);
	expect(ticketsOf(store).map(({ asset, invalid }) => [asset.id, invalid])).toEqual([
		...[
			[1, null],
			[1, null],
			[1, null],
		],
	]);
	expect(told(store).ignored).toEqual(before.ignored);
	checkCounters(store);
	undoMerge(store.db, findMerge(store.db, id)!, { at: store.clock.now(), by: "unix:0", why: "" });
	expect(told(store)).toEqual(before);
	checkCounters(store);
});

test("of one finding that two assets had, the ticket of the asset that stays holds; the other says why it does not", async () => {
	const store = fleetStore();
	savePolicyRules(store.db, [ruleOf({ name: "urgent", findings: "severity:5" })]);
	visit(store, 1, 1);
	run(store.db, "DELETE FROM identifier WHERE kind = 'ip'");
	visit(store, 1, 2);
	await ignoreOnSecond(store);
	const before = told(store);
	const id = merge(store);
	expect(ticketsOf(store).map(({ invalid }) => invalid === null)).toEqual([true, false, false]);
	for (const { ignored, ticket } of findingsOf(store)) expect(ignored).toBe(ticket?.state === "IGNORED");
	undoMerge(store.db, findMerge(store.db, id)!, { at: store.clock.now(), by: "unix:0", why: "" });
	expect(told(store)).toEqual(before);
	checkCounters(store);
});

test("what is restored while two assets are one is not ignored on either when they are two again", async () => {
	const store = fleetStore();
	visit(store, 1, 1);
	run(store.db, "DELETE FROM identifier WHERE kind = 'ip'");
	visit(store, 1, 2);
	await ignoreOnSecond(store);
	const id = merge(store);
	const { services } = deskOf(store);
	const caller = { user: "unix:1001", access: "approve" } as Parameters<
		ReturnType<typeof ignoresHandlers>["restore"]
	>[1];
	await ignoresHandlers(services).restore({ id: 1, reason: "in production now" }, caller);
	undoMerge(store.db, findMerge(store.db, id)!, { at: store.clock.now(), by: "unix:0", why: "" });
	expect(findingsOf(store).filter(({ ignored }) => ignored)).toEqual([]);
	expect(ticketsOf(store).filter(({ state }) => state === "IGNORED")).toEqual([]);
	checkCounters(store);
});
