/**
 * Stopping in the middle: by signal, by command, by stop-all. Quiet, and nothing lost. How soon the last packet leaves is
 * measured by a capture in the lab.
 */
import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as daemonMethods from "../../protocol/methods/daemon.ts";
import * as scans from "../../protocol/methods/scans.ts";
import { type Ear, type FakeService, fakeRedis, listenIn, serve } from "../support/fake-host.ts";
import { isOver, until } from "../support/follow.ts";
import { ended, Household } from "../support/vedette.ts";
import "../support/patience.ts";

const household = new Household();
const services: FakeService[] = [];
let everywhere: Ear;

beforeAll(async () => {
	for (let i = 1; i <= 6; i++) services.push(await serve(`127.0.95.${i}`, 6379, fakeRedis({ password: () => false })));
	// One listener for every address of 127.0.0.0/8.
	everywhere = await listenIn("0.0.0.0", 0, "here\r\n");
});
afterAll(async () => {
	await household.end();
	for (const service of [...services, everywhere]) await service.close();
});

/** How many connections there have been, one of our own at the end included. */
async function acceptsByNow(): Promise<number> {
	const socket = connect({ host: "127.0.95.7", port: everywhere.port });
	await once(socket, "data");
	socket.destroy();
	return everywhere.heard.accepts;
}

const request = { targets: ["127.0.95.1-6"], ports: "1500-6500" };

test("SIGTERM in the middle of a scan: gone with code 0, and the next start goes on", async () => {
	const first = await household.daemon();
	const { id } = await first.client.call(scans.start, request);
	await until(first.client, id, (scan) => scan.progress > 0.1);
	expect(await ended(first.child, "SIGTERM")).toBe(0);

	const second = await household.daemon();
	const half = await until(second.client, id, (scan) => scan.progress > 0.3);
	expect(["queued", "running", "finished"]).toContain(half.status);

	const gone = new Promise<number | null>((resolve) => second.child.once("exit", resolve));
	expect((await household.run(["daemon", "stop"])).code).toBe(0);
	expect(await gone).toBe(0);

	const third = await household.daemon();
	const over = await until(third.client, id, isOver);
	expect(over).toMatchObject({ status: "finished", hosts: { total: 6, alive: 6, dead: 0, done: 6 } });
	expect(over.findings["5"]).toBe(6);
	await ended(third.child, "SIGTERM");
});

test("ten scans at once: once stop-all has answered there is not one connection more", async () => {
	const { client, child } = await household.daemon();
	const ids: number[] = [];
	for (let i = 0; i < 10; i++) {
		const targets = [`127.${100 + i}.0.0/18`];
		const scan = await client.call(scans.start, { targets, ports: String(everywhere.port), confirm: true });
		ids.push(scan.id);
	}
	await until(client, ids[0]!, (scan) => scan.stages[0]!.done > 0);
	const engine = (await client.call(daemonMethods.status, {})).engine.name;
	if (engine.startsWith("connect")) expect(everywhere.heard.accepts).toBeGreaterThan(0);
	const { stopped } = await client.call(scans.stopAll, {});
	expect(stopped.sort((a, b) => a - b)).toEqual(ids);
	// Connections are accepted in their order: when ours is, all that came about before have been counted.
	const before = await acceptsByNow();
	// Whatever still went on would be seen while another scan runs from its start to its end.
	const another = await client.call(scans.start, { targets: ["127.0.95.1-6"], ports: "1500-3500" });
	expect(await until(client, another.id, isOver)).toMatchObject({ status: "finished", hosts: { done: 6 } });
	expect(await acceptsByNow()).toBe(before + 1);
	for (const id of ids) {
		const scan = await client.call(scans.get, { scan: id });
		expect(scan).toMatchObject({ status: "paused", reason: "Stopped by stop-all." });
		expect((await client.call(scans.cancel, { scan: id })).status).toBe("cancelled");
	}
	expect((await client.call(daemonMethods.status, {})).runningScans).toBe(0);
	await ended(child, "SIGTERM");
});
