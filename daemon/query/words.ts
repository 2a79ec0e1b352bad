/** Texts by words: where they begin and end is Unicode's UAX #29 (https://unicode.org/reports/tr29/), without regard to case. */

const segmenter = new Intl.Segmenter("en", { granularity: "word" });
/** More of a text is not looked at. Characters. */
const longest = 20_000;
const mostKept = 5_000;
const kept = new Map<string, readonly string[]>();

/**
 * Lower case, but for the two letters that would become ASCII ones: SQLite's search for ASCII letters, which comes first
 * where it can, would not find them.
 */
export function fold(text: string): string {
	return /[\u0130\u212a]/u.test(text)
		? text.replace(/[^\u0130\u212a]+/gu, (rest) => rest.toLowerCase())
		: text.toLowerCase();
}

/** `10.10.10.10` and `db.example.org` are one word, `web-01` is two. */
export function wordsOf(text: string): readonly string[] {
	const known = kept.get(text);
	if (known !== undefined) return known;
	const cut = text.slice(0, longest);
	const words = /^[\x00-\x7f]*$/.test(cut)
		? (cut.toLowerCase().match(asciiWord) ?? []).filter(isWord)
		: segmented(fold(cut));
	if (text.length <= 200) {
		if (kept.size >= mostKept) kept.clear();
		kept.set(text, words);
	}
	return words;
}

/** What UAX #29 makes of ASCII, a hundred times as fast; a test holds it to the segmenter. */
const asciiWord = /[a-z0-9_]+(?:(?:(?<=[a-z])[.':](?=[a-z])|(?<=[0-9])[.',;](?=[0-9]))[a-z0-9_]+)*/g;

/** An underscore alone is no word; two are. */
function isWord(word: string): boolean {
	return word !== "_";
}

function segmented(text: string): string[] {
	return Array.from(segmenter.segment(text)).flatMap(({ segment, isWordLike }) => (isWordLike === true ? segment : []));
}

/** What is asked of a text. All but `exact` go by words; signs alone, which make no word, are looked for as they stand. */
export type TextTest =
	/** Each begins some word. */
	| { readonly kind: "words"; readonly words: readonly string[] }
	/** They follow each other; the last need only begin a word. */
	| { readonly kind: "phrase"; readonly words: readonly string[] }
	/** Some word, or the whole text, ends so. */
	| { readonly kind: "end"; readonly text: string }
	/** Anywhere. */
	| { readonly kind: "within"; readonly text: string };

export function textFits(test: TextTest, text: string): boolean {
	switch (test.kind) {
		case "within":
			return fold(text).includes(test.text);
		case "end":
			return fold(text).endsWith(test.text) || wordsOf(text).some((word) => word.endsWith(test.text));
		case "words": {
			const words = wordsOf(text);
			return test.words.every((wanted) => words.some((word) => word.startsWith(wanted)));
		}
		case "phrase": {
			const words = wordsOf(text);
			const last = test.words.length - 1;
			return words.some((_, at) =>
				test.words.every((wanted, index) => {
					const word = words[at + index];
					return index === last ? word?.startsWith(wanted) === true : word === wanted;
				}),
			);
		}
	}
}

/** The test for one unquoted word, with `*` at either end standing for anything. Null: any text fits. */
export function wordTest(word: string): TextTest | null {
	const before = word.startsWith("*");
	const after = word.length > 1 && word.endsWith("*");
	const plain = word.slice(before ? 1 : 0, after ? -1 : undefined);
	const folded = fold(plain);
	if (plain === "") return null;
	if (before) return { kind: after ? "within" : "end", text: folded };
	const words = wordsOf(plain);
	return words.length === 0 ? { kind: "within", text: folded } : { kind: "words", words };
}

/** The test for a text in quotes. Null: any text fits. */
export function phraseTest(text: string): TextTest | null {
	if (text.trim() === "") return null;
	const words = wordsOf(text);
	return words.length === 0 ? { kind: "within", text: fold(text) } : { kind: "phrase", words };
}

/** Pieces that each fitting text holds as they are written, in ASCII: what a plain search may look for first. */
export function surePieces(test: TextTest): string[] {
	const pieces = "words" in test ? test.words : [test.text];
	return pieces.filter((piece) => /^[\x20-\x7e]+$/.test(piece)).slice(0, 4);
}
