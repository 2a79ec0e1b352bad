/** Whether the terminal is light or dark: what the environment says, and what the terminal answers when asked. */
import { type Background, luminance } from "./colour.ts";

/** Asks for the background colour (xterm, OSC 11). Terminals that do not know it say nothing. */
export const backgroundQuery = "\u001b]11;?\u001b\\";

/** COLORFGBG, as rxvt, Konsole and others set it: `15;0`, the last number is the background. Undefined: not said. */
export function backgroundOfEnv(env: Readonly<Record<string, string | undefined>>): Background | undefined {
	const last = /(?:^|;)(\d{1,2})$/.exec(env.COLORFGBG ?? "")?.[1];
	if (last === undefined) return undefined;
	return ["7", "9", "10", "11", "12", "13", "14", "15"].includes(last) ? "light" : "dark";
}

/** Reads the answer: `rgb:` and three numbers of one to four hex digits each. Undefined when it is no such answer. */
export function backgroundOfReply(reply: string): Background | undefined {
	const found = /^\u001b\]11;rgba?:([\da-f]{1,4})\/([\da-f]{1,4})\/([\da-f]{1,4})/i.exec(reply);
	if (!found) return undefined;
	const [red = 0, green = 0, blue = 0] = found
		.slice(1)
		.map((digits) => Math.round((Number.parseInt(digits, 16) / (16 ** digits.length - 1)) * 255));
	return luminance((red << 16) | (green << 8) | blue) > 0.35 ? "light" : "dark";
}
