/** What a run says of a virtual host, beside what it says of the port itself. */
import { expect, test } from "vitest";
import type { HostCoverage, PortCoverage } from "./coverage.ts";
import { coversAbsence, coversClosed, coversKind } from "./covers.ts";

const place = { address: "127.0.0.1", port: 443, protocol: "tcp", instance: "web.example" } as const;
const plain = { ...place, instance: "" };
const port = (more: Partial<PortCoverage>): PortCoverage => ({
	...{ port: 443, protocol: "tcp", outcome: "answered", kinds: [], failed: [] },
	...more,
});
const run = (itself: PortCoverage, named?: PortCoverage): HostCoverage => ({
	...{ address: "127.0.0.1", alive: true, closedTcp: [[1, 100]], ports: [itself], hostKinds: [] },
	...(named === undefined ? {} : { instances: [{ ...named, instance: "web.example" }] }),
});

test("a look at the port itself says nothing of a name, nor the other way round", () => {
	const coverage = run(port({ kinds: ["tls"] }), port({ kinds: ["http"] }));
	expect([coversKind(coverage, place, "http"), coversKind(coverage, place, "tls")]).toEqual([true, false]);
	expect([coversKind(coverage, plain, "http"), coversKind(coverage, plain, "tls")]).toEqual([false, true]);
	expect(coversKind(run(port({ kinds: ["http"] })), place, "http")).toBe(false);
});

test("a port that is closed has no virtual hosts", () => {
	expect(coversClosed(run(port({ outcome: "closed" })), place)).toBe(true);
	expect(coversClosed(run(port({ kinds: ["http"] })), place)).toBe(false);
	expect(coversClosed({ ...run(port({})), ports: [] }, { ...place, port: 80 })).toBe(true);
});

test("a port that speaks another protocol has none of its old ones under any name", () => {
	expect(coversAbsence(run(port({ kinds: ["ssh"] })), place, "http")).toBe(true);
	expect(coversAbsence(run(port({ kinds: ["http"] })), place, "http")).toBe(false);
	expect(coversAbsence(run(port({ kinds: ["ssh"] }), port({ failed: ["http"] })), place, "http")).toBe(false);
});
