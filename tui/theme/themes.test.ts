import { expect, test } from "vitest";
import { type Background, isColourful, lowerColour, luminance, papers, renderingOf } from "../terminal/colour.ts";
import { severities, severityMark } from "./severity.ts";
import { type Look, type ThemeName, type ThemeToken, themeNames, themes } from "./themes.ts";

const backgrounds = ["dark", "light"] as const;
const coloured = themeNames.filter((name) => name !== "mono" && name !== "auto");
const cases = coloured.flatMap((name) =>
	backgrounds.filter((paper) => paper === (themes[name].paper ?? paper)).map((paper) => [name, paper] as const),
);
/** Lines and tracks say nothing by themselves. */
const ornaments: readonly ThemeToken[] = ["border", "barTrack"];

function shown(colour: number | undefined, name: ThemeName, paper: Background): number {
	if (colour === undefined) return paper === "dark" ? 0xe6e6e6 : 0x1a1a1a;
	const lowered = lowerColour({ rgb: colour }, renderingOf("truecolor", paper, themes[name].isStrong === true));
	return lowered && "rgb" in lowered ? lowered.rgb : -1;
}

/** WCAG 2.2. */
function contrast(one: number, other: number): number {
	const [low = 0, high = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
	return (high + 0.05) / (low + 0.05);
}

test.each(cases)("theme %s on %s paper: every token is read on its ground, and on the chosen row", (name, paper) => {
	const { table, isStrong } = themes[name];
	const least = isStrong ? 7 : 4.5;
	const chosen = shown(table.selected.background, name, paper);
	const weak: string[] = [];
	for (const [token, look] of Object.entries(table) as [ThemeToken, Look][]) {
		const ink = shown(look.foreground, name, paper);
		const ground = look.background === undefined ? papers[paper] : shown(look.background, name, paper);
		const own = contrast(ink, ground);
		const wanted = ornaments.includes(token) ? (isStrong ? 3 : 1.3) : least;
		if (own < wanted) weak.push(`${token} ${own.toFixed(2)} < ${wanted}`);
		if (look.background !== undefined || ornaments.includes(token)) continue;
		const onRow = contrast(ink, chosen);
		if (onRow < (isStrong ? 4.5 : 3)) weak.push(`${token} on the chosen row ${onRow.toFixed(2)}`);
	}
	expect(weak).toEqual([]);
});

test.each(cases)("theme %s on %s paper: no severity has the colour of another", (name, paper) => {
	const colours = severities.map((severity) =>
		shown(themes[name].table[`severity${severity}`].foreground, name, paper),
	);
	for (const [at, one] of colours.entries())
		for (const other of colours.slice(at + 1)) expect(distance(one, other)).toBeGreaterThan(12);
});

test.each(themeNames)("theme %s: a severity is told by shape and letter alone", (name) => {
	const marks = severities.map((severity) => severityMark(severity)[0]);
	for (const part of [0, 1, 2]) expect(new Set(marks.map((mark) => [...mark][part])).size).toBe(marks.length);
	expect(themes[name].about).not.toBe("");
});

test("mono has no colour at all", () => {
	for (const look of Object.values(themes.mono.table) as Look[]) {
		expect(look.foreground).toBeUndefined();
		expect(look.background).toBeUndefined();
	}
});

/** Machado, Oliveira and Fernandes 2009, severity 1: linear RGB as seen with each kind. */
const blindness = {
	protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
	deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
	tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
} as const;

test.each(Object.entries(blindness))(
	"the safe theme's severities, and good and bad, stay apart with %s",
	(_, matrix) => {
		for (const paper of backgrounds) {
			const seen = (token: ThemeToken) => simulate(shown(themes.safe.table[token].foreground, "safe", paper), matrix);
			const levels = severities.map((severity) => seen(`severity${severity}`));
			for (const [at, one] of levels.entries())
				for (const other of levels.slice(at + 1)) expect(distance(one, other)).toBeGreaterThan(8);
			expect(distance(seen("good"), seen("bad"))).toBeGreaterThan(20);
		}
	},
);

test("greys are greys", () => {
	expect(isColourful({ rgb: themes.dark.table.muted.foreground ?? 0 })).toBe(false);
});

function linear(rgb: number): number[] {
	return [rgb >> 16, (rgb >> 8) & 255, rgb & 255].map((part) => {
		const value = part / 255;
		return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
	});
}

function simulate(rgb: number, matrix: readonly number[]): number {
	const parts = linear(rgb);
	return [0, 1, 2].reduce((out, row) => {
		const value = parts.reduce((sum, part, column) => sum + part * (matrix[row * 3 + column] ?? 0), 0);
		const clamped = Math.min(1, Math.max(0, value));
		const byte = Math.round(255 * (clamped <= 0.0031308 ? 12.92 * clamped : 1.055 * clamped ** (1 / 2.4) - 0.055));
		return (out << 8) | byte;
	}, 0);
}

/** CIE76 in CIELAB, D65: about 2.3 is just noticed. */
function distance(one: number, other: number): number {
	const [a, b] = [lab(one), lab(other)];
	return Math.hypot(...a.map((value, index) => value - (b[index] ?? 0)));
}

function lab(rgb: number): number[] {
	const [red = 0, green = 0, blue = 0] = linear(rgb);
	const x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047;
	const y = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
	const z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883;
	const f = (value: number) => (value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116);
	return [116 * f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))];
}
