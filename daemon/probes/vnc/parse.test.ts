import fc from "fast-check";
import { expect, it } from "vitest";
import { hostileBytes } from "../hostile.test-support.ts";
import {
	answerVersion,
	letsIn,
	parseProtocol,
	parseSubtypes,
	recogniseVnc,
	securityTypeName,
	softwareOf,
} from "./parse.ts";

const greetings = ["RFB 003.003\n", "RFB 003.008\n", "RFB 003.889\n"].map((text) => Buffer.from(text));

it("reads a greeting and answers with a version both have", () => {
	expect(parseProtocol(Buffer.from("RFB 003.008\n"))).toBe("003.008");
	expect(parseProtocol(Buffer.from("RFB 3.8\n"))).toBeNull();
	expect(["003.003", "003.005", "003.007", "003.008", "003.889", "005.000"].map(answerVersion)).toEqual([
		"003.003",
		"003.003",
		"003.007",
		"003.008",
		"003.008",
		"003.008",
	]);
	expect(softwareOf("003.889").product).toBe("Apple Remote Desktop");
	expect(softwareOf("003.008").product).toBeNull();
});

it("names security types and sees which let one in", () => {
	expect([1, 2, 19, 77].map(securityTypeName)).toEqual(["None", "VNC Authentication", "VeNCrypt", "type 77"]);
	expect(parseSubtypes(Buffer.of(0, 0, 1, 1, 0, 0, 1, 5, 0, 0))).toEqual(["TLSNone", "X509Vnc"]);
	expect(letsIn(["VNC Authentication", "None"])).toBe(true);
	expect(letsIn(["VeNCrypt", "X509None"])).toBe(true);
	expect(letsIn(["VeNCrypt", "X509Vnc"])).toBe(false);
	expect(letsIn([])).toBe(false);
});

it("survives any bytes", () => {
	fc.assert(
		fc.property(hostileBytes(greetings), (bytes) => {
			expect([0, 1]).toContain(recogniseVnc(bytes));
			expect(parseSubtypes(bytes).length).toBeLessThanOrEqual(32);
			const protocol = parseProtocol(bytes);
			if (protocol !== null) expect(answerVersion(protocol)).toMatch(/^003\.00[378]$/);
		}),
		{ numRuns: 3_000 },
	);
});
