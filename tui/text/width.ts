/**
 * How many columns text takes, grapheme by grapheme, and which graphemes every terminal agrees about.
 * The painter and all drawing measure with this and nothing else.
 */
import stringWidth from "string-width";
import { asciiTwin } from "./letters.ts";

export interface Grapheme {
	readonly text: string;
	readonly width: 1 | 2;
	/** False: terminals disagree about its width (emoji, clusters), so the cursor must be placed again after it. */
	readonly sure: boolean;
}

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
const asciiOnly = /^[\x20-\x7e]*$/;
/** Latin-1 letters and signs, box drawing, blocks, braille, and the geometric shapes and marks the console itself uses. */
const surelyNarrow =
	/^[\u00a1-\u00ac\u00ae-\u00ff\u0100-\u024f\u0370-\u03ff\u0400-\u045f\u2013\u2014\u2018-\u201d\u2026\u203a\u2190-\u2193\u2500-\u259f\u25a0\u25b2\u25bc\u25b4\u25be\u25c6\u25cb\u25cf\u25b8\u2713\u2717\u2800-\u28ff]$/;
/** CJK of the basic plane, in Unicode since before emoji: two columns everywhere. */
const surelyWide = /^[\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff5e]$/;

const cache = new Map<string, Grapheme | undefined>();
const cacheLimit = 4_096;

/** For every UTF-16 unit that is surely one or two columns by itself: that width. 0: it takes a closer look. */
const sureWidths = new Uint8Array(0x10000);
const sureGraphemes: Grapheme[] = [];
/** Letters that terminals of East Asian settings give two columns (UAX #11: ambiguous) have these there. */
let isAmbiguousWide = false;
for (let unit = 0x20; unit < sureWidths.length; unit++) {
	const text = String.fromCharCode(unit);
	const width = asciiOnly.test(text) || surelyNarrow.test(text) ? 1 : surelyWide.test(text) ? 2 : 0;
	if (width === 0) continue;
	sureWidths[unit] = width;
	sureGraphemes[unit] = { text, width, sure: true };
}

/**
 * From now on ambiguous letters take two columns, or one again; the console's own signs stay at one, as they are written in ASCII
 * where they would not be. What was measured before is to be measured again.
 */
export function setAmbiguousWide(isWide: boolean): void {
	if (isWide === isAmbiguousWide) return;
	isAmbiguousWide = isWide;
	cache.clear();
	for (const [unit, grapheme] of sureGraphemes.entries()) {
		if (!grapheme || unit < 0x80) continue;
		const width = surelyWide.test(grapheme.text) ? 2 : columnsOf(grapheme.text);
		sureWidths[unit] = width;
		sureGraphemes[unit] = { text: grapheme.text, width, sure: true };
	}
}

function columnsOf(text: string): 1 | 2 {
	const isWide = isAmbiguousWide && asciiTwin(text) === text;
	return stringWidth(text, { ambiguousIsNarrow: !isWide }) > 1 ? 2 : 1;
}

/**
 * Graphemes in order; those that take no column are left out. Clusters on whose width terminals disagree (flags, joined
 * emoji, syllables with spacing marks) come as their code points, each with at most two marks above or below it.
 */
export function graphemes(text: string): Grapheme[] {
	return simpleGraphemes(text) ?? clusters(text);
}

/** Undefined when there is anything in the text that could join with what is beside it. */
function simpleGraphemes(text: string): Grapheme[] | undefined {
	const found: Grapheme[] = [];
	for (let index = 0; index < text.length; index++) {
		const grapheme = sureGraphemes[text.charCodeAt(index)];
		if (!grapheme) return undefined;
		found.push(grapheme);
	}
	return found;
}

function clusters(text: string): Grapheme[] {
	const found: Grapheme[] = [];
	for (const { segment } of segmenter.segment(text)) {
		const simple =
			segment.length === 1 || !/[^\p{Mn}]\p{Mn}*[^\p{Mn}]/u.test(segment) ? [segment] : splitCluster(segment);
		for (const part of simple) {
			const grapheme = measure(part);
			if (grapheme) found.push(grapheme);
		}
	}
	return found;
}

function splitCluster(cluster: string): string[] {
	return cluster.match(/\P{Mn}\p{Mn}{0,2}/gu) ?? [];
}

/** Columns the text takes. Control characters must be gone already. */
export function widthOf(text: string): number {
	if (asciiOnly.test(text)) return text.length;
	let width = 0;
	for (let index = 0; index < text.length; index++) {
		const sure = sureWidths[text.charCodeAt(index)] ?? 0;
		if (sure === 0) return clusters(text).reduce((sum, grapheme) => sum + grapheme.width, 0);
		width += sure;
	}
	return width;
}

/** A UTF-16 unit that is one column by itself on every terminal, and joins with nothing that is so too. */
export function isSurelyNarrow(unit: number): boolean {
	return sureWidths[unit] === 1;
}

export function isAscii(text: string): boolean {
	return asciiOnly.test(text);
}

function measure(segment: string): Grapheme | undefined {
	if (cache.has(segment)) return cache.get(segment);
	if (cache.size >= cacheLimit) cache.clear();
	const grapheme = measureNew(segment);
	cache.set(segment, grapheme);
	return grapheme;
}

function measureNew(segment: string): Grapheme | undefined {
	const known = segment.length === 1 ? sureGraphemes[segment.charCodeAt(0)] : undefined;
	if (known) return known;
	const text = /^.\p{Mn}{0,2}/su.exec(segment.replace(/\p{Variation_Selector}/gu, ""))?.[0] ?? "";
	return stringWidth(text) === 0 ? undefined : { text, width: columnsOf(text), sure: false };
}
