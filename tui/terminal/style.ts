/**
 * What a cell looks like beside its character: colours and attributes, interned so that equal styles are the same
 * object, and written out at the colour depth of the terminal. It knows SGR and nothing else.
 */
import { isColourful, lowerColour, type Rendering } from "./colour.ts";

/** `rgb` is 0xRRGGBB, `index` one of the 256. */
export type Colour = { readonly rgb: number } | { readonly index: number } | undefined;

/** Attributes as bits. */
export const attribute = { bold: 1, faint: 2, italic: 4, underline: 8, inverse: 16, strike: 32 } as const;

const attributeCodes: readonly (readonly [bit: number, sgr: number])[] = [
	[attribute.bold, 1],
	[attribute.faint, 2],
	[attribute.italic, 3],
	[attribute.underline, 4],
	[attribute.inverse, 7],
	[attribute.strike, 9],
];

export interface Style {
	readonly id: number;
	readonly foreground: Colour;
	readonly background: Colour;
	readonly attributes: number;
}

const interned = new Map<string, Style>();

export const plainStyle: Style = internStyle(undefined, undefined, 0);

/** The one object for this look. Hosts cannot make new ones: only our theme names colours, so the set stays small. */
export function internStyle(foreground: Colour, background: Colour, attributes: number): Style {
	const key = `${colourKey(foreground)}/${colourKey(background)}/${attributes}`;
	const known = interned.get(key);
	if (known) return known;
	const style: Style = { id: interned.size, foreground, background, attributes };
	interned.set(key, style);
	return style;
}

function colourKey(colour: Colour): string {
	if (!colour) return "";
	return "rgb" in colour ? `#${colour.rgb}` : `${colour.index}`;
}

/** What is seen on a blank, beside its background. */
const seenOnBlank = attribute.underline | attribute.inverse | attribute.strike;

const blanks = new Map<Style, Style>();

/** The style a blank of this one looks the same in; all that look alike as blanks have the same. */
export function blankStyle(style: Style): Style {
	const known = blanks.get(style);
	if (known) return known;
	const isInked = (style.attributes & seenOnBlank) !== 0;
	const alike = isInked ? style : internStyle(undefined, style.background, 0);
	blanks.set(style, alike);
	return alike;
}

/** Sequences met before, by the style they were met in; what is drawn uses few. */
const applied = new Map<Style, Map<string, Style>>();

/** The style after an SGR sequence with these parameters (the text between `ESC [` and `m`). */
export function applySgr(style: Style, parameters: string): Style {
	if (parameters === "0" || parameters === "") return plainStyle;
	let known = applied.get(style);
	if (!known) {
		known = new Map();
		applied.set(style, known);
	}
	const before = known.get(parameters);
	if (before) return before;
	const after = computeSgr(style, parameters);
	if (known.size < 500) known.set(parameters, after);
	return after;
}

function computeSgr(style: Style, parameters: string): Style {
	const codes = parameters === "" ? [0] : parameters.split(/[;:]/).map(Number);
	let { foreground, background, attributes } = style;
	for (let index = 0; index < codes.length; index++) {
		const code = codes[index] ?? 0;
		if (code === 0) {
			foreground = undefined;
			background = undefined;
			attributes = 0;
		} else if (code === 38 || code === 48) {
			const colour = extendedColour(codes, index + 1);
			index += colour.used;
			if (code === 38) foreground = colour.value;
			else background = colour.value;
		} else if (code >= 30 && code <= 37) foreground = { index: code - 30 };
		else if (code >= 90 && code <= 97) foreground = { index: code - 82 };
		else if (code === 39) foreground = undefined;
		else if (code >= 40 && code <= 47) background = { index: code - 40 };
		else if (code >= 100 && code <= 107) background = { index: code - 92 };
		else if (code === 49) background = undefined;
		else attributes = applyAttribute(attributes, code);
	}
	return internStyle(foreground, background, attributes);
}

function extendedColour(codes: readonly number[], at: number): { value: Colour; used: number } {
	if (codes[at] === 5) return { value: { index: (codes[at + 1] ?? 0) & 255 }, used: 2 };
	if (codes[at] === 2) {
		const [red = 0, green = 0, blue = 0] = codes.slice(at + 1, at + 4);
		return { value: { rgb: ((red & 255) << 16) | ((green & 255) << 8) | (blue & 255) }, used: 4 };
	}
	return { value: undefined, used: 1 };
}

function applyAttribute(attributes: number, code: number): number {
	for (const [bit, sgr] of attributeCodes) if (sgr === code) return attributes | bit;
	if (code === 22) return attributes & ~(attribute.bold | attribute.faint);
	if (code === 23) return attributes & ~attribute.italic;
	if (code === 24) return attributes & ~attribute.underline;
	if (code === 27) return attributes & ~attribute.inverse;
	if (code === 29) return attributes & ~attribute.strike;
	return attributes;
}

/** Ways met before; what is drawn uses few styles. */
const between = new Map<Rendering, Map<Style, Map<Style, string>>>();

/** The shortest SGR sequence that leads from one style to another in this rendering. */
export function sgrBetween(from: Style, to: Style, rendering: Rendering): string {
	if (from === to) return "";
	const ofDepth = inner(between, rendering, () => new Map<Style, Map<Style, string>>());
	const ofStyle = inner(ofDepth, from, () => new Map<Style, string>());
	return inner(ofStyle, to, () => computeBetween(lowerStyle(from, rendering), lowerStyle(to, rendering)));
}

function inner<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
	const known = map.get(key);
	if (known !== undefined) return known;
	const made = make();
	map.set(key, made);
	return made;
}

const black: Colour = { index: 0 };

/**
 * The style with the colours the rendering has. Where tints are missing, what has a background is shown inverse instead:
 * that is readable in every theme, and the cursor's row, the active tab and text fields must not vanish.
 */
function lowerStyle(style: Style, rendering: Rendering): Style {
	const foreground = lowerColour(style.foreground, rendering);
	const background = lowerColour(style.background, rendering);
	if (!style.background || (rendering !== "none" && rendering !== "16"))
		return internStyle(foreground, background, style.attributes);
	if (rendering === "16" && isColourful(style.background)) return internStyle(black, background, style.attributes);
	return internStyle(undefined, undefined, style.attributes | attribute.inverse);
}

function computeBetween(from: Style, to: Style): string {
	const lost = from.attributes & ~to.attributes;
	const codes: string[] = [];
	const base = lost ? plainStyle : from;
	if (lost) codes.push("0");
	for (const [bit, sgr] of attributeCodes) if (to.attributes & ~base.attributes & bit) codes.push(String(sgr));
	if (!sameColour(base.foreground, to.foreground)) codes.push(...colourCodes(to.foreground, 30));
	if (!sameColour(base.background, to.background)) codes.push(...colourCodes(to.background, 40));
	return codes.length === 0 ? "" : `\u001b[${to === plainStyle ? "" : codes.join(";")}m`;
}

function sameColour(one: Colour, other: Colour): boolean {
	return one === other || colourKey(one) === colourKey(other);
}

function colourCodes(colour: Colour, base: 30 | 40): string[] {
	if (!colour) return [String(base + 9)];
	if ("rgb" in colour) {
		const { rgb } = colour;
		return [String(base + 8), "2", String(rgb >> 16), String((rgb >> 8) & 255), String(rgb & 255)];
	}
	if (colour.index < 8) return [String(base + colour.index)];
	if (colour.index < 16) return [String(base + 52 + colour.index)];
	return [String(base + 8), "5", String(colour.index)];
}
