/** How many colours a terminal has, and the nearest colour it can show for one it cannot. */
import type { Colour } from "./style.ts";

export const colourDepths = ["none", "16", "256", "truecolor"] as const;
export type ColourDepth = (typeof colourDepths)[number];

/**
 * Reads the environment the way terminals and their users set it: NO_COLOR (no-color.org), FORCE_COLOR 0-3,
 * COLORTERM, TERM. SSH does not forward COLORTERM, so a plain `*-256color` counts as 256.
 */
export function detectColourDepth(env: Readonly<Record<string, string | undefined>>): ColourDepth {
	if (env.NO_COLOR) return "none";
	const forced = env.FORCE_COLOR;
	if (forced !== undefined && forced !== "") {
		return forced === "0" || forced === "false" ? "none" : forced === "3" ? "truecolor" : forced === "2" ? "256" : "16";
	}
	const term = env.TERM ?? "";
	if (term === "dumb") return "none";
	if (/^(truecolor|24bit)$/i.test(env.COLORTERM ?? "") || term.endsWith("-direct")) return "truecolor";
	return /256color/.test(term) ? "256" : "16";
}

/** What the colours stand on. The theme is made for dark; for light each colour keeps its hue and its contrast. */
export const backgrounds = ["dark", "light"] as const;
export type Background = (typeof backgrounds)[number];

/** A depth and, where colours are chosen exactly, a background. With sixteen or none the terminal's own theme decides. */
export type Rendering = ColourDepth | `${"256" | "truecolor"} ${"light" | "strong light"}`;

/** `isStrong`: on light paper hues stand out as WCAG's highest level asks, at the price of being darker. */
export function renderingOf(depth: ColourDepth, background: Background, isStrong = false): Rendering {
	if (background !== "light" || (depth !== "256" && depth !== "truecolor")) return depth;
	return isStrong ? `${depth} strong light` : `${depth} light`;
}

/** The xterm defaults of the sixteen, to measure distances with; users may have others. */
const sixteen: readonly number[] = [
	0x000000, 0xcd3131, 0x0dbc79, 0xe5e510, 0x2472c8, 0xbc3fbc, 0x11a8cd, 0xe5e5e5, 0x666666, 0xf14c4c, 0x23d18b,
	0xf5f543, 0x3b8eea, 0xd670d6, 0x29b8db, 0xffffff,
];

const cache = new Map<string, Colour>();

/** The nearest colour of the rendering. */
export function lowerColour(colour: Colour, rendering: Rendering): Colour {
	if (!colour || rendering === "none") return undefined;
	if (rendering === "truecolor" || ("index" in colour && (rendering !== "16" || colour.index < 16))) return colour;
	const rgb = "rgb" in colour ? colour.rgb : rgbOfIndex(colour.index);
	const key = `${rendering} ${rgb}`;
	const known = cache.get(key);
	if (known) return known;
	const lowered = lowerRgb(rgb, rendering);
	cache.set(key, lowered);
	return lowered;
}

function lowerRgb(rgb: number, rendering: Rendering): Colour {
	switch (rendering) {
		case "none":
			return undefined;
		case "16":
			return lowerTo16(rgb);
		case "256":
			return { index: nearest256(rgb) };
		case "256 light":
			return { index: nearest256(onLight(rgb, mostHueContrast)) };
		case "truecolor light":
			return { rgb: onLight(rgb, mostHueContrast) };
		case "256 strong light":
			return { index: nearest256(onLight(rgb, strongHueContrast)) };
		case "truecolor strong light":
			return { rgb: onLight(rgb, strongHueContrast) };
		case "truecolor":
			return { rgb };
	}
}

/** True for colours with a hue; greys are none. */
export function isColourful(colour: Colour): boolean {
	if (!colour) return false;
	const rgb = "rgb" in colour ? colour.rgb : rgbOfIndex(colour.index);
	return Math.max(...parts(rgb)) - Math.min(...parts(rgb)) > 40;
}

/** Greys become the terminal's own text colour or its dim one: a white or black of ours would vanish in some themes. */
function lowerTo16(rgb: number): Colour {
	if (!isColourful({ rgb })) return Math.max(...parts(rgb)) < 0xb0 ? { index: 8 } : undefined;
	const index = hues.reduce((best, hue) => (hueDistance(rgb, hue) < hueDistance(rgb, best) ? hue : best), hues[0]);
	return { index };
}

