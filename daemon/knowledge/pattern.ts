/** Regular expressions of signatures: RE2 syntax, run in time linear to the text, on a bounded part of it. */
import { RE2JS } from "re2js";

/** Longest pattern taken, in characters. */
export const longestPattern = 400;
/** Largest compiled program taken, in instructions: what a pattern costs for each character of text. */
export const largestProgram = 2_000;
const longestText = 32_768;
const cacheLimit = 2_000;
const compiled = new Map<string, RE2JS>();

/** Compiles once and remembers. Throws an Error with a readable message on bad or costly patterns. */
export function compilePattern(pattern: string): RE2JS {
	const known = compiled.get(pattern);
	if (known !== undefined) return known;
	if (pattern.length > longestPattern) throw new Error(`pattern is longer than ${longestPattern} characters`);
	const made = RE2JS.compile(pattern);
	if (made.programSize() > largestProgram) throw new Error(`pattern costs too much: ${pattern}`);
	if (compiled.size >= cacheLimit) compiled.clear();
	compiled.set(pattern, made);
	return made;
}

/** True when the pattern is found anywhere in the first 32 KiB of the text. */
export function patternMatches(pattern: string, text: string): boolean {
	return compilePattern(pattern).matcher(text.slice(0, longestText)).find();
}

/** The first capture group that took part, or the whole match when the pattern has none; "" when it is not found. */
export function patternExtract(pattern: string, text: string): string {
	const matcher = compilePattern(pattern).matcher(text.slice(0, longestText));
	if (!matcher.find()) return "";
	for (let group = 1; group <= matcher.groupCount(); group++) {
		const found = matcher.group(group);
		if (typeof found === "string") return found;
	}
	return matcher.group(0) ?? "";
}
