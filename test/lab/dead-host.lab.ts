/** A real server whose machine goes off the network: after so many scans that miss it its findings close, and nothing is purged. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AssetDetail } from "../../protocol/model/asset.ts";
import type { Finding, FindingEvent } from "../../protocol/model/finding.ts";
import { Household } from "../support/vedette.ts";
import { Lab } from "./processes.ts";
import { RoutedNetwork } from "./routed-network.ts";

const address = "10.97.0.2";
const lab = new Lab("dead-host");
const household = new Household();
let network: RoutedNetwork;

beforeAll(async () => {
	network = RoutedNetwork.open();
	await network.add("store");
	network.wire("here", "store", { from: ["10.97.0.1/24"], to: [`${address}/24`] });
	const [program = "", ...args] = [...network.enter("store"), "redis-server", "--port", "6379", "--save", ""];
	await lab.start(program, [...args, "--protected-mode", "no"], [{ address, port: 6379 }]);
});
afterAll(async () => {
	await household.end();
	await lab.end();
	await network.close();
});

const scan = () => household.json("scan", address, "--profile", "Mine", "--ports", "6379", "--udp", "none", "--wait");
/** The wire stays: without one no scan would say that it looked. */
const put = (what: "add" | "del") => network.ip("store", "address", what, `${address}/24`, "dev", "to-here");

/** The server's, among open ones unless a status is named. */
async function finding(status = "severity>=1"): Promise<Finding | undefined> {
	const { items } = await household.json<{ items: Finding[] }>("findings", `signature:redis/no-password and ${status}`);
	return items[0];
}

/** A scan's misses are counted once it has finished, and nothing waits for that. */
async function missedBy(scans: number): Promise<AssetDetail> {
	for (;;) {
		const detail = await household.json<AssetDetail>("assets", "show", address);
		if (detail.missed?.scans === scans) return detail;
	}
}

test("findings of a host that two scans in a row miss close, it stays, and they come back with it", async () => {
	await household.run(["profile", "clone", "Initial", "Mine"]);
	await household.run(["profile", "edit", "Mine", "--set", "discovery.closeDeadAfter=2"]);
	await scan();
	const first = await finding();
	expect(first).toMatchObject({ status: "NEW" });

	put("del");
	await scan();
	expect((await missedBy(1)).missed?.closedAt).toBeNull();
	expect(await finding()).toMatchObject({ id: first?.id, status: "NEW" });
	await scan();
	const gone = await missedBy(2);
	expect(gone.missed?.closedAt).not.toBeNull();
	expect(gone.services.map(({ port }) => port)).toEqual([6379]);
	expect(await finding()).toBeUndefined();
	expect(await finding("status:FIXED")).toMatchObject({ id: first?.id });
	const { events } = await household.json<{ events: FindingEvent[] }>("history", String(first?.id));
	expect(events.map(({ kind }) => kind)).toEqual(["new", "closed"]);

	put("add");
	await scan();
	expect((await missedBy(0)).asset.id).toBe(gone.asset.id);
	expect(await finding()).toMatchObject({ id: first?.id, status: "REOPENED" });
});