/** The bright red, green, yellow, blue, magenta, cyan, and plain red: orange and red should differ where they can. */
const hues = [9, 10, 11, 12, 13, 14, 1] as const;

function hueDistance(rgb: number, index: number): number {
	return distance(rgb, sixteen[index] ?? 0);
}

/** Above the 4.5 that WCAG asks of text. */
const mostHueContrast = 5.4;
/** Above the 7 of its highest level. */
const strongHueContrast = 8;
/** What the themes are made for and what is asked of a light terminal; real ones are near. */
export const papers: Readonly<Record<Background, number>> = { dark: 0x11131a, light: 0xfdfdfa };
const darkPaper = luminance(papers.dark);
const lightPaper = luminance(papers.light);

/** The colour of the same hue that stands out from light paper as much as this one does from dark. */
function onLight(rgb: number, most: number): number {
	const contrastOnDark = (luminance(rgb) + 0.05) / (darkPaper + 0.05);
	// A yellow as strong on white as on black is all but black: hues stop where they can still be told apart.
	const wanted = isColourful({ rgb }) ? Math.min(contrastOnDark, most) : contrastOnDark;
	const [hue, saturation] = hueOf(rgb);
	let low = 0;
	let high = 1;
	for (let step = 0; step < 20; step++) {
		const middle = (low + high) / 2;
		const contrast = (lightPaper + 0.05) / (luminance(rgbOfHue(hue, saturation, middle)) + 0.05);
		if (contrast > wanted) low = middle;
		else high = middle;
	}
	return rgbOfHue(hue, saturation, (low + high) / 2);
}

/** Relative luminance, WCAG 2.2. */
export function luminance(rgb: number): number {
	const [red, green, blue] = parts(rgb).map((part) => {
		const value = part / 255;
		return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
	}) as [number, number, number];
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Hue in degrees and saturation, as in HSL. */
function hueOf(rgb: number): [hue: number, saturation: number] {
	const [red, green, blue] = parts(rgb).map((part) => part / 255) as [number, number, number];
	const most = Math.max(red, green, blue);
	const spread = most - Math.min(red, green, blue);
	if (spread === 0) return [0, 0];
	const lightness = most - spread / 2;
	const turn =
		most === red ? (green - blue) / spread : most === green ? 2 + (blue - red) / spread : 4 + (red - green) / spread;
	return [turn * 60, spread / (1 - Math.abs(2 * lightness - 1))];
}

function rgbOfHue(hue: number, saturation: number, lightness: number): number {
	const reach = saturation * Math.min(lightness, 1 - lightness);
	const part = (offset: number) => {
		const at = (((offset + hue / 30) % 12) + 12) % 12;
		return Math.round(255 * (lightness - reach * Math.max(-1, Math.min(at - 3, 9 - at, 1))));
	};
	return (part(0) << 16) | (part(8) << 8) | part(4);
}

/** xterm's 256: a 6×6×6 cube from 16, then 24 greys from 232. */
function nearest256(rgb: number): number {
	const levels = parts(rgb).map((part) => (part < 48 ? 0 : part < 115 ? 1 : Math.min(5, Math.floor((part - 35) / 40))));
	const cube = 16 + 36 * (levels[0] ?? 0) + 6 * (levels[1] ?? 0) + (levels[2] ?? 0);
	const [red, green, blue] = parts(rgb);
	const step = Math.max(0, Math.min(23, Math.round(((red + green + blue) / 3 - 8) / 10)));
	return distance(rgb, rgbOfIndex(232 + step)) < distance(rgb, rgbOfIndex(cube)) ? 232 + step : cube;
}

function rgbOfIndex(index: number): number {
	if (index < 16) return sixteen[index] ?? 0;
	if (index >= 232) return (8 + (index - 232) * 10) * 0x010101;
	const cube = index - 16;
	const level = (value: number) => (value === 0 ? 0 : 55 + value * 40);
	return (level(Math.floor(cube / 36)) << 16) | (level(Math.floor(cube / 6) % 6) << 8) | level(cube % 6);
}

function parts(rgb: number): [number, number, number] {
	return [rgb >> 16, (rgb >> 8) & 255, rgb & 255];
}

function distance(one: number, other: number): number {
	const [red, green, blue] = parts(one);
	const [otherRed, otherGreen, otherBlue] = parts(other);
	return 2 * (red - otherRed) ** 2 + 4 * (green - otherGreen) ** 2 + 3 * (blue - otherBlue) ** 2;
}
