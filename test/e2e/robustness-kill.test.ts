/**
 * kill -9 at random moments of a scan, again and again: what comes out in the end is what comes out of a scan nobody
 * disturbed. `VEDETTE_KILLS=30` for more of it.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Client } from "../../protocol/client.ts";
import * as findings from "../../protocol/methods/findings.ts";
import * as scans from "../../protocol/methods/scans.ts";
import type { Scan } from "../../protocol/model/scan.ts";
import { type FakeService, fakeRedis, serve } from "../support/fake-host.ts";
import { isOver, until } from "../support/follow.ts";
import { ended, Household } from "../support/vedette.ts";
import "../support/patience.ts";

const kills = Number(process.env.VEDETTE_KILLS ?? 5);
const hosts = 12;
const addresses = Array.from({ length: hosts }, (_, i) => `127.0.94.${i + 1}`);
const request = { targets: [`127.0.94.1-${hosts}`], ports: "1-1200,6379,6380" };
const services: FakeService[] = [];
const households: Household[] = [];

beforeAll(async () => {
	for (const address of addresses)
		for (const port of [6379, 6380]) services.push(await serve(address, port, fakeRedis({ password: () => false })));
});
afterAll(async () => {
	for (const household of households) await household.end();
	for (const service of services) await service.close();
});

function newHousehold(): Household {
	const household = new Household();
	households.push(household);
	return household;
}

/** What a scan must have come to, however often it was interrupted. */
async function result(client: Client, scan: Scan) {
	const { items } = await client.call(findings.list, { limit: 1_000, filter: `type:[confirmed,potential]` });
	const { status, hosts, openPorts, services, findings: counts, newFindings, fixedFindings, partial, progress } = scan;
	return {
		...{ status, hosts, openPorts, services, counts, newFindings, fixedFindings, partial, progress },
		findings: items
			.map((item) => `${item.address}:${item.port} ${item.signature} ${item.status} ×${item.timesFound}`)
			.sort(),
	};
}

/** The same number for the same seed: mulberry32. */
function randomOf(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
}

test(`killed ${kills} times, a scan comes to what it comes to undisturbed`, {
	timeout: 240_000 + kills * 12_000,
}, async () => {
	const seed = Number(process.env.VEDETTE_SEED ?? Date.now() % 1_000_000);
	const random = randomOf(seed);
	const quiet = await newHousehold().daemon();
	const first = await quiet.client.call(scans.start, request);
	const expected = await result(quiet.client, await until(quiet.client, first.id, isOver));
	expect(expected.hosts).toEqual({ total: hosts, alive: hosts, dead: 0, done: hosts });
	const undisturbedMs = (await quiet.client.call(scans.get, { scan: first.id })).activeMs;
	await ended(quiet.child, "SIGTERM");

	const household = newHousehold();
	let killed = 0;
	let known = 0;
	while (killed < kills) {
		const round = await household.daemon();
		const { id } = await round.client.call(scans.start, request);
		known++;
		let { child, client } = round;
		const statuses = new Set<string>();
		for (let turn = 0; turn < 4 && killed < kills; turn++) {
			const moment = new Promise<void>((resolve) => setTimeout(resolve, random() * undisturbedMs * 0.7).unref());
			const finished = until(client, id, isOver, undefined, (scan) => statuses.add(scan.status)).catch(() => null);
			await Promise.race([moment, finished]);
			await ended(child, "SIGKILL");
			killed++;
			({ child, client } = await household.daemon());
		}
		const scan = await until(client, id, isOver, undefined, (one) => statuses.add(one.status));
		const seen = await result(client, scan);
		expect([...statuses].filter((status) => !["queued", "running", "finished"].includes(status))).toEqual([]);
		const status = known === 1 ? "NEW" : "ACTIVE";
		expect(seen, `seed ${seed}, round ${known}`).toEqual({
			...expected,
			newFindings: known === 1 ? expected.newFindings : 0,
			findings: expected.findings.map((line) => line.replace(/NEW ×1/, `${status} ×${known}`)),
		});
		await ended(child, "SIGTERM");
	}
});
