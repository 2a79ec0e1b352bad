/** Which credential belongs to a host: against a plain reading of the rule, and where the rule is about safety. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Credential } from "../../protocol/model/credential.ts";
import { credentialWords } from "../../protocol/model/credential.ts";
import { AddressSet } from "../../protocol/target/address-set.ts";
import { namedTarget } from "../../protocol/target/item.ts";
import { CredentialMatcher, type FindNamed, readLoginTarget, readTargets } from "./match.ts";

const noGroups: FindNamed = () => null;
const yes = () => true;

function stored(order: number, words: Partial<Credential>): Credential {
	const times = { createdAt: "", createdBy: "", updatedAt: "", updatedBy: "" };
	const shape = credentialWords.parse({ user: "scan" });
	return {
		...times,
		...shape,
		id: order * 10,
		name: `c${order}`,
		kind: "ssh",
		order,
		proofs: [],
		lastOutcome: null,
		...words,
	};
}

const names = (found: { used: { credential: Credential }[] }) => found.used.map(({ credential }) => credential.name);

describe("credentials of a host", () => {
	it("are those with the narrowest range first, then by order, as a plain reading says", () => {
		const block = fc.record({ at: fc.nat(63), bits: fc.integer({ min: 26, max: 32 }) }).map(({ at, bits }) => {
			const size = 2 ** (32 - bits);
			return { text: `10.0.0.${Math.floor(at / size) * size}/${bits}`, first: Math.floor(at / size) * size, size };
		});
		const one = fc.record({
			targets: fc.array(block, { maxLength: 3 }),
			excluded: fc.array(block, { maxLength: 2 }),
			everywhere: fc.boolean(),
			enabled: fc.boolean(),
		});
		fc.assert(
			fc.property(fc.array(one, { maxLength: 6 }), fc.nat(63), (all, host) => {
				const made = all.map(({ targets, excluded, everywhere, enabled }, i) =>
					stored(i + 1, {
						targets: [...targets.map(({ text }) => text), ...(everywhere ? ["all"] : [])],
						excluded: excluded.map(({ text }) => text),
						enabled,
					}),
				);
				const holds = ({ first, size }: { first: number; size: number }) => host >= first && host < first + size;
				const expected = all
					.map((given, i) => ({ given, name: `c${i + 1}` }))
					.filter(({ given }) => given.enabled && !given.excluded.some(holds))
					.map(({ given, name }) => {
						const sizes = given.targets.filter(holds).map(({ size }) => size);
						return { name, size: Math.min(...sizes, given.everywhere ? 2 ** 40 : Number.POSITIVE_INFINITY) };
					})
					.filter(({ size }) => size !== Number.POSITIVE_INFINITY)
					.sort((a, b) => a.size - b.size)
					.map(({ name }) => name);
				const found = new CredentialMatcher(made.toReversed(), noGroups).match(`10.0.0.${host}`, null);
				expect(names(found)).toEqual(expected);
				expect(found.used.length + found.unused.length).toBe(all.length);
			}),
			{ numRuns: 2_000 },
		);
	});

	it("reach as many of the addresses of a scan as they would be used for one by one", () => {
		const item = fc.oneof(
			fc.integer({ min: 24, max: 32 }).chain((bits) => fc.nat(15).map((last) => `10.0.0.${last}/${bits}`)),
			fc.nat(15).map((n) => `h${n}`),
			fc.constantFrom("all", "group:Gone"),
		);
		const one = fc.record({
			targets: fc.array(item, { maxLength: 3 }),
			excluded: fc.array(item, { maxLength: 2 }),
			enabled: fc.boolean(),
		});
		const addresses = AddressSet.fromText([["10.0.0.0", "10.0.0.15"]]);
		const named = fc.uniqueArray(fc.nat(15), { maxLength: 4 });
		fc.assert(
			fc.property(fc.array(one, { maxLength: 4 }), named, (all, hosts) => {
				const matcher = new CredentialMatcher(
					all.map((words, i) => stored(i + 1, words)),
					noGroups,
				);
				const asked = new Map(hosts.map((n) => [`10.0.0.${n}`, `h${n}`]));
				const used = Array.from({ length: 16 }, (_, n) => `10.0.0.${n}`).filter(
					(address) => matcher.match(address, asked.get(address) ?? null).used.length > 0,
				);
				expect(matcher.reach(addresses, asked)).toBe(used.length);
			}),
		);
	});

	it("go by the name a host was asked for by, and not by another", () => {
		const matcher = new CredentialMatcher([stored(1, { targets: ["web.example.org"] })], noGroups);
		expect(names(matcher.match("10.0.0.1", "WEB.example.org."))).toEqual(["c1"]);
		expect(names(matcher.match("10.0.0.1", null))).toEqual([]);
		expect(names(matcher.match(null, "mail.example.org"))).toEqual([]);
	});

	it("go by an asset group as narrow as it is large", () => {
		const group = { addresses: AddressSet.fromText([["10.0.0.1", "10.0.0.4"]]), names: new Set(["db.example.org"]) };
		const find: FindNamed = (item) => (namedTarget(item) === "group:Web" ? group : null);
		const made = [
			stored(1, { targets: ["10.0.0.0/24"] }),
			stored(2, { targets: ["group:Web"] }),
			stored(3, { targets: ["10.0.0.1"] }),
		];
		const matcher = new CredentialMatcher(made, find);
		expect(names(matcher.match("10.0.0.1", null))).toEqual(["c3", "c2", "c1"]);
		expect(names(matcher.match("10.0.0.9", "db.example.org"))).toEqual(["c2", "c1"]);
	});

	it("are used nowhere once a group they are never used for is gone: nobody knows what it held", () => {
		const found = new CredentialMatcher([stored(1, { excluded: ["group:Fragile"] })], noGroups).match("10.0.0.1", null);
		expect(names(found)).toEqual([]);
		expect(found.unused[0]?.why).toContain("there is no group:Fragile any more");
	});

	it("are for IPv6 too, however large the block", () => {
		const matcher = new CredentialMatcher(
			[stored(1, { targets: ["2001:db8::/32"] }), stored(2, { targets: ["2001:db8:1::/64"] })],
			noGroups,
		);
		expect(names(matcher.match("2001:db8:1::5", null))).toEqual(["c2", "c1"]);
	});
});

describe("targets as they are written", () => {
	it("are kept one by one, in one spelling", () => {
		expect(
			readTargets(
				["ALL, 10.0.0.0/24 Web.Example.org.", '10.0.0.0-10.0.0.255, group:"My Web"', "TAG:Linux, tag-ranges:Lab"],
				yes,
			),
		).toEqual(["all", "10.0.0.0/24", "web.example.org", 'group:"My Web"', "tag:Linux", "tag-ranges:Lab"]);
	});

	it.each(["10.0.0.300/99", "list:1", "10.0.0.9-10.0.0.1", "a b/c"])("%s is refused", (text) => {
		expect(() => readTargets([text], yes)).toThrow(expect.objectContaining({ code: "invalid" }));
	});

	it("name only groups and tags there are", () => {
		expect(() => readTargets(["tag:Nope"], () => false)).toThrow(/no tag "Nope"/);
		expect(() => readTargets(["group:Nope"], () => false)).toThrow(/no asset group "Nope"/);
	});

	it("are one host where one is asked for", () => {
		expect(readLoginTarget(" ::ffff:10.0.0.1 ")).toEqual({ address: "10.0.0.1", hostname: null });
		expect(readLoginTarget("Web.example.org")).toEqual({ address: null, hostname: "web.example.org" });
		for (const text of ["10.0.0.0/24", "group:Web", "all hosts"]) expect(() => readLoginTarget(text)).toThrow();
	});
});
