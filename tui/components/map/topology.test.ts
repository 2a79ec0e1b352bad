import { expect, test } from "vitest";
import type { MapHost, Route } from "../../../protocol/model/map.ts";
import { routeText, topologyText, viaText } from "./map-words.ts";
import { networkOf, topologyRows } from "./topology.ts";

let id = 0;
function host(address: string, route: Route | null, found: Partial<MapHost> = {}): MapHost {
	return {
		...{ id: ++id, map: 1, address, names: [], netbios: null, os: null, rttMs: null, route },
		discovery: [{ method: "TCP", port: 22 }],
		links: route?.hops.filter((hop) => hop !== null) ?? [],
		flags: { approved: false, scannable: false, live: true, netblock: true },
		...found,
	};
}
const way = (hops: (string | null)[], reached = true): Route => ({ hops, reached });
const drawn = (hosts: readonly MapHost[]) => topologyRows(hosts).map((row) => row.branch + topologyText(row));
const router = (address: string, hops: string[], name?: string) =>
	host(address, way(hops), {
		discovery: [{ method: "TraceRoute", port: null }],
		flags: { approved: false, scannable: false, live: true, netblock: false },
		names: name === undefined ? [] : [name],
	});

test("networks hang on the router before their traced hosts, the others with them", () => {
	const hosts = [
		...[host("10.0.0.9", way([])), host("10.0.1.2", way(["10.0.0.1"])), host("10.0.1.3", null)],
		...[host("10.0.2.2", way(["10.0.0.1", "10.9.0.2"]), { names: ["db.lab.test"] }), host("10.0.5.1", null)],
		...[router("10.0.0.1", [], "gw.lab.test"), router("10.9.0.2", ["10.0.0.1"])],
	];
	expect(drawn(hosts)).toEqual([
		"this machine",
		"├─ 10.0.0.0/24  1 host, 1 traced",
		"│  └─ 10.0.0.9  --LN",
		"├─ 10.0.0.1  router  gw.lab.test",
		"│  ├─ 10.0.1.0/24  2 hosts, 1 traced",
		"│  │  ├─ 10.0.1.2  --LN",
		"│  │  └─ 10.0.1.3  --LN",
		"│  └─ 10.9.0.2  router",
		"│     └─ 10.0.2.0/24  1 host, 1 traced",
		"│        └─ 10.0.2.2  --LN  db.lab.test",
		"└─ not traced  1 host",
		"   └─ 10.0.5.1  --LN",
	]);
});

test("a silent router, a way that is cut, and a name alone", () => {
	const named = host("10.0.7.7", null, { flags: { approved: false, scannable: false, live: false, netblock: true } });
	expect(
		drawn([host("10.0.1.2", way(["10.0.0.1", null, "10.0.3.1"])), host("10.0.4.1", way(["10.0.0.1"], false)), named]),
	).toEqual([
		"this machine",
		"└─ 10.0.0.1  router",
		"   ├─ 10.0.4.0/24  1 host, 1 traced; the way is not known to its end",
		"   │  └─ 10.0.4.1  --LN",
		"   └─ * (a router that kept silent)",
		"      └─ 10.0.3.1  router",
		"         └─ 10.0.1.0/24  1 host, 1 traced",
		"            └─ 10.0.1.2  --LN",
	]);
	expect(drawn([])).toEqual(["this machine"]);
});

test("ways and networks as they are written", () => {
	expect(routeText(way(["10.0.0.1", null], false))).toBe("10.0.0.1 › * › …");
	expect(routeText(way([]))).toBe("direct");
	expect(viaText(host("10.0.0.1", way([])))).toBe("direct");
	expect(viaText(host("10.0.0.1", null))).toBeNull();
	expect(networkOf("10.1.2.3")).toBe("10.1.2.0/24");
	expect(["2001:db8::1", "2001:db8:0:7::1", "fd00::", "::1", "2001:db8:1:2:3:4:5:6"].map(networkOf)).toEqual([
		...["2001:db8::/64", "2001:db8:0:7::/64", "fd00::/64", "::/64", "2001:db8:1:2::/64"],
	]);
});
