/** Nothing is sent where nothing may be sent: told by those who would have heard it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import * as assets from "../../protocol/methods/assets.ts";
import * as exclusions from "../../protocol/methods/exclusions.ts";
import * as scans from "../../protocol/methods/scans.ts";
import { type Ear, type FakeService, fakeRedis, listenIn, serve } from "../support/fake-host.ts";
import { isOver, until } from "../support/follow.ts";
import { ended, Household } from "../support/vedette.ts";
import "../support/patience.ts";

const household = new Household();
const ports = { listener: 7001 };
const ears = new Map<string, Ear>();
const services: FakeService[] = [];
const printerPorts = [515, 9100, 9101, 9102, 9103, 9104, 9105, 9106, 9107];
const printer = "127.0.97.40";

beforeAll(async () => {
	for (const last of [1, 2, 3, 4, 5, 6, 7]) {
		const address = `127.0.97.${last}`;
		ears.set(address, await listenIn(address, ports.listener, "Who is it?\r\n"));
		services.push(await serve(address, 6379, fakeRedis({ password: () => false })));
	}
	for (const port of printerPorts) ears.set(`${printer}:${port}`, await listenIn(printer, port));
});
afterAll(async () => {
	await household.end();
	for (const service of [...ears.values(), ...services]) await service.close();
});

const accepts = (last: number) => ears.get(`127.0.97.${last}`)?.heard.accepts ?? -1;

test("an excluded address in a range, and the neighbours of the range, hear nothing", async () => {
	const { client, child } = await household.daemon();
	const request = { targets: ["127.0.97.2-5"], exclusions: ["127.0.97.3"], ports: `6379,${ports.listener}` };
	const { id } = await client.call(scans.start, request);
	const scan = await until(client, id, isOver);
	expect(scan).toMatchObject({ status: "finished", hosts: { total: 3, alive: 3, done: 3 } });
	expect([1, 3, 6, 7].map(accepts)).toEqual([0, 0, 0, 0]);
	for (const last of [2, 4, 5]) expect(accepts(last)).toBeGreaterThan(0);
	await ended(child, "SIGTERM");
});

test("an exclusion made while a scan is paused holds for a host whose open ports are known already", async () => {
	let { client, child } = await household.daemon();
	// Many ports, so that there is time to pause after some are known.
	const request = { targets: ["127.0.97.6-7"], ports: "1-20000" };
	const { id } = await client.call(scans.start, request);
	await until(client, id, (scan) => scan.openPorts >= 2);
	expect((await client.call(scans.pause, { scan: id })).status).toBe("paused");
	const before = { six: accepts(6), seven: accepts(7) };
	await client.call(exclusions.add, { targets: ["127.0.97.6"], comment: "It must not be touched." });
	// Also by a daemon that only knows it from the settings.
	await ended(child, "SIGTERM");
	({ client, child } = await household.daemon());
	await client.call(scans.resume, { scan: id });
	const scan = await until(client, id, isOver);
	expect(scan.status).toBe("finished");
	expect(accepts(6)).toBe(before.six);
	expect(accepts(7)).toBeGreaterThanOrEqual(before.seven);
	// What was found of the other one before the exclusion was made is known; nothing is known of it that came later.
	const names = (await client.call(assets.list, {})).items.map((asset) => asset.name);
	expect(names).toContain("127.0.97.7");
	await ended(child, "SIGTERM");
});

test("printers are seen and not written to", async () => {
	const { client, child } = await household.daemon();
	const { id } = await client.call(scans.start, { targets: [printer], ports: "500-520,9090-9110" });
	expect((await until(client, id, isOver)).openPorts).toBe(printerPorts.length);
	for (const port of printerPorts) expect(ears.get(`${printer}:${port}`)?.heard.bytes, `port ${port}`).toBe(0);
	const asset = await client.call(assets.get, { name: printer });
	expect(asset.services.map((service) => service.port)).toEqual(printerPorts);
	await ended(child, "SIGTERM");
});
