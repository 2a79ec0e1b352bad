/** A fingerprint at work: its pattern tried on a text, and what it reads out of it. In time linear to the text. */
import { RE2JS } from "re2js";
import type { Fingerprint, FingerprintExample } from "../advisories/feeds/recog.ts";
import { largestProgram } from "../pattern.ts";

/** `service.product` → `nginx`; what is empty is left out. */
export type Recognised = ReadonlyMap<string, string>;

/** Fingerprints have longer patterns than signatures: lists of models. Characters. */
const longestPattern = 2_000;
/** Banners are short; what comes after is not looked at. Characters. */
const longestText = 4_096;
const longestField = 300;

/** Throws an Error, with the reason, for a pattern that is not linear-time or costs too much. */
export function compileFingerprint({ pattern, flags }: Pick<Fingerprint, "pattern" | "flags">): RE2JS {
	if (pattern.length > longestPattern) throw new Error(`its pattern is longer than ${longestPattern} characters`);
	// Ruby's ^ and $ are about lines.
	let options = RE2JS.MULTILINE;
	if (flags.includes("i")) options |= RE2JS.CASE_INSENSITIVE;
	if (flags.includes("s")) options |= RE2JS.DOTALL;
	const compiled = RE2JS.compile(withoutLongCounts(pattern), options);
	if (compiled.programSize() > largestProgram) throw new Error("its pattern costs too much");
	return compiled;
}

/** `.{1,512}` is 512 copies of a dot to this engine; texts are bounded here, so `.+` does. */
function withoutLongCounts(pattern: string): string {
	return pattern.replace(/(?<!\\)\{([01]),[0-9]{3,4}\}/g, (_, least: string) => (least === "0" ? "*" : "+"));
}

/** Null when the pattern is not found. */
export function recognise({ params }: Pick<Fingerprint, "params">, pattern: RE2JS, text: string): Recognised | null {
	const matcher = pattern.matcher(text.slice(0, longestText));
	if (!matcher.find()) return null;
	const fields = new Map<string, string>();
	for (const { group, name, value } of params) {
		const found = group === 0 ? value : group <= matcher.groupCount() ? matcher.group(group) : null;
		if (typeof found === "string" && found !== "") fields.set(name, found.slice(0, longestField));
	}
	// Values may name others; what is not known is CPE's word for any.
	for (const [name, value] of fields) {
		if (value.includes("{"))
			fields.set(
				name,
				value.replace(/\{([a-z0-9_.]{1,60})\}/g, (_, other) => fields.get(other) ?? "-"),
			);
	}
	return fields;
}

/** What is wrong with it by its own examples; null when nothing is. */
export function failedExample(
	fingerprint: Pick<Fingerprint, "params">,
	pattern: RE2JS,
	examples: readonly FingerprintExample[],
): string | null {
	for (const { text, fields } of examples) {
		const found = recognise(fingerprint, pattern, text);
		const short = JSON.stringify(text.slice(0, 60));
		if (found === null) return `its example ${short} is not found`;
		for (const [name, value] of fields) {
			if ((found.get(name) ?? "") !== value.slice(0, longestField))
				return `of its example ${short} it reads another ${name}`;
		}
	}
	return null;
}
