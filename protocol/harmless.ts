/**
 * The one place where text from a host becomes safe to show. Whatever could steer a terminal, turn the reading
 * direction round or hide is written out as an escape; what remains are characters that can be seen.
 */
/** Nothing to be done: most text by far. */
const asciiOnly = /^[\x20-\x7e]*$/;

const named: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\u001b": "\\e", "\0": "\\0" };

/** Controls, format characters (bidi, zero width, tags), separators, surrogates, unassigned, and what is drawn as nothing. */
const dangerous = /\p{Cc}|\p{Cf}|\p{Cs}|\p{Cn}|\p{Zl}|\p{Zp}|\u115f|\u1160|\u3164|\uffa0|\u034f|\u17b4|\u17b5|\ufffc/gu;
const variation = /\p{Variation_Selector}/gu;
/** More marks on one letter than any language uses would be drawn over the rows around it. */
const tooManyMarks = /(\p{M}{3})\p{M}+/gu;

/** One line of text, safe to put on a screen. The length is not bounded here. */
export function harmless(text: string): string {
	if (asciiOnly.test(text) || isPlain(text)) return text;
	return madeHarmless(text);
}

/** Every character is harmless by itself and joins with none before it: so is the text. What the console draws itself is such. */
function isPlain(text: string): boolean {
	for (let index = 0; index < text.length; index++) {
		const unit = text.charCodeAt(index);
		if ((plainUnits[unit] || lookAt(unit)) !== plain) return false;
	}
	return true;
}

const plain = 1;
const notPlain = 2;
/** By UTF-16 unit; 0: nobody has looked yet. */
const plainUnits = new Uint8Array(0x10000);
/** Marks, and the parts of Korean syllables: NFC may make one character of them and what is before. */
const joining = /[\p{M}\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]/u;

function lookAt(unit: number): number {
	const character = String.fromCharCode(unit);
	const isAlone = !joining.test(character) && madeHarmless(character) === character;
	plainUnits[unit] = isAlone ? plain : notPlain;
	return isAlone ? plain : notPlain;
}

function madeHarmless(text: string): string {
	return text
		.normalize("NFC")
		.replace(variation, "")
		.replace(dangerous, escaped)
		.replace(tooManyMarks, "$1…")
		.replace(/\p{Zs}/gu, " ");
}

/** Text of several lines: line ends are kept, tabs become blanks, each line is made safe. */
export function harmlessLines(text: string): string[] {
	return text.split(/\r\n|\n|\r/).map((line) => harmless(line.replaceAll("\t", "    ")));
}

function escaped(character: string): string {
	const name = named[character];
	if (name) return name;
	const code = character.codePointAt(0) ?? 0;
	return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
}

/** What JSON.stringify leaves as it is though a terminal acts on it: DEL, C1 controls, bidi and other format characters. */
const unsafeInJson = /[\u007f-\u009f]|\p{Cf}|\p{Zl}|\p{Zp}/gu;

/** JSON that may be looked at in a terminal: the same value, all that steers one escaped. */
export function harmlessJson(value: unknown, indent?: number): string {
	const text = JSON.stringify(value, null, indent);
	return asciiOnly.test(text) ? text : text.replace(unsafeInJson, escapedUnits);
}

function escapedUnits(character: string): string {
	return Array.from(
		{ length: character.length },
		(_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`,
	).join("");
}
