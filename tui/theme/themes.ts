/**
 * The themes: for every token its look. Colours are chosen for dark paper; on light paper the painter turns each into the one of
 * its hue that stands out as much (`terminal/colour.ts`), so that a theme is one table.
 */

export interface Look {
	readonly foreground?: number;
	readonly background?: number;
	readonly bold?: boolean;
	readonly italic?: boolean;
	readonly underline?: boolean;
	readonly inverse?: boolean;
}

const standard = {
	text: {},
	strong: { bold: true },
	muted: { foreground: 0x9aa2b1 },
	faint: { foreground: 0x7f8796 },
	accent: { foreground: 0x6cb6ff },
	title: { foreground: 0xd5dbe5, bold: true },
	border: { foreground: 0x424a57 },
	borderFocus: { foreground: 0x6cb6ff },
	brand: { foreground: 0x0f1720, background: 0x6cb6ff, bold: true },
	tab: { foreground: 0x9aa2b1 },
	tabActive: { foreground: 0xffffff, background: 0x2b3648, bold: true },
	header: { foreground: 0x9aa2b1, bold: true },
	headerActive: { foreground: 0xd5dbe5, bold: true, underline: true },
	selected: { foreground: 0xffffff, background: 0x263449 },
	marker: { foreground: 0x6cb6ff, bold: true },
	panel: { foreground: 0xd5dbe5, background: 0x1d2633 },
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

export type ThemeToken = keyof typeof standard;
export type ThemeTable = Readonly<Record<ThemeToken, Look>>;

/** Nothing below the 7 that WCAG asks for at its highest level. */
const contrast: ThemeTable = {
	...standard,
	...{ text: { foreground: 0xffffff }, strong: { foreground: 0xffffff, bold: true } },
	...{ muted: { foreground: 0xd8dee9 }, faint: { foreground: 0xb8c0cc }, border: { foreground: 0x9aa4b4 } },
	...{ accent: { foreground: 0x7fd4ff, bold: true }, borderFocus: { foreground: 0xffff00, bold: true } },
	...{ title: { foreground: 0xffffff, bold: true }, number: { foreground: 0xffffff } },
	brand: { foreground: 0x000000, background: 0xffff00, bold: true },
	...{ tab: { foreground: 0xd8dee9 }, tabActive: { foreground: 0x000000, background: 0xffffff, bold: true } },
	header: { foreground: 0xffffff, bold: true, underline: true },
	headerActive: { foreground: 0xffff00, bold: true, underline: true },
	selected: { foreground: 0xffffff, background: 0x0b2f6b, bold: true },
	...{ marker: { foreground: 0xffff00, bold: true }, key: { foreground: 0xffff00, bold: true } },
	...{
		chip: { foreground: 0x000000, background: 0xd8dee9, bold: true },
		panel: { foreground: 0xffffff, background: 0x161b22 },
	},
	...{ good: { foreground: 0x7dff9b }, warning: { foreground: 0xffe14d, bold: true } },
	...{ bad: { foreground: 0xffa0a0, bold: true }, working: { foreground: 0x7fd4ff } },
	...{ barTrack: { foreground: 0x6f7a8a }, chart: { foreground: 0x7fd4ff }, address: { foreground: 0xcbe6ff } },
	...{
		severity5: { foreground: 0xffa0c0, bold: true, underline: true },
		severity4: { foreground: 0xffb37a, bold: true },
	},
	...{ severity3: { foreground: 0xffe14d }, severity2: { foreground: 0x8fdcff }, severity1: { foreground: 0xd8dee9 } },
};

/** Hues that stay apart with any of the common kinds of colour blindness: Okabe and Ito's, brightened for dark paper. */
const safe: ThemeTable = {
	...standard,
	...{
		accent: { foreground: 0x56b4e9 },
		borderFocus: { foreground: 0x56b4e9 },
		marker: { foreground: 0x56b4e9, bold: true },
	},
	brand: { foreground: 0x0f1720, background: 0x56b4e9, bold: true },
	...{ key: { foreground: 0xf0e442, bold: true }, good: { foreground: 0x56b4e9 }, warning: { foreground: 0xf0e442 } },
	...{ bad: { foreground: 0xf07f3c, bold: true }, working: { foreground: 0x56b4e9 }, chart: { foreground: 0x56b4e9 } },
	...{ severity5: { foreground: 0xff7a3d, bold: true }, severity4: { foreground: 0xcc79a7, bold: true } },
	...{ severity3: { foreground: 0xf0e442 }, severity2: { foreground: 0x56b4e9 }, severity1: { foreground: 0xd5dbe5 } },
};

/** Weight, lines and reversed video alone. */
const mono: ThemeTable = {
	...{
		text: {},
		strong: { bold: true },
		muted: {},
		faint: {},
		accent: { bold: true, underline: true },
		title: { bold: true },
	},
	...{ border: {}, borderFocus: { bold: true }, brand: { inverse: true, bold: true }, tab: {} },
	...{
		tabActive: { inverse: true, bold: true },
		header: { bold: true },
		headerActive: { bold: true, underline: true },
	},
	...{ selected: { inverse: true }, marker: { bold: true }, key: { bold: true }, chip: { inverse: true }, panel: {} },
	...{ input: { bold: true }, good: {}, warning: { bold: true }, bad: { bold: true, underline: true }, working: {} },
	...{ barTrack: {}, chart: {}, address: {}, number: {} },
	...{ severity5: { bold: true, underline: true }, severity4: { bold: true } },
	...{ severity3: { underline: true }, severity2: {}, severity1: {} },
};

export interface Theme {
	readonly table: ThemeTable;
	/** Undefined: whatever the terminal is found to have. */
	readonly paper?: "dark" | "light";
	/** On light paper too, hues stand out as much as WCAG's highest level asks. */
	readonly isStrong?: true;
	/** For whoever chooses. */
	readonly about: string;
}

/** In the order one goes through them. */
export const themeNames = ["auto", "dark", "light", "contrast", "safe", "mono"] as const;
export type ThemeName = (typeof themeNames)[number];

export const themes: Readonly<Record<ThemeName, Theme>> = {
	auto: { table: standard, about: "as light or dark as the terminal says it is" },
	dark: { table: standard, paper: "dark", about: "for a dark terminal" },
	light: { table: standard, paper: "light", about: "for a light terminal" },
	contrast: { table: contrast, isStrong: true, about: "high contrast" },
	safe: { table: safe, about: "colours that stay apart for colour-blind eyes" },
	mono: { table: mono, about: "no colours: weight, lines and reversed video" },
};
