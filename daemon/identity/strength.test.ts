import fc from "fast-check";
import { expect, test } from "vitest";
import { type Identifier, type IdentifierKind, identifierKinds } from "../store/identifiers.ts";
import { agreements, contradictions, identifierRules, networkOfKind } from "./strength.ts";

const machine = fc.array(
	fc.record({ kind: fc.constantFrom(...identifierKinds), value: fc.constantFrom("a", "b", "c", "d") }),
	{ maxLength: 12 },
);

test("every kind is in the table, and no two are equally strong", () => {
	expect(Object.keys(identifierRules).sort()).toEqual([...identifierKinds].sort());
	expect(new Set(Object.values(identifierRules).map(({ strength }) => strength)).size).toBe(identifierKinds.length);
});

test("what decides also vetoes; what is of a place does neither", () => {
	for (const rule of Object.values(identifierRules)) {
		if (rule.decides) expect(rule.vetoes).toBe(true);
		if (rule.layer === "place") expect([rule.decides, rule.vetoes, rule.scope]).toEqual([false, false, "network"]);
	}
});

test("a kind agrees or contradicts, never both, whoever is asked first", () => {
	fc.assert(
		fc.property(machine, machine, (one, other) => {
			const agreed = agreements(one, other).map(({ kind }) => kind);
			const against = contradictions(one, other).map(({ kind }) => kind);
			expect(agreed.filter((kind) => against.includes(kind))).toEqual([]);
			expect(agreements(other, one).map(({ kind }) => kind)).toEqual(agreed);
			expect(contradictions(other, one).map(({ kind }) => kind)).toEqual(against);
			expect(contradictions(one, one)).toEqual([]);
		}),
	);
});

test("two clones with one hardware UUID and keys of their own are two; a host id settles it", () => {
	const clone = (key: string): Identifier[] => [
		{ kind: "dmi-uuid", value: "u" },
		{ kind: "ssh-host-key", value: key },
	];
	expect(contradictions(clone("k1"), clone("k2")).map(({ kind }) => kind)).toEqual(["ssh-host-key"]);
	const strengthOf = (kind: IdentifierKind) => identifierRules[kind].strength;
	expect(strengthOf("ssh-host-key")).toBeGreaterThan(strengthOf("dmi-uuid"));
	expect(strengthOf("host-id")).toBeGreaterThan(strengthOf("ssh-host-key"));
});

test("weak kinds lie under their network, strong ones under none", () => {
	expect(identifierKinds.filter((kind) => networkOfKind(kind, 7) === 7).sort()).toEqual(
		["ip", "mac", "name", "netbios", "ssh-host-key", "tls-key"].sort(),
	);
});
