import fc from "fast-check";
import { expect, test } from "vitest";
import { type IdentifierKind, identifierKinds, type KnownIdentifier } from "../store/identifiers.ts";
import type { GatheredIdentifier } from "./identifiers.ts";
import { type Candidate, resolve, type Sighting } from "./resolve.ts";
import { contradictions } from "./strength.ts";

const at = 1_700_000_000_000;
const assigned = new Set<IdentifierKind>(["agent-id", "host-id", "cloud-instance"]);

const boot = fc.option(fc.record({ at: fc.constantFrom(at - 9e9, at - 5e9, at - 1e8), seenAt: fc.constant(at) }));
const seen = fc.record<GatheredIdentifier>({
	kind: fc.constantFrom(...identifierKinds),
	value: fc.constantFrom("a", "b", "c"),
	source: fc.constantFrom("network", "login"),
	answered: fc.boolean(),
});
const sighting = fc.record<Sighting>({
	at: fc.constant(at),
	identifiers: fc.array(seen, { maxLength: 8 }),
	ownNames: fc.subarray(["a", "b"]),
	boot,
});
const known = seen.map((one): KnownIdentifier => ({ ...one, network: 1, firstSeen: at - 1000, lastSeen: at - 500 }));
const candidate = fc.record({
	tracking: fc.constantFrom("IP", "DNSNAME", "NETBIOS"),
	trackedName: fc.constantFrom("a", "b"),
	holds: fc.boolean(),
	elsewhere: fc.boolean(),
	identifiers: fc.array(known, { maxLength: 8 }),
	boot,
});
const candidates = fc.array(candidate, { maxLength: 5 }).map((list) =>
	list.map(
		(one, index): Candidate => ({
			...one,
			asset: index + 1,
			tracking: one.tracking as Candidate["tracking"],
			trackedName: one.tracking === "IP" ? null : one.trackedName,
		}),
	),
);

const shuffled = <T>(list: readonly T[], seed: number) =>
	list
		.map((item, n) => ({ item, by: (n * 7919 + seed * 104_729) % 101 }))
		.sort((a, b) => a.by - b.by)
		.map(({ item }) => item);

test("the order of what is known and of what was seen does not matter", () => {
	fc.assert(
		fc.property(sighting, candidates, fc.nat(100), (one, all, seed) => {
			const straight = resolve(one, all);
			const turned = resolve(
				{ ...one, identifiers: shuffled(one.identifiers, seed) },
				shuffled(all, seed).map((each) => ({ ...each, identifiers: shuffled(each.identifiers, seed) })),
			);
			expect([turned.asset, turned.rule, turned.unresolvedName]).toEqual([
				straight.asset,
				straight.rule,
				straight.unresolvedName,
			]);
			expect(turned.passed.map(({ asset }) => asset)).toEqual(straight.passed.map(({ asset }) => asset));
		}),
		{ numRuns: 500 },
	);
});

test("no rule goes against what an authority gave, and the address alone against nothing at all", () => {
	fc.assert(
		fc.property(sighting, candidates, (one, all) => {
			const { asset, rule } = resolve(one, all);
			if (asset === null) return;
			const chosen = all.find((each) => each.asset === asset) as Candidate;
			const answered = (list: readonly GatheredIdentifier[]) => list.filter((each) => each.answered);
			const apart = contradictions(answered(one.identifiers), answered(chosen.identifiers)).map(({ kind }) => kind);
			expect(apart.filter((kind) => assigned.has(kind))).toEqual([]);
			if (rule === "address") expect(apart).toEqual([]);
			if (rule === "dmi-uuid")
				expect(apart.filter((kind) => kind === "machine-id" || kind === "ssh-host-key")).toEqual([]);
			if (rule === "ssh-host-key") expect(apart).not.toContain("machine-id");
			if (rule === "address" || rule === "place") expect(chosen.holds).toBe(true);
		}),
		{ numRuns: 500 },
	);
});

test("seen again it is the same: once it has what was seen, the same sighting leads there", () => {
	fc.assert(
		fc.property(sighting, candidates, (one, all) => {
			const first = resolve(one, all);
			if (first.unresolvedName !== null) return;
			const id = first.asset ?? 99;
			const before = all.find((each) => each.asset === id);
			const added = one.identifiers.map(
				(each): KnownIdentifier => ({ ...each, network: 1, firstSeen: at, lastSeen: at }),
			);
			const poisoned = new Set(first.poisoned.map(({ kind, value }) => `${kind} ${value}`));
			const clean = <T extends GatheredIdentifier>(list: readonly T[]) =>
				list.filter(({ kind, value }) => !poisoned.has(`${kind} ${value}`));
			const after: Candidate = {
				...{ asset: id, holds: true, elsewhere: before?.elsewhere ?? false, boot: one.boot },
				tracking: before?.tracking ?? first.tracking.method,
				trackedName: before === undefined ? first.tracking.name : before.trackedName,
				identifiers: clean([...(before?.identifiers ?? []), ...added]),
			};
			const others = all
				.filter((each) => each.asset !== id)
				.map((each) => ({
					...each,
					holds: each.trackedName !== null && each.holds,
					identifiers: clean(each.identifiers),
				}));
			const again = resolve({ ...one, identifiers: clean(one.identifiers) }, [...others, after]);
			// Two that had the same before are for the search for duplicates; one made anew for what was seen has it all.
			if (first.asset === null && again.unresolvedName === null) expect(again.asset).toBe(99);
		}),
		{ numRuns: 500 },
	);
});

test("with nothing in common it is a new one", () => {
	fc.assert(
		fc.property(sighting, candidates, (one, all) => {
			const strangers = all.map((each) => ({
				...each,
				holds: false,
				trackedName: null,
				identifiers: each.identifiers.map((own) => ({ ...own, value: `other ${own.value}` })),
			}));
			expect(resolve(one, strangers)).toMatchObject({ asset: null, rule: "new", poisoned: [] });
		}),
	);
});
