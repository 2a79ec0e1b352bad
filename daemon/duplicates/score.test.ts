import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type IdentifierKind, identifierKinds } from "../store/identifiers.ts";
import type { Profile } from "./profile.ts";
import { leastConfidence, scorePair, strongConfidence } from "./score.ts";

function profile(id: number, identifiers: readonly [IdentifierKind, string][], rest: Partial<Profile> = {}): Profile {
	const placed = identifiers.map(([kind, value]) => ({ kind, value, network: 1, answered: true }));
	return { id, name: `n${id}`, network: 1, os: null, services: [], identifiers: placed, ...rest };
}

const confidenceOf = (one: Profile, other: Profile) => scorePair(one, other).confidence;

describe("what two assets have in common", () => {
	test("one host key is one machine, a name is a suggestion, a certificate or an address is neither", () => {
		const pair = (kind: IdentifierKind) => confidenceOf(profile(1, [[kind, "x"]]), profile(2, [[kind, "x"]]));
		expect(pair("ssh-host-key")).toBeGreaterThanOrEqual(90);
		expect(pair("mac")).toBeGreaterThanOrEqual(leastConfidence);
		expect(pair("name")).toBeGreaterThanOrEqual(leastConfidence);
		expect(pair("name")).toBeLessThan(strongConfidence);
		expect(pair("tls-key")).toBeLessThan(leastConfidence);
		expect(pair("ip")).toBeLessThan(leastConfidence);
	});

	test("things that are weak alone add up", () => {
		const both = [
			["mac", "00:16:3e:00:00:01"],
			["name", "web.example"],
		] as [IdentifierKind, string][];
		expect(confidenceOf(profile(1, both), profile(2, both))).toBeGreaterThanOrEqual(strongConfidence);
	});

	test("a short name, other services and systems are weighed, and told in words", () => {
		const services = ["22 6 OpenSSH 9.2", "80 6 nginx 1.22", "443 6 nginx 1.22"];
		const one = profile(
			1,
			[
				["name", "web.a.example"],
				["netbios", "WEB"],
			],
			{ services, os: "Debian 12" },
		);
		const other = profile(2, [["name", "web.b.example"]], { services, os: "Windows 11" });
		const link = scorePair(one, other);
		expect(link.for.map(({ text }) => text)).toEqual(["the same short name: web", "the same 3 services and versions"]);
		expect(link.against.map(({ text }) => text)).toEqual(["different systems: Debian 12 and Windows 11"]);
		expect(link.confidence).toBeLessThan(leastConfidence);
	});

	test("what is only claimed counts for less", () => {
		const claimed = { identifiers: [{ kind: "mac" as const, value: "x", network: 1, answered: false }] };
		const proved = profile(1, [["mac", "x"]]);
		const link = scorePair(proved, profile(2, [], claimed));
		expect(link.confidence).toBeLessThan(confidenceOf(proved, profile(2, [["mac", "x"]])));
		expect(link.for[0]?.text).toContain("claimed");
	});
});

describe("what says that they are two", () => {
	test("equal hardware UUIDs of clones with their own machine-ids and keys are no match", () => {
		const clone = (id: number) =>
			profile(id, [
				["dmi-uuid", "same"],
				["machine-id", `m${id}`],
				["ssh-host-key", `k${id}`],
			]);
		const link = scorePair(clone(1), clone(2));
		expect(link).toMatchObject({ confidence: 0, vetoed: true });
		expect(link.against.map(({ kind }) => kind)).toEqual(["machine-id", "ssh-host-key"]);
	});

	test("a weaker contradiction lowers, it does not forbid: installed anew with its host id kept", () => {
		const one = profile(1, [
			["host-id", "h"],
			["machine-id", "a"],
		]);
		const other = profile(2, [
			["host-id", "h"],
			["machine-id", "b"],
		]);
		const link = scorePair(one, other);
		expect(link.vetoed).toBe(false);
		expect(link.confidence).toBeGreaterThan(leastConfidence);
		expect(link.confidence).toBeLessThan(strongConfidence);
	});

	test("addresses, names and keys mean nothing between two networks; a machine-id does", () => {
		const here = profile(1, [
			["name", "a"],
			["ssh-host-key", "k"],
			["mac", "m"],
		]);
		const there = profile(
			2,
			[
				["name", "a"],
				["ssh-host-key", "k"],
				["mac", "m"],
			],
			{ network: 2 },
		);
		expect(scorePair(here, there)).toMatchObject({ confidence: 0, for: [] });
		const [one, other] = [profile(1, [["machine-id", "m"]]), profile(2, [["machine-id", "m"]], { network: 2 })];
		expect(confidenceOf(one, other)).toBeGreaterThan(90);
	});
});

test("whatever they have: the same both ways round, within bounds, a veto is nought, each reason a sentence", () => {
	const identifier = fc.tuple(
		fc.constantFrom(...identifierKinds),
		fc.constantFrom("a", "b", "web.example", "\u001b[2J"),
	);
	const asset = fc.record({
		identifiers: fc.array(identifier, { maxLength: 8 }),
		os: fc.constantFrom(null, "Debian 12", "Windows 11", "\u0000"),
		services: fc.uniqueArray(fc.constantFrom("22 6 a 1", "80 6 b 2", "443 6 c 3")),
		network: fc.constantFrom(1, 2),
	});
	fc.assert(
		fc.property(asset, asset, ({ identifiers: mine, ...a }, { identifiers: theirs, ...b }) => {
			const [one, other] = [profile(1, mine, a), profile(2, theirs, b)];
			const link = scorePair(one, other);
			const back = scorePair(other, one);
			expect([back.confidence, back.vetoed, back.for.length]).toEqual([link.confidence, link.vetoed, link.for.length]);
			expect(link.confidence).toBeGreaterThanOrEqual(0);
			expect(link.confidence).toBeLessThanOrEqual(100);
			if (link.vetoed) expect(link.confidence).toBe(0);
			if (link.for.length === 0) expect(link.confidence).toBe(0);
			for (const { text, weight } of [...link.for, ...link.against]) {
				expect(text.length).toBeGreaterThan(5);
				expect(weight).toBeGreaterThan(0);
			}
		}),
	);
});
