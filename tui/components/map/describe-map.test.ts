import { expect, test } from "vitest";
import type { NetworkMap } from "../../../protocol/model/map.ts";
import { describeMap, mapFigures } from "./describe-map.ts";

const map: NetworkMap = {
	...{ id: 1, title: "none:[192.0.2.0/24]", domain: "none", netblock: ["192.0.2.0/24"], exclusions: [] },
	...{ profile: "Initial", profileVersion: 1, tcpPorts: [22], udpPorts: [], dns: false, resolver: null },
	...{ trace: "none", status: "finished", reason: null, partial: false, progress: 1, rate: 0, activeMs: 2_000 },
	...{ addresses: 256, settled: 256, hosts: 1, live: 1 },
	...{ createdAt: "2026-01-01T00:00:00.000Z", startedAt: null, finishedAt: null },
};
const words = (of: NetworkMap) =>
	mapFigures(of)
		.map(([text]) => text)
		.join("");

test("ghosts are counted beside the hosts, and not mentioned where there are none", () => {
	expect(words(map)).not.toContain("ghosts");
	expect(words({ ...map, ghosts: 255 })).toContain("255 ghosts");
	expect(words({ ...map, ghosts: 255, status: "running", progress: 0.5 })).toContain("255 ghosts");
	expect(JSON.stringify(describeMap({ ...map, ghosts: 255 }))).toContain("255 addresses; why: vedette ghosts");
});
