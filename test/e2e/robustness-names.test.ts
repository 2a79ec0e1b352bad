/** IPv6, host names, and one host by several names: each address is scanned once and found whole. */
import { createSocket } from "node:dgram";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as assets from "../../protocol/methods/assets.ts";
import * as findings from "../../protocol/methods/findings.ts";
import * as scans from "../../protocol/methods/scans.ts";
import { type FakeService, fakeRedis, serve } from "../support/fake-host.ts";
import { isOver, until } from "../support/follow.ts";
import { ended, Household } from "../support/vedette.ts";
import "../support/patience.ts";

const household = new Household();
const services: FakeService[] = [];
let connections = 0;
let port = 0;

beforeAll(async () => {
	const talk = fakeRedis({ password: () => false });
	const counted: typeof talk = (socket) => {
		connections++;
		talk(socket);
	};
	const first = await serve("127.0.0.1", 0, counted);
	port = first.port;
	services.push(first, await serve("::1", port, talk), await serve("127.0.98.1", port, talk));
});
afterAll(async () => {
	await household.end();
	for (const service of services) await service.close();
});

test("::1, localhost twice over, and overlapping ranges", async () => {
	const { client, child } = await household.daemon();
	const scan = async (targets: string[]) => {
		const { id } = await client.call(scans.start, { targets, ports: String(port) });
		return until(client, id, isOver);
	};
	const six = await scan(["::1"]);
	expect(six).toMatchObject({ status: "finished", openPorts: 1, hosts: { total: 1, alive: 1, done: 1 } });
	const found = await client.call(findings.list, { filter: "signature:redis/no-password" });
	expect(found.items.map((item) => item.address)).toEqual(["::1"]);

	const twice = await scan(["localhost", "LOCALHOST.", "127.0.0.1", "::ffff:127.0.0.1"]);
	expect(twice).toMatchObject({ status: "finished", openPorts: 1, hosts: { total: 1, alive: 1, done: 1 } });
	// Two names are two things to look at: not unnoticed as one.
	await expect(scan(["localhost", "a.localhost"])).rejects.toMatchObject({ code: "invalid" });
	const alone = connections;
	expect(alone).toBeGreaterThan(0);
	connections = 0;
	await scan(["127.0.0.1"]);
	// A connection that is looked at late is made once more: not to the last one as many, but nothing like twice.
	expect(alone, "no more connections than for one name").toBeLessThan(2 * connections);

	const ranges = await scan(["127.0.98.0/30", "127.0.98.1-2", "127.0.98.1"]);
	expect(ranges.hosts.total).toBe(4);
	const all = await client.call(assets.list, { filter: `address:127.0.98.1` });
	expect(all.total).toBe(1);
	const open = await client.call(findings.list, { filter: "signature:redis/no-password" });
	expect(open.items.map((item) => `${item.address} ×${item.timesFound}`).sort()).toEqual([
		"127.0.0.1 ×2",
		"127.0.98.1 ×1",
		"::1 ×1",
	]);
	await ended(child, "SIGTERM");
});

test("a UDP service on IPv6 and one that floods are both bounded", async () => {
	// Port 161 needs privileges; where it cannot be had there is nothing to see.
	const flood = createSocket("udp6");
	const bound = await new Promise<boolean>((resolve) => {
		flood.once("error", () => resolve(false));
		flood.bind(161, "::1", () => resolve(true));
	});
	let asked = 0;
	flood.on("message", (_, from) => {
		asked++;
		for (let i = 0; i < 200; i++) flood.send(Buffer.alloc(1_200, i), from.port, from.address, () => undefined);
	});
	const { client, child } = await household.daemon();
	const { id } = await client.call(scans.start, { targets: ["::1"], ports: String(port) });
	const scan = await until(client, id, isOver);
	expect(scan.status).toBe("finished");
	if (bound) {
		expect(asked).toBeGreaterThan(0);
		expect(asked).toBeLessThan(50);
		flood.close();
	}
	await ended(child, "SIGTERM");
});
