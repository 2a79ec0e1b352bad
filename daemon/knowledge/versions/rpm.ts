/** RPM's version order (rpmvercmp, rpm-version(7)) as byte keys: Red Hat and its family, SUSE, Fedora. */
import { KeyWriter, splitEpoch, writeEpoch } from "./key-writer.ts";

/** What may stand at one place, in this order. */
const token = { tilde: 1, end: 2, caret: 3, letters: 4, digits: 5 };

/**
 * Of `[epoch:]version[-release]`; a missing epoch is 0. Without a release it sorts before the same version with one. Null
 * for nothing, and for an epoch that is no number.
 */
export function rpmKey(text: string): Uint8Array | null {
	const split = splitEpoch(text.trim());
	if (split === null || split.rest === "") return null;
	const { epoch, rest } = split;
	const dash = rest.lastIndexOf("-");
	const key = new KeyWriter();
	writeEpoch(key, epoch);
	writePart(key, dash < 0 ? rest : rest.slice(0, dash));
	writePart(key, dash < 0 ? "" : rest.slice(dash + 1));
	return key.finish();
}

/** Whatever is neither letter, digit, tilde nor caret only separates. */
function writePart(key: KeyWriter, part: string): void {
	for (const [word] of part.matchAll(/~|\^|[A-Za-z]+|[0-9]+/g)) {
		if (word === "~") key.byte(token.tilde);
		else if (word === "^") key.byte(token.caret);
		else if (word.charCodeAt(0) > 57) key.byte(token.letters).ascii(word).byte(0);
		else key.byte(token.digits).number(word);
	}
	key.byte(token.end);
}
