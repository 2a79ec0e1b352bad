/** What the console costs, in a corner of the screen while somebody wants to know. Pure. */
import { bytesText } from "../../text/update-words.ts";
import type { Piece } from "../../theme/line.ts";
import { line } from "../../theme/line.ts";
import { drawFrame } from "../frame/frame.ts";

export interface CostFigures {
	readonly framesPerSecond: number;
	/** Of the last frame, from asking what is there to the write. */
	readonly frameMs: number;
	readonly bytesPerSecond: number;
	/** Frames that newer ones replaced, as the terminal had not taken the one before. */
	readonly dropped: number;
	/** Null: not known. */
	readonly terminalMs: number | null;
	readonly daemonMs: number | null;
}

export const costSize = { width: 26, height: 8 } as const;

export function drawCost(figures: CostFigures, width: number, height: number): string[] {
	const ms = (value: number | null) => (value === null ? "-" : `${value.toFixed(1)} ms`);
	const rows: readonly [string, string][] = [
		["frames", `${figures.framesPerSecond.toFixed(1)}/s`],
		["a frame", ms(figures.frameMs)],
		["written", `${bytesText(figures.bytesPerSecond)}/s`],
		["dropped", String(figures.dropped)],
		["terminal", ms(figures.terminalMs)],
		["daemon", ms(figures.daemonMs)],
	];
	return drawFrame(width, height, {
		title: "Cost",
		content: (inner) =>
			rows.map(([name, value]): string => {
				const pieces: Piece[] = [
					[name.padEnd(9), "muted"],
					[value.padStart(inner - 9), "number"],
				];
				return line(inner, pieces);
			}),
	});
}
