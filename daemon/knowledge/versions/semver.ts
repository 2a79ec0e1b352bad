/** Semantic versions (SemVer 2.0.0, section 11) as byte keys: npm, Go, crates, NuGet's and others' near enough. */
import { KeyWriter } from "./key-writer.ts";

const grammar =
	/^[vV=]?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?((?:\.[0-9]+)*)(?:-([0-9A-Za-z.-]+))?(?:\+([0-9A-Za-z.-]+))?$/;

/** A pre-release is before its release. */
const release = { pre: 1, final: 2 };
/** Fewer identifiers before more, numbers before words. */
const identifier = { end: 0, number: 1, word: 2 };

/** Missing minor and patch numbers are 0; a fourth number counts after the patch. Build metadata counts for nothing. Null for anything else. */
export function semverKey(text: string): Uint8Array | null {
	const [found, major = "", minor = "", patch = "", more = "", pre] = grammar.exec(text.trim()) ?? [];
	if (found === undefined) return null;
	const key = new KeyWriter().number(major).number(minor).number(patch);
	const further = more.split(".").slice(1);
	while (further.at(-1)?.match(/^0+$/)) further.pop();
	for (const digits of further) key.byte(release.final + 1).number(digits);
	if (pre === undefined) return key.byte(release.final).finish();
	key.byte(release.pre);
	for (const part of pre.split(".")) {
		if (/^[0-9]+$/.test(part)) key.byte(identifier.number).number(part);
		else key.byte(identifier.word).ascii(part).byte(0);
	}
	return key.byte(identifier.end).finish();
}
