import { expect, test } from "vitest";
import type { PortCoverage } from "../evidence/coverage.ts";
import { refusedPorts, withoutProof } from "./refused-ports.ts";

const coverage = (port: number, outcome: PortCoverage["outcome"], protocol: "tcp" | "udp" = "tcp"): PortCoverage => ({
	...{ port, protocol, outcome, kinds: [], failed: [] },
});
const survey = (one: PortCoverage) => ({ lessons: [], service: null, coverage: one });
const open = new Set([22, 80, 443]);

test("only what was found open and refused the connection afterwards", () => {
	const all = [
		coverage(22, "answered"),
		coverage(80, "closed"),
		coverage(443, "silent"),
		coverage(53, "closed", "udp"),
	];
	expect([...refusedPorts(open, all.map(survey))]).toEqual([80]);
	expect(all.map((one) => withoutProof(open, one).outcome)).toEqual(["answered", "silent", "silent", "closed"]);
	expect(withoutProof(open, coverage(8080, "closed")).outcome).toBe("closed");
});
