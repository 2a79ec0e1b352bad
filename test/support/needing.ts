/** What not every machine has: its tests are skipped where it is missing, but not where all of them are to run. */
import { type TestAPI, test } from "vitest";

/** `test` for a machine that may be without `what`. */
export function testNeeding(what: string, isThere: boolean): TestAPI | TestAPI["skip"] {
	return mayUse(what, isThere) ? test : test.skip;
}

/**
 * Whether tests may use it, which is whether it is there. With VEDETTE_NO_SKIPS=1, as continuous integration has it, its
 * absence is an error instead, which fails the file: what is always skipped holds nothing.
 */
export function mayUse(what: string, isThere: boolean): boolean {
	if (!isThere && process.env.VEDETTE_NO_SKIPS === "1") throw new Error(`VEDETTE_NO_SKIPS: there is no ${what} here`);
	return isThere;
}
