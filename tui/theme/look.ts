/**
 * How things look, by what they mean. Screens name a token, never a colour; the painter lowers colours to what the
 * terminal has, so every token must also be told apart by its text, its place or its weight.
 */

export interface Look {
	readonly foreground?: number;
	readonly background?: number;
	readonly bold?: boolean;
	readonly italic?: boolean;
	readonly underline?: boolean;
	readonly inverse?: boolean;
}

const tokens = {
	text: {},
	strong: { bold: true },
	muted: { foreground: 0x8b93a1 },
	faint: { foreground: 0x5c6370 },
	accent: { foreground: 0x6cb6ff },
	title: { foreground: 0xd5dbe5, bold: true },
	border: { foreground: 0x424a57 },
	borderFocus: { foreground: 0x6cb6ff },
	brand: { foreground: 0x0f1720, background: 0x6cb6ff, bold: true },
	tab: { foreground: 0x8b93a1 },
	tabActive: { foreground: 0xffffff, background: 0x2b3648, bold: true },
	header: { foreground: 0x8b93a1, bold: true },
	headerActive: { foreground: 0xd5dbe5, bold: true, underline: true },
	selected: { foreground: 0xffffff, background: 0x263449 },
	marker: { foreground: 0x6cb6ff, bold: true },
	key: { foreground: 0xe3b341, bold: true },
	chip: { foreground: 0xd5dbe5, background: 0x2b3648 },
	input: { foreground: 0xffffff, bold: true },
	good: { foreground: 0x57c785 },
	warning: { foreground: 0xe3b341 },
	bad: { foreground: 0xff6b6b },
	working: { foreground: 0x6cb6ff },
	barTrack: { foreground: 0x363d49 },
	chart: { foreground: 0x57a6e0 },
	address: { foreground: 0x9fc9f3 },
	number: { foreground: 0xd5dbe5 },
	severity5: { foreground: 0xff5c8a, bold: true },
	severity4: { foreground: 0xff9248, bold: true },
	severity3: { foreground: 0xf0c945 },
	severity2: { foreground: 0x5cb8e6 },
	severity1: { foreground: 0x98a2b3 },
} as const satisfies Record<string, Look>;

/** A mark in a colour that somebody chose, #RRGGBB, dark or light writing on it. It must be told by its letter, too. */
export type Mark = `mark#${string}`;
export type Token = keyof typeof tokens | Mark;

const reset = "\u001b[0m";
const sequences = new Map<string, string>();

/** Wraps text, already harmless, in the look of a token, on top of a base that gives what the token leaves open. */
export function styled(text: string, token: Token, base: Token = "text"): string {
	if (text === "") return "";
	const sequence = sequenceOf(token, base);
	return sequence === "" ? text : `${sequence}${text}${reset}`;
}

function sequenceOf(token: Token, base: Token): string {
	const key = `${token}/${base}`;
	const known = sequences.get(key);
	if (known !== undefined) return known;
	const own = lookOf(token);
	const under = lookOf(base);
	const sequence = sgrOf({ ...under, ...own, bold: own.bold === true || under.bold === true });
	sequences.set(key, sequence);
	return sequence;
}

function lookOf(token: Token): Look {
	return isMark(token) ? markLook(token) : tokens[token];
}

function isMark(token: Token): token is Mark {
	return token.startsWith("mark#");
}

/** Black or white, whichever is read more easily on it (relative luminance of WCAG 2, about). */
function markLook(token: Mark): Look {
	const colour = Number.parseInt(token.slice("mark#".length), 16);
	if (!Number.isInteger(colour) || colour < 0 || colour > 0xffffff) return tokens.chip;
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
