/** Debian's version order (deb-version(7)) as byte keys: Debian, Ubuntu and everything else that dpkg installs. */
import { KeyWriter, splitEpoch, writeEpoch } from "./key-writer.ts";

const tilde = 1;
/** Nothing sorts after a tilde and before everything else. */
const end = 2;
/** Letters before all other characters, each group in ASCII order. */
const ranks = new Uint8Array(128);
for (const [at, letter] of [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"].entries()) {
	ranks[letter.charCodeAt(0)] = end + 1 + at;
}
for (let code = 33, rank = end + 53; code < 127; code++) {
	const digit = code >= 48 && code <= 57;
	if (ranks[code] === 0 && !digit) ranks[code] = rank++;
}
ranks[126] = tilde;

/** Null for what is no version: nothing, blanks within, other than ASCII, an epoch that is no number. */
export function dpkgKey(text: string): Uint8Array | null {
	const trimmed = text.trim();
	const split = splitEpoch(trimmed);
	if (split === null || split.rest === "" || !/^[!-~]+$/.test(split.rest)) return null;
	const { epoch, rest } = split;
	const dash = rest.lastIndexOf("-");
	const key = new KeyWriter();
	writeEpoch(key, epoch);
	writePart(key, dash < 0 ? rest : rest.slice(0, dash));
	writePart(key, dash < 0 ? "" : rest.slice(dash + 1));
	return key.finish();
}

/** Runs of non-digits and of digits in turn; each run of non-digits ends with `end`, and so does the part. */
function writePart(key: KeyWriter, part: string): void {
	let at = 0;
	do {
		for (; at < part.length && !isDigit(part.charCodeAt(at)); at++) key.byte(ranks[part.charCodeAt(at)] ?? 0);
		key.byte(end);
		const from = at;
		while (at < part.length && isDigit(part.charCodeAt(at))) at++;
		key.number(part.slice(from, at));
	} while (at < part.length);
	key.byte(end);
}

function isDigit(code: number): boolean {
	return code >= 48 && code <= 57;
}
