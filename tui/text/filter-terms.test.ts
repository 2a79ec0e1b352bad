import fc from "fast-check";
import { expect, test } from "vitest";
import { hasTerm, termsOf, withoutTerm, withTerm } from "./filter-terms.ts";

test.each([
	["", []],
	["severity>=4", ["severity>=4"]],
	["severity>=4 and port:443 AND kev:true", ["severity>=4", "port:443", "kev:true"]],
	["severity>=4 or port:443", ["severity>=4 or port:443"]],
	["(severity>=4 or kev:true) and port:443", ["(severity>=4 or kev:true)", "port:443"]],
	['title:`this and that` and os:"a or b"', ["title:`this and that`", 'os:"a or b"']],
	["title:'this and that' and x", ["title:'this and that'", "x"]],
	["os:don't panic and kev:true", ["os:don't panic", "kev:true"]],
	["tag:`a\\` and b` and port:[22, 80]", ["tag:`a\\` and b`", "port:[22, 80]"]],
	["title:and and and:x", ["title:and", "and:x"]],
	["title:android and not kev:true", ["title:android", "not kev:true"]],
])("the terms of %s", (filter, terms) => {
	expect(termsOf(filter)).toEqual(terms);
});

const term = fc.constantFrom(
	...["severity:5", "port is null", "(type:confirmed and not status:FIXED)", "os:`x and \\`y`", "not kev:true"],
);
const filter = fc.constantFrom("", "a or b", "severity>=4", "port:22 and kev:true", '"open quote and');

test("a term that is put in is there, and taken out the others are left as they were", () => {
	fc.assert(
		fc.property(filter, fc.uniqueArray(term, { maxLength: 4 }), term, (start, others, one) => {
			const before = others.filter((other) => other !== one).reduce(withTerm, start);
			const withIt = withTerm(before, one);
			if (start.startsWith('"')) return;
			expect(hasTerm(withIt, one)).toBe(true);
			expect(withTerm(withIt, one)).toBe(withIt);
			expect(termsOf(withoutTerm(withIt, one))).toEqual(
				termsOf(before).length === 1 && before.includes(" or ") ? [`(${before})`] : termsOf(before),
			);
		}),
	);
});
