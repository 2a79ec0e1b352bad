import { expect, test } from "vitest";
import { AddressSet } from "../scope/address-set.ts";
import { type GhostPart, ghostEntries } from "./entries.ts";
import { noGhostRules, readRules } from "./rules.ts";

function part(network: string, changes: Partial<GhostPart> = {}): GhostPart {
	const start = network.slice(0, network.lastIndexOf(".") + 1);
	return {
		...{ id: 1, scan: 4, map: null, network, kind: "accepts-any-port", pattern: [] },
		...{ ranges: [[`${start}0`, `${start}255`]], asked: 256, canaries: { asked: 1024, accepted: 1020, refused: 0 } },
		...{ listenedTo: 28, spoken: [], openOfAsked: null, rttMs: { least: 0.4, most: 2 }, firstAt: 0, lastAt: 1_000 },
		...changes,
	};
}

test("neighbouring networks that are alike are one entry, others are not", () => {
	const next = part("198.18.11.0/24", { id: 2, rttMs: { least: 0.2, most: 9 } });
	const apart = part("198.18.13.0/24", { id: 3 });
	const other = part("198.18.12.0/24", { id: 4, kind: "says-nothing", pattern: [80, 443] });
	const older = part("198.18.10.0/24", { id: 5, scan: 3 });
	const entries = ghostEntries([apart, next, older, other, part("198.18.10.0/24")], noGhostRules);
	expect(entries.map(({ scan, ranges }) => [scan, ...ranges])).toEqual([
		[4, "198.18.10.0-198.18.11.255"],
		[4, "198.18.13.0-198.18.13.255"],
		[4, "198.18.12.0-198.18.12.255"],
		[3, "198.18.10.0-198.18.10.255"],
	]);
	expect(entries[0]).toMatchObject({ id: 1, addresses: 512, asked: 512, rttMs: { least: 0.2, most: 9 } });
});

test("the evidence says how many, what they answer, and that nothing spoke", () => {
	const [entry] = ghostEntries([part("198.18.10.0/24")], noGhostRules);
	expect(entry?.confidence).toBe("certain");
	expect(entry?.evidence).toEqual([
		"256 of 256 addresses accepted a connection on whatever port was asked.",
		"1020 of 1024 canary ports, which nobody has a reason to listen on, accepted.",
		"No byte came from any of the 28 ports listened to.",
		"Round trips were between 0.4 and 2.0 ms.",
	]);
});

test("what speaks may be real, unless canaries speak as well", () => {
	const spoke = { address: "198.18.10.4", port: 22, protocol: "ssh", canary: false };
	const words = (spoken: GhostPart["spoken"]) =>
		ghostEntries([part("198.18.10.0/24", { spoken })], noGhostRules)[0]?.evidence.join(" ");
	expect(words([spoke])).toContain("198.18.10.4:22 (ssh): a real host may stand behind that");
	expect(words([spoke, { ...spoke, port: 12_001, canary: true }])).toContain("it is made up");
});

test("what was said of all of its addresses is shown, and the later of two rules holds", () => {
	const ranges = (first: string, last: string) => AddressSet.fromText([[first, last]]).toText();
	const all = { ranges: ranges("198.18.0.0", "198.18.255.255"), says: "real" } as const;
	const some = { ranges: ranges("198.18.10.7", "198.18.10.7"), says: "ghost" } as const;
	const ruleOf = (rules: (typeof all | typeof some)[]) =>
		ghostEntries([part("198.18.10.0/24")], readRules(rules))[0]?.rule;
	expect(ruleOf([all])).toBe("real");
	expect(ruleOf([all, some])).toBeNull();
	expect(ruleOf([some, all])).toBe("real");
});
