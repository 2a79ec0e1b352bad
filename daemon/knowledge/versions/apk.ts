/** Alpine's version order (apk-tools 3, apk-package(5)) as byte keys. */
import { KeyWriter } from "./key-writer.ts";

const grammar =
	/^([0-9]+)((?:\.[0-9]+)*)([a-z]?)((?:_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)[0-9]*)*)(~[0-9a-f]+)?(?:-r([0-9]+))?$/;

/** What may stand at one place, in this order: a pre-release is before nothing, everything else after it. */
const token = { end: 5, revision: 6, hash: 7, suffixNumber: 8, letter: 14, digits: 15 };
const suffixes: Readonly<Record<string, number>> = {
	...{ alpha: 1, beta: 2, pre: 3, rc: 4 },
	...{ cvs: 9, svn: 10, git: 11, hg: 12, p: 13 },
};
/** A later number that begins with 0 is compared as a text, and is before every other. */
const leadingZero = { yes: 1, no: 2 };

/** Null for what apk calls invalid: such a version is neither older nor newer than another. */
export function apkKey(text: string): Uint8Array | null {
	const [found, first = "", more = "", letter = "", tail = "", hash = "", revision] = grammar.exec(text.trim()) ?? [];
	if (found === undefined) return null;
	const key = new KeyWriter().number(first);
	for (const digits of more.split(".").slice(1)) {
		key.byte(token.digits);
		if (digits.startsWith("0")) key.byte(leadingZero.yes).ascii(digits).byte(0);
		else key.byte(leadingZero.no).number(digits);
	}
	if (letter !== "") key.byte(token.letter).ascii(letter);
	for (const suffix of tail.split("_").slice(1)) {
		const name = suffix.replace(/[0-9]+$/, "");
		key.byte(suffixes[name] ?? 0);
		if (suffix.length > name.length) key.byte(token.suffixNumber).number(suffix.slice(name.length));
	}
	if (hash !== "") key.byte(token.hash).ascii(hash.slice(1)).byte(0);
	if (revision !== undefined) key.byte(token.revision).number(revision);
	return key.byte(token.end).finish();
}
