/** Concurrency groups from the command line: kept, shown, and taken up by a scan that runs. */
import { afterAll, beforeAll, expect, test } from "vitest";
import * as governor from "../../protocol/methods/governor.ts";
import * as scans from "../../protocol/methods/scans.ts";
import type { ConcurrencyGroup } from "../../protocol/model/network-figures.ts";
import { isOver, until } from "../support/follow.ts";
import { Household } from "../support/vedette.ts";
import "../support/patience.ts";

let household: Household;

beforeAll(() => {
	household = new Household();
});
afterAll(() => household.end());

test("a group holds a running scan back, says so, and lets it go when it is changed", async () => {
	const { client } = await household.daemon();
	const set = (...limits: string[]) =>
		household.json<{ group: ConcurrencyGroup; scans: number[] }>("limits", "set", "Box 3", "127.0.144.0/24", ...limits);
	expect((await set("--rate", "50", "--in-flight", "5")).scans).toEqual([]);
	const request = { targets: ["127.0.144.1-127.0.144.4"], ports: "20000-20999", udp: "none" };
	const scan = await client.call(scans.start, request);
	await expect
		.poll(async () => (await client.call(governor.networks, { scan: scan.id })).slowedBy, { timeout: 60_000 })
		.toContain('The limits of the concurrency group "Box 3" are reached.');
	const { items } = await client.call(governor.networks, { scan: scan.id });
	expect(items.map(({ network }) => network)).toEqual(["127.0.144.0/24"]);
	// 4,000 questions at 50 a second would still be running.
	const changed = await set("--rate", "50000", "--in-flight", "5000");
	expect(changed.scans).toEqual([scan.id]);
	expect(changed.group).toMatchObject({
		name: "Box 3",
		ranges: [["127.0.144.0", "127.0.144.255"]],
		ratePerSecond: 50_000,
	});
	const over = await until(client, scan.id, isOver);
	expect(over).toMatchObject({ status: "finished", hosts: { alive: 4 } });
	expect((await household.json<{ items: unknown[] }>("limits", "list")).items).toHaveLength(1);
	expect(await household.json("limits", "remove", "box 3")).toEqual({ removed: "Box 3", scans: [], maps: [] });
	await expect(client.call(governor.removeGroup, { name: "Box 3" })).rejects.toMatchObject({ code: "not-found" });
	await expect(client.call(governor.setGroup, { name: "x", targets: ["nowhere.invalid"] })).rejects.toMatchObject({
		code: "invalid",
	});
});

test("an asset group stands for its addresses as they are now, and a host name for none", async () => {
	await household.json("group", "create", "Web", "127.0.144.16/28", "127.0.144.40");
	const { group } = await household.json<{ group: ConcurrencyGroup }>("limits", "set", "Box 4", "group:Web");
	expect(group).toMatchObject({
		targets: ["group:Web"],
		ranges: [
			["127.0.144.16", "127.0.144.31"],
			["127.0.144.40", "127.0.144.40"],
		],
	});
	const refused = await household.run(["limits", "set", "Box 5", "www.example.org"]);
	expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("is a host name") });
	await household.json("limits", "remove", "Box 4");
});
