import { describe, expect, test } from "vitest";
import { hostRecord } from "../assess/testdata/hosts.ts";
import { machineOf, sightingOf } from "../assess/testdata/machines.ts";
import { counting, countingName, insideStandsMs, nameOf, osOf, type Standing } from "./authority.ts";

const at = 1_700_000_000_000;
const address = "192.0.2.1";
const inside = (hostname: string | null) =>
	sightingOf(machineOf("a", { hostname }), address, { scan: 1, at, login: true }).records;
const outside = (...names: string[]) => [hostRecord(address, at, names)];
const unknown: Standing = { text: null, source: "network", at: 0 };
const fromInside = (text: string, age: number): Standing => ({ text, source: "login", at: at - age });
const main = { at, atMain: true };

describe("what it is called", () => {
	test.each([
		["the machine's own name", inside("web1.example.org"), unknown, main, "web1.example.org"],
		[
			"in full where a name server has it so",
			[...inside("web1"), ...outside("web1.example.org")],
			unknown,
			main,
			"web1.example.org",
		],
		["not what an installer left", [...inside("localhost"), ...outside("a.example")], unknown, main, "a.example"],
		["from outside when nobody knows better", outside("a.example"), unknown, main, "a.example"],
		["not from outside while the inside stands", outside("a.example"), fromInside("web1", 1000), main, undefined],
		[
			"from outside when the inside is old",
			outside("a.example"),
			fromInside("web1", insideStandsMs),
			main,
			"a.example",
		],
		[
			"not by a further address",
			outside("vip.example"),
			{ text: "a.example", source: "network", at: 0 },
			{ at, atMain: false },
			undefined,
		],
		[
			"by a further address where there is no name",
			outside("vip.example"),
			unknown,
			{ at, atMain: false },
			"vip.example",
		],
		["not at all when nobody says", outside(), unknown, main, undefined],
	] as const)("%s", (_, records, known, where, name) => {
		expect(countingName(nameOf(records, null), known, where)?.text).toBe(name);
	});
});

describe("what runs on it", () => {
	const debian = "Debian GNU/Linux 12 (bookworm)";
	test.each([
		["as it says itself", inside("a"), unknown, debian],
		["as guessed", outside(), unknown, "Debian 12"],
		["not as guessed while the inside stands", outside(), fromInside("Rocky Linux 9", 1000), undefined],
		["as guessed when the inside is old", outside(), fromInside("Rocky Linux 9", insideStandsMs), "Debian 12"],
	] as const)("%s", (_, records, known, os) => {
		expect(counting(osOf(records), known, at)?.text).toBe(os);
	});
});
