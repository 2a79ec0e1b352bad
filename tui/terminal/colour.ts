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

/** The xterm defaults of the sixteen, to measure distances with; users may have others. */
const sixteen: readonly number[] = [
	0x000000, 0xcd3131, 0x0dbc79, 0xe5e510, 0x2472c8, 0xbc3fbc, 0x11a8cd, 0xe5e5e5, 0x666666, 0xf14c4c, 0x23d18b,
	0xf5f543, 0x3b8eea, 0xd670d6, 0x29b8db, 0xffffff,
];

const cache = new Map<string, Colour>();

/** The nearest colour of the depth. A dark background among sixteen becomes none: black boxes are worse than no tint. */
export function lowerColour(colour: Colour, depth: ColourDepth, isBackground: boolean): Colour {
	if (!colour || depth === "none") return undefined;
	if (depth === "truecolor" || ("index" in colour && (depth === "256" || colour.index < 16))) return colour;
	const rgb = "rgb" in colour ? colour.rgb : rgbOfIndex(colour.index);
	const key = `${depth}${isBackground ? "b" : "f"}${rgb}`;
	const known = cache.get(key);
	if (known) return known;
	const lowered: Colour = depth === "256" ? { index: nearest256(rgb) } : lowerTo16(rgb, isBackground);
	cache.set(key, lowered);
	return lowered;
}

function lowerTo16(rgb: number, isBackground: boolean): Colour {
	const [red, green, blue] = parts(rgb);
	const brightest = Math.max(red, green, blue);
	const colourful = brightest - Math.min(red, green, blue) > 40;
	if (isBackground) return brightest < 0x30 ? undefined : colourful ? { index: nearestOf(rgb, 8) } : { index: 8 };
	if (!colourful) return brightest < 0xb0 ? { index: 8 } : undefined;
	return { index: nearestOf(rgb, 16) };
}

function nearestOf(rgb: number, count: number): number {
	let best = 0;
	let least = Number.POSITIVE_INFINITY;
	for (let index = 1; index < count; index++) {
		const away = distance(rgb, sixteen[index] ?? 0);
		if (away < least && index !== 8) {
			least = away;
			best = index;
		}
	}
	return best;
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
