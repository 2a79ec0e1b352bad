/** Regular expressions of tag rules: RE2 syntax, in time linear to the text, without regard to case unless (?-i) says so. */
import { RE2JS } from "re2js";
import { syntaxError } from "./scanner.ts";

const longestPattern = 1_000;
/** What a pattern costs for each character of text, in instructions. */
const largestProgram = 5_000;
const longestText = 4_096;
const mostKept = 200;
const compiled = new Map<string, RE2JS>();

/** Is the pattern found anywhere in the text? Throws `invalid` for a pattern that cannot be read. */
export function patternFound(pattern: string, text: string): boolean {
	return compilePattern(pattern).matcher(text.slice(0, longestText)).find();
}

/** Throws `invalid` saying what is wrong with it. */
export function compilePattern(pattern: string): RE2JS {
	const known = compiled.get(pattern);
	if (known !== undefined) return known;
	if (pattern.length > longestPattern) {
		throw syntaxError(`The regular expression is longer than ${longestPattern} characters`, longestPattern);
	}
	const made = tryCompile(pattern);
	if (made.programSize() > largestProgram) {
		throw syntaxError("The regular expression costs too much", 0, "Use smaller repetitions.");
	}
	if (compiled.size >= mostKept) compiled.clear();
	compiled.set(pattern, made);
	return made;
}

function tryCompile(pattern: string): RE2JS {
	try {
		return RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
	} catch (cause) {
		const why = cause instanceof Error ? cause.message : String(cause);
		throw syntaxError(`The regular expression cannot be read: ${why}`, 0, "Write it in the syntax of RE2.");
	}
}
