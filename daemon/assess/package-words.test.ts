import fc from "fast-check";
import { expect, test } from "vitest";
import { aptWord, isPackageName } from "./package-words.ts";

const name = fc.stringMatching(/^[A-Za-z0-9+._-]{1,12}$/).filter(isPackageName);

test("a name with which apt-get would remove a package is none", () => {
	expect(["openssh-server-", "-y", "a-", "a b", "", "a*"].filter(isPackageName)).toEqual([]);
	expect(["g++", "libssl1.1", "a", "python3-pip"].every(isPackageName)).toBe(true);
});

test("apt takes the word of a name for that name alone", () => {
	expect(["libssl3", "libssl1.1", "g++"].map(aptWord)).toEqual([
		"libssl3",
		String.raw`'^libssl1\.1$'`,
		String.raw`'^g\+\+$'`,
	]);
	fc.assert(
		fc.property(name, name, (one, other) => {
			const word = aptWord(one);
			if (word === one) {
				expect(one).toMatch(/^[A-Za-z0-9_-]+$/);
				return;
			}
			const fits = new RegExp(word.slice(1, -1));
			expect([fits.test(one), fits.test(other), fits.test(`${one}x`)]).toEqual([true, one === other, false]);
		}),
	);
});
