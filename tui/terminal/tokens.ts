/**
 * Cuts what a terminal sends into tokens: one key each, a paste whole, and apart from both what the terminal itself
 * says (mouse, focus, answers to queries). Pure; waiting for the rest of a split sequence is the caller's.
 */

export type Token =
	| { readonly kind: "key"; readonly text: string }
	| { readonly kind: "paste"; readonly text: string }
	| { readonly kind: "mouse" | "focus" | "reply"; readonly text: string };

export interface Cut {
	readonly tokens: readonly Token[];
	/** The start of a sequence whose end has not come yet. */
	readonly rest: string;
}

const pasteStart = "\u001b[200~";
const pasteEnd = "\u001b[201~";
/** A reply or paste that never ends must not grow for ever. Characters. */
const longestSequence = 1_000_000;
const longestReply = 4_096;

const csi = /^\u001b\[(\[?)([\x30-\x3f]*)([\x20-\x2f]*)([\x40-\x7e])/;
const partialCsi = /^\u001b\[\[?[\x30-\x3f]*[\x20-\x2f]*$/;
const ss3 = /^\u001bO[\d;]*[\x40-\x7e]/;
const partialSs3 = /^\u001bO[\d;]*$/;
const stringStart = /^\u001b[\]P_^X]/;
// biome-ignore lint/complexity/useRegexLiterals: a literal with ESC and BEL is harder to read
const stringEnd = new RegExp("\u001b\\\\|\u0007|\u009c");

export function cutTokens(input: string): Cut {
	const tokens: Token[] = [];
	let rest = input;
	while (rest !== "") {
		const length = rest.startsWith("\u001b") ? cutSequence(rest, tokens) : cutText(rest, tokens);
		if (length === 0) break;
		rest = rest.slice(length);
	}
	return { tokens, rest };
}

/** One code point is one key, so that glued `jjj` is three. */
function cutText(text: string, tokens: Token[]): number {
	const character = String.fromCodePoint(text.codePointAt(0) ?? 0);
	tokens.push({ kind: "key", text: character });
	return character.length;
}

/** 0: the sequence is not complete. */
function cutSequence(text: string, tokens: Token[]): number {
	if (text.startsWith(pasteStart)) return cutPaste(text, tokens);
	const found = csi.exec(text);
	if (found) return cutCsi(text, found, tokens);
	if (partialCsi.test(text)) return 0;
	const key = ss3.exec(text);
	if (key) {
		tokens.push({ kind: "key", text: key[0] });
		return key[0].length;
	}
	if (partialSs3.test(text) || text === "\u001b") return 0;
	if (stringStart.test(text)) return cutString(text, tokens);
	if (text.startsWith("\u001b\u001b")) {
		tokens.push({ kind: "key", text: "\u001b" });
		return 1;
	}
	const character = String.fromCodePoint(text.codePointAt(1) ?? 0);
	tokens.push({ kind: "key", text: `\u001b${character}` });
	return 1 + character.length;
}

function cutPaste(text: string, tokens: Token[]): number {
	const end = text.indexOf(pasteEnd, pasteStart.length);
	if (end < 0 && text.length < longestSequence) return 0;
	const stop = end < 0 ? text.length : end;
	tokens.push({ kind: "paste", text: text.slice(pasteStart.length, stop) });
	return end < 0 ? text.length : end + pasteEnd.length;
}

function cutString(text: string, tokens: Token[]): number {
	const end = stringEnd.exec(text.slice(2));
	if (!end && text.length < longestReply) return 0;
	const length = end ? 2 + end.index + end[0].length : text.length;
	tokens.push({ kind: "reply", text: text.slice(0, length) });
	return length;
}

function cutCsi(text: string, found: RegExpExecArray, tokens: Token[]): number {
	const [whole, , parameters = "", intermediates = "", final = ""] = found;
	// X10 mouse: three bytes follow the sequence itself.
	if (final === "M" && parameters === "") {
		if (text.length < whole.length + 3) return 0;
		tokens.push({ kind: "mouse", text: text.slice(0, whole.length + 3) });
		return whole.length + 3;
	}
	tokens.push({ kind: kindOfCsi(parameters, intermediates, final), text: whole });
	return whole.length;
}

function kindOfCsi(parameters: string, intermediates: string, final: string): "key" | "mouse" | "focus" | "reply" {
	if (parameters.startsWith("<") && /[mM]/.test(final)) return "mouse";
	if (parameters === "" && intermediates === "" && /[IO]/.test(final)) return "focus";
	if (/^[?>=]/.test(parameters) || intermediates !== "" || /[cntx]/.test(final)) return "reply";
	if (final === "R" && parameters.includes(";") && !/^1;\d$/.test(parameters)) return "reply";
	return "key";
}
