import fc from "fast-check";
import { expect, test } from "vitest";
import { fixStates } from "../../protocol/model/finding.ts";
import { lineOf } from "./advisory-result.ts";
import { toldPackages } from "./told-packages.ts";

const name = fc.stringMatching(/^[a-z0-9][a-z0-9+.-]{0,20}$/);
const told = fc.record({
	package: fc.oneof(name, fc.constantFrom("curl.src", "ruby:2.5/ruby", "ruby:2.5/ruby.src")),
	version: fc.stringMatching(/^([0-9]:)?[0-9][A-Za-z0-9+.~^-]{0,20}$/),
	binaries: fc.array(name, { minLength: 1, maxLength: 12 }),
	fix: fc.constantFrom(...fixStates),
	fixed: fc.stringMatching(/^([0-9]:)?[0-9][A-Za-z0-9+.~^-]{0,20}$/),
	ecosystem: fc.constantFrom(
		"Debian:12",
		"Ubuntu:Pro:22.04:LTS",
		"SUSE:Linux Enterprise Server 15 SP5",
		"Alpine:v3.18",
	),
	note: fc.oneof(fc.constant(null), fc.constant("minor issue")),
});

test("reads what a finding says", () => {
	fc.assert(
		fc.property(told, (one) => {
			const full = { ...one, state: "update" as const, advisory: 1, known: {} as never };
			const fixed = one.fix === "available" || one.fix === "subscription" ? one.fixed : null;
			const { package: own, version, ecosystem } = one;
			expect(toldPackages(lineOf(full))).toEqual([{ package: own, version, ecosystem, fixed }]);
		}),
	);
});

test("never throws, and takes no text for a package that is none", () => {
	fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => void toldPackages(text)));
	expect(toldPackages("Update: apt-get install openssl\nand 3 more\nPONG (x)")).toEqual([]);
});
