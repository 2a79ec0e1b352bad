import { afterEach, beforeEach, expect, test } from "vitest";
import type { Route } from "../../protocol/model/map.ts";
import { compileFilter } from "../query/compile.ts";
import { createMap, differenceFields, type FoundHost, listDifferences, listUntraced, saveMapHosts } from "./maps.ts";
import { openStore, type Store } from "./store.ts";

let store: Store;
beforeEach(() => {
	store = openStore(":memory:", { clock: { now: () => 1 } });
});
afterEach(() => store.close());

function newMap(hosts: Readonly<Record<string, Route | undefined>>): number {
	const map = createMap(
		store.db,
		{
			...{ title: "t", domain: "none", netblock: ["10.0.0.0/16"], exclusions: [], profile: "Initial", tcpPorts: [22] },
			...{ udpPorts: [], dns: false, resolver: null, trace: "sample", addresses: 65_536 },
		},
		1,
	);
	const found = Object.entries(hosts).map(
		([address, route]): FoundHost => ({
			...{ address, names: [], netbios: null, discovery: [{ method: "TCP", port: 22 }], rttMs: 1 },
			inNetblock: address.startsWith("10.") || address.startsWith("fd"),
			...(route === undefined ? {} : { route }),
		}),
	);
	saveMapHosts(store.db, map, found, {});
	return map;
}
const way = (hops: Route["hops"], reached = true): Route => ({ hops, reached });

test("a network whose sample answered is left alone, one whose sample was silent is tried with others", () => {
	const map = newMap({
		...{ "10.0.1.9": undefined, "10.0.1.10": undefined, "10.0.2.1": way(["10.9.9.9"]), "10.0.2.2": undefined },
		...{ "10.0.3.1": way(["10.9.9.9"], false), "10.0.3.2": undefined, "192.0.2.1": undefined },
		...{ "fd00::1:0:0:0:1": undefined, "fd00::1:0:0:0:2": undefined, "fd00::2:0:0:0:1": undefined },
	});
	const networks = (every: boolean) => listUntraced(store.db, map, every).map(({ addresses }) => addresses);
	expect(networks(false)).toEqual([
		["10.0.1.9", "10.0.1.10"],
		["10.0.3.2"],
		["fd00:0:0:1::1", "fd00:0:0:1::2"],
		["fd00:0:0:2::1"],
	]);
	expect(networks(true)).toContainEqual(["10.0.2.2"]);
});

test("a way has changed when another router is on it, not when one kept silent or the end was not seen", () => {
	const older = newMap({
		...{
			"10.0.0.1": way(["10.1.1.1", "10.1.1.2"]),
			"10.0.0.2": way(["10.1.1.1", null]),
			"10.0.0.3": way(["10.1.1.1"]),
		},
		...{ "10.0.0.4": way(["10.1.1.1", "10.1.1.2"]), "10.0.0.5": undefined, "10.0.0.6": way(["10.1.1.7"]) },
	});
	const newer = newMap({
		...{ "10.0.0.1": way(["10.1.1.1", "10.1.1.3"]), "10.0.0.2": way(["10.1.1.1", "10.1.1.2"]) },
		...{ "10.0.0.3": way(["10.1.1.1", "10.1.1.2"]), "10.0.0.4": way(["10.1.1.1"], false), "10.0.0.5": way([]) },
	});
	const fields = differenceFields(older, newer);
	const compared = (filter: string) =>
		listDifferences(
			store.db,
			{ before: older, after: newer, rogues: false },
			{ where: compileFilter(filter, fields, { now: 0 }).where, sort: null, limit: 100, cursor: null },
		).items;
	const changed = compared("rerouted:true");
	expect(changed.map(({ host, earlierRoute }) => [host.address, earlierRoute?.hops, host.links])).toEqual([
		["10.0.0.1", ["10.1.1.1", "10.1.1.2"], ["10.1.1.1", "10.1.1.3"]],
		["10.0.0.3", ["10.1.1.1"], ["10.1.1.1", "10.1.1.2"]],
	]);
	expect(compared("rerouted:false").every(({ earlierRoute }) => earlierRoute === null)).toBe(true);
	expect(compared("via:10.1.1.3").map(({ host }) => host.address)).toEqual(["10.0.0.1"]);
});
