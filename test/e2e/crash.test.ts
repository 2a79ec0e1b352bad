/** kill -9 in the middle of a scan: the next start carries on, and nothing is lost or doubled. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Client } from "../../protocol/client.ts";
import * as assets from "../../protocol/methods/assets.ts";
import * as findings from "../../protocol/methods/findings.ts";
import * as scans from "../../protocol/methods/scans.ts";
import type { Scan } from "../../protocol/model/scan.ts";
import { type FakeService, fakeRedis, serve } from "../support/fake-host.ts";
import { ended, Household } from "../support/vedette.ts";
import "../support/patience.ts";

const addresses = Array.from({ length: 24 }, (_, i) => `127.0.92.${i + 1}`);
/** In the range, and answering. */
const excluded = "127.0.92.25";
let household: Household;
const services: FakeService[] = [];

beforeAll(async () => {
	household = new Household();
	for (const address of [...addresses, excluded])
		services.push(await serve(address, 6379, fakeRedis({ password: () => false })));
});
afterAll(async () => {
	await household.end();
	for (const service of services) await service.close();
});

/** Resolves with the first state of the scan that satisfies the test. */
function until(client: Client, id: number, test: (scan: Scan) => boolean): Promise<Scan> {
	return new Promise((resolve, reject) => {
		const see = (scan: Scan) => {
			if (test(scan)) resolve(scan);
		};
		const subscription = client.subscribe(
			scans.follow,
			{ scan: id },
			{
				onSnapshot: (snapshot) => see(snapshot.scan),
				onEvent: (event) => event.kind === "scan" && see(event.scan),
				onError: reject,
			},
		);
		subscription.ready.catch(reject);
	});
}

test("a daemon killed at half a scan finishes it when it starts again, and has not forgotten what is excluded", async () => {
	const first = await household.daemon();
	const started = await first.client.call(scans.start, {
		targets: ["127.0.92.1-25"],
		exclusions: [excluded],
		ports: "1-10000",
		profile: "Fast",
	});
	const half = await until(first.client, started.id, (scan) => scan.progress >= 0.4);
	expect(half.status).toBe("running");
	await ended(first.child, "SIGKILL");

	const second = await household.daemon();
	const over = await until(second.client, started.id, (scan) => scan.status !== "running" && scan.status !== "queued");
	expect(over.status).toBe("finished");
	expect(over.hosts).toEqual({ total: 24, alive: 24, dead: 0, done: 24 });
	expect(over.openPorts).toBeGreaterThanOrEqual(24);
	const known = await second.client.call(assets.list, { limit: 100 });
	expect(known.items.flatMap((asset) => asset.addresses).sort()).toEqual([...addresses].sort());

	const found = await second.client.call(findings.list, {
		filter: "signature:redis/no-password and port:6379",
		limit: 1000,
	});
	expect(found.items.map((item) => item.address).sort()).toEqual([...addresses].sort());
	expect(new Set(found.items.map((item) => item.timesFound))).toEqual(new Set([1]));
	await ended(second.child, "SIGTERM");
});
