import fc from "fast-check";
import { expect, test } from "vitest";
import type { PairState } from "../packets/engine.ts";
import { canaryPorts, judgeCanaries, tallyCanaries } from "./canary.ts";

const nobody = { asked: new Set<number>(), fragile: new Set<number>() };
const address = fc.tuple(fc.nat(255), fc.nat(255)).map(([a, b]) => `198.18.${a}.${b}`);

test("the same address is asked the same ports each time, and another one others", () => {
	expect(canaryPorts(7, "198.18.0.9", nobody)).toEqual(canaryPorts(7, "198.18.0.9", nobody));
	expect(canaryPorts(7, "198.18.0.9", nobody)).not.toEqual(canaryPorts(7, "198.18.0.10", nobody));
	expect(canaryPorts(8, "198.18.0.9", nobody)).not.toEqual(canaryPorts(7, "198.18.0.9", nobody));
});

test("canaries are different, high, below the outgoing ones, and neither fragile nor asked anyway", () => {
	fc.assert(
		fc.property(fc.nat(), address, fc.uniqueArray(fc.integer({ min: 10_240, max: 32_767 })), (salt, where, taken) => {
			const asked = new Set(taken.slice(0, taken.length / 2));
			const fragile = new Set(taken.slice(taken.length / 2));
			const ports = canaryPorts(salt, where, { asked, fragile });
			expect(new Set(ports).size).toBe(4);
			for (const port of ports) {
				expect(port).toBeGreaterThanOrEqual(10_240);
				expect(port).toBeLessThan(32_768);
				expect(asked.has(port) || fragile.has(port)).toBe(false);
			}
		}),
	);
});

test("a scan of all ports has canaries too", () => {
	const asked = new Set(Array.from({ length: 65_535 }, (_, i) => i + 1));
	expect(canaryPorts(1, "198.18.0.1", { ...nobody, asked })).toHaveLength(4);
});

const judged = (...states: PairState[]) =>
	judgeCanaries(
		tallyCanaries(
			states.map((_, i) => i),
			new Map(states.map((state, i) => [i, state])),
		),
	);

test("three of four accepted and none refused condemn; a refusal acquits", () => {
	expect(judged("open", "open", "open", "open")).toBe("accepts");
	expect(judged("open", "open", "open", "filtered")).toBe("accepts");
	expect(judged("open", "open", "open", "closed")).toBe("honest");
	expect(judged("open", "filtered", "filtered", "filtered")).toBe("unsure");
	expect(judged("filtered", "filtered", "unreachable", "filtered")).toBe("honest");
	expect(judged("closed", "closed", "closed", "closed")).toBe("honest");
});
