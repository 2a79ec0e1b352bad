/**
 * Signs for terminals that draw them otherwise than the console counts them: fonts without frames and blocks, and terminals of
 * East Asian settings that give them two columns. Every sign the console draws itself has a twin in ASCII. Pure.
 */

/** `narrow`: as Unicode has it. `wide`: ambiguous signs take two columns there. `ascii`: no sign beyond ASCII is ours. */
export const letterWidths = ["narrow", "wide", "ascii"] as const;
export type LetterWidth = (typeof letterWidths)[number];

const twins: Readonly<Record<string, string>> = {
	...signs("─╌┄╴╶–—−", "-"),
	...signs("│┃║╎┆▏▎▍▌", "|"),
	...signs("┌┐└┘├┤┬┴┼╭╮╰╯╔╗╚╝╠╣╦╩╬", "+"),
	...signs("█▓▉▊▋▇▐▀", "#"),
	...signs("━═▆▅▒", "="),
	...signs("▄▃", "-"),
	...signs("▂▁", "_"),
	...signs("░·", "."),
	...signs("▲▴↑⠙", "^"),
	...signs("▼▾↓", "v"),
	...signs("▸›→»", ">"),
	...signs("‹←«", "<"),
	...signs("“”„", '"'),
	...signs("‘’‚", "'"),
	...{ "◆": "#", "■": "=", "●": "o", "○": ".", "✓": "+", "✗": "x", "✔": "+", "✘": "x", "×": "x", "…": "~" },
	...{ "≥": ">", "≤": "<", "≠": "!", "±": "+", "°": "o", "◔": "o", µ: "u", "•": "*" },
	...{ "⠋": "|", "⠸": "-", "⠴": "\\", "⠦": "|", "⠇": "/" },
};

function signs(from: string, to: string): Record<string, string> {
	return Object.fromEntries([...from].map((sign) => [sign, to]));
}

/** The sign in ASCII; itself when it is none of the console's own. Always one column. */
export function asciiTwin(sign: string): string {
	const known = twins[sign];
	if (known !== undefined) return known;
	const braille = sign.charCodeAt(0) - 0x2800;
	if (sign.length === 1 && braille >= 0 && braille < 0x100) return brailleTwin(braille);
	return sign;
}

/** A dot chart in three steps. */
function brailleTwin(dots: number): string {
	const count = dots.toString(2).replaceAll("0", "").length;
	return count === 0 ? " " : count <= 2 ? "." : count <= 5 ? ":" : "#";
}

/** The console of Linux has few signs beyond ASCII, and no way to say which. */
export function letterWidthOfEnv(env: Readonly<Record<string, string | undefined>>): LetterWidth {
	return env.TERM === "linux" ? "ascii" : "narrow";
}
