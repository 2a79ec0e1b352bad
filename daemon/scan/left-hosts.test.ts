/** What was found of hosts in the middle of their work is kept when the scan is stopped or killed, and claims no more. */
import type { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { patience } from "../../test/support/eventually.ts";
import { noGhostRules } from "../ghosts/rules.ts";
import { listAssets } from "../store/assets.ts";
import { listCoverage } from "../store/evidence.ts";
import { listUnfinishedScans } from "../store/scans.ts";
import { listServices } from "../store/services.ts";
import { bench, plan } from "./manager-bench.test-support.ts";
import { ScriptedEngine } from "./scripted-engine.test-support.ts";

function inventory(db: DatabaseSync) {
	return listAssets(db, { where: null, sort: null, limit: 1_000, cursor: null })
		.items.toSorted((a, b) => a.id - b.id)
		.map(({ id }) => ({
			id,
			services: listServices(db, id).map(({ port, protocol }) => `${port}/${protocol}`),
			coverage: listCoverage(db, id).map(({ coverage }) => coverage),
		}));
}

test("a cancelled scan keeps the ports it has found, and says of no port more than it asked", async () => {
	const { manager, add, hold, db } = bench();
	const held = hold();
	const id = add("127.0.0.1");
	manager.enqueue(id);
	await held;
	const scan = await manager.cancel(id);
	expect(scan).toMatchObject({ status: "cancelled", openPorts: 1, hosts: { alive: 1, done: 0 } });
	const [asset] = inventory(db);
	expect(asset?.services).toEqual(["7/tcp"]);
	expect(asset?.coverage).toEqual([
		expect.objectContaining({
			address: "127.0.0.1",
			closedTcp: [
				[1, 6],
				[8, 50],
			],
			ports: [{ port: 7, protocol: "tcp", outcome: "unknown", kinds: [], failed: [] }],
			hostKinds: ["host"],
		}),
	]);
	const coverage = manager.coverage(id);
	expect(coverage?.addresses).toMatchObject({ answered: 1, finished: 0, unfinished: 1 });
	expect(coverage?.notReachedBecause).toBe("stopped");
	expect(coverage?.tcp).toMatchObject({ open: 1, closed: 49, notAsked: 50 });
});

test("a paused scan keeps them too, and when it goes on nothing counts twice", async () => {
	const { manager, add, hold, release, until, engine, db } = bench();
	const held = hold();
	const id = add("127.0.0.1", "127.0.0.2");
	manager.enqueue(id);
	await held;
	await manager.pause(id);
	expect(inventory(db)[0]?.services).toEqual(["7/tcp"]);
	release();
	const finished = until("finished");
	manager.resume(id);
	expect(await finished).toMatchObject({ openPorts: 2, hosts: { alive: 2, done: 2 } });
	expect(inventory(db).map(({ services }) => services)).toEqual([["7/tcp"], ["80/tcp"]]);
	expect(new Set(engine.asked).size, "no port twice, but the one that proved each alive").toBe(engine.asked.length - 2);
});

test.each(["cancel", "pause"] as const)("a scan that was killed and is told to %s before it goes on", async (verb) => {
	let time = Date.UTC(2026, 0, 1);
	const now = () => (time += 400);
	const killed = bench({ now });
	const held = killed.hold();
	const id = killed.add("127.0.0.1");
	killed.manager.enqueue(id);
	await held;
	// No farewell: what the store holds is what a kill leaves.
	const again = bench({ now, store: killed.store });
	again.manager.recover(
		listUnfinishedScans(again.db).map((scan) => ({ ...scan, activeMs: Math.max(1, scan.activeMs) })),
	);
	expect(inventory(again.db)).toEqual([]);
	await again.manager[verb](id);
	expect(again.engine.asked, "not a packet was needed for it").toEqual([]);
	expect(inventory(again.db)[0]?.services).toEqual(["7/tcp"]);
	await killed.manager.suspend();
});

test("a stop that was under way when the daemon was killed keeps them when it starts again", async () => {
	let time = Date.UTC(2026, 0, 1);
	const now = () => (time += 400);
	const killed = bench({ now });
	const held = killed.hold();
	const id = killed.add("127.0.0.1");
	killed.manager.enqueue(id);
	await held;
	const again = bench({ now, store: killed.store });
	const halfway = listUnfinishedScans(again.db).map((scan) => ({
		...scan,
		status: "cancelling" as const,
		activeMs: 1,
	}));
	again.manager.recover(halfway);
	again.manager.begin();
	await expect.poll(() => inventory(again.db)[0]?.services, patience).toEqual(["7/tcp"]);
	expect(again.manager.current(id).status).toBe("cancelled");
	await killed.manager.suspend();
});

test("where a device seems to answer for a whole network, nothing of a stopped scan becomes an asset", async () => {
	const addresses = Array.from({ length: 64 }, (_, i) => `192.0.2.${i + 1}`);
	const engine = new ScriptedEngine({
		open: [],
		stateOf: (_, port) => (port === 7 || port === 22 ? "open" : "filtered"),
	});
	const guard = { allow: [["192.0.2.1", "192.0.2.64"] as const], deny: [] };
	const planOf = async () => ({ ...plan, guard, ghostRules: noGhostRules });
	const { manager, add, hold, db } = bench({ engine, planOf });
	const held = hold();
	const id = add(...addresses);
	manager.enqueue(id);
	await held;
	await manager.cancel(id);
	expect(inventory(db)).toEqual([]);
});
