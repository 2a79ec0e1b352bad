import { expect, test } from "vitest";
import { coverageOf, mysqlRecord, portOf, redisRecord } from "../assess/testdata/hosts.ts";
import { serviceChanges } from "./services.ts";

const address = "127.0.0.1";

test("open ports become services, named by what answered", () => {
	const coverage = coverageOf(address, [
		portOf(6379, "answered", ["redis"]),
		portOf(9999, "unknown"),
		portOf(81, "silent"),
		portOf(82, "closed"),
	]);
	const { seen, gone } = serviceChanges([redisRecord(address, 5)], coverage, [], 5);
	expect(gone).toEqual([]);
	expect(seen.map(({ service }) => service)).toEqual([
		{
			address,
			port: 6379,
			protocol: "tcp",
			name: "redis",
			tls: false,
			product: "Redis",
			version: "7.0.15",
			info: null,
			lastSeen: 5,
		},
		{
			address,
			port: 9999,
			protocol: "tcp",
			name: null,
			tls: false,
			product: null,
			version: null,
			info: null,
			lastSeen: 5,
		},
	]);
});

test("a port not recognised this time keeps its name; one proved closed goes; others stay", () => {
	const first = serviceChanges(
		[redisRecord(address, 5), mysqlRecord(address, 5)],
		coverageOf(address, [
			portOf(6379, "answered", ["redis"]),
			portOf(3306, "answered", ["mysql"]),
			portOf(22, "unknown"),
		]),
		[],
		5,
	);
	const known = first.seen.map(({ service }) => service);
	const coverage = coverageOf(address, [portOf(6379, "unknown")], { closedTcp: [[3000, 4000]] });
	const { seen, gone } = serviceChanges([], coverage, known, 9);
	expect(seen).toMatchObject([{ service: { port: 6379, name: "redis", lastSeen: 9 }, before: { lastSeen: 5 } }]);
	expect(gone.map(({ port }) => port)).toEqual([3306]);
});
