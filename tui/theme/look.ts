/**
 * How things look, by what they mean. Screens name a token, never a colour; the painter lowers colours to what the
 * terminal has, so every token must also be told apart by its text, its place or its weight.
 */
import { type Look, type Theme, type ThemeTable, type ThemeToken, themes } from "./themes.ts";

let table: ThemeTable = themes.auto.table;
let version = 0;

/** Everything is drawn in this theme from now on; what was drawn before is not changed by it. */
export function wear(theme: Theme): void {
	if (theme.table === table) return;
	table = theme.table;
	version++;
	sequences.clear();
}

/** Everything is drawn again, as letters are measured otherwise now. */
export function measureAnew(): void {
	version++;
}

/** Changes with the theme: whoever keeps drawn text keeps it for one version. */
export function lookVersion(): number {
	return version;
}

/** A mark in a colour that somebody chose, #RRGGBB, dark or light writing on it. It must be told by its letter, too. */
export type Mark = `mark#${string}`;
export type Token = ThemeToken | Mark;

const reset = "\u001b[0m";
/** By base, by token. */
const sequences = new Map<Token, Map<Token, string>>();

/** Wraps text, already harmless, in the look of a token, on top of a base that gives what the token leaves open. */
export function styled(text: string, token: Token, base: Token = "text"): string {
	if (text === "") return "";
	const sequence = sequenceOf(token, base);
	return sequence === "" ? text : `${sequence}${text}${reset}`;
}

function sequenceOf(token: Token, base: Token): string {
	const known = sequences.get(base)?.get(token);
	if (known !== undefined) return known;
	const own = lookOf(token);
	const under = lookOf(base);
	const sequence = sgrOf({ ...under, ...own, bold: own.bold === true || under.bold === true });
	const onBase = sequences.get(base) ?? new Map<Token, string>();
	sequences.set(base, onBase.set(token, sequence));
	return sequence;
}

function lookOf(token: Token): Look {
	return isMark(token) ? markLook(token) : table[token];
}

function isMark(token: Token): token is Mark {
	return token.startsWith("mark#");
}

/** Black or white, whichever is read more easily on it (relative luminance of WCAG 2, about). */
function markLook(token: Mark): Look {
	const colour = Number.parseInt(token.slice("mark#".length), 16);
	if (!Number.isInteger(colour) || colour < 0 || colour > 0xffffff) return table.chip;
	const light = 0.2126 * (colour >> 16) + 0.7152 * ((colour >> 8) & 255) + 0.0722 * (colour & 255) > 140;
	return { foreground: light ? 0x000000 : 0xffffff, background: colour, bold: true };
}

function sgrOf(look: Look): string {
	const codes: string[] = [];
	if (look.bold) codes.push("1");
	if (look.italic) codes.push("3");
	if (look.underline) codes.push("4");
	if (look.inverse) codes.push("7");
	if (look.foreground !== undefined) codes.push(`38;2;${rgb(look.foreground)}`);
	if (look.background !== undefined) codes.push(`48;2;${rgb(look.background)}`);
	return codes.length === 0 ? "" : `\u001b[${codes.join(";")}m`;
}

function rgb(colour: number): string {
	return `${colour >> 16};${(colour >> 8) & 255};${colour & 255}`;
}
