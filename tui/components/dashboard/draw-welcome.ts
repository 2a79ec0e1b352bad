/** What a console shows before anything was scanned. Pure. */
import { wrap } from "../../text/fit.ts";
import type { Piece } from "../../theme/line.ts";
import { drawNotice } from "../frame/frame.ts";

/** The first thing a stranger sees. */
export function drawWelcome(width: number, height: number, mayScan: boolean): string[] {
	const act: Piece[][] = mayScan
		? [
				[["  s  ", "brand"], ["  scan this machine (127.0.0.1)"]],
				[],
				[["  n  ", "chip"], ["  scan something else          "]],
			]
		: [[["This console is read-only; scans are started from another one.", "warning"]]];
	return drawNotice(width, height, [
		[["Welcome to Vedette", "strong"]],
		[],
		...wrap("It looks at machines, remembers what it saw, and says what is wrong.", width - 4).map((text): Piece[] => [
			[text, "muted"],
		]),
		[["Nothing has been scanned yet.", "muted"]],
		[],
		[],
		...act,
		[],
		[["  ?  ", "chip"], ["  every key of a screen        "]],
		[],
		[],
		[["Nothing leaves this machine but the scans you start.", "faint"]],
	]);
}
