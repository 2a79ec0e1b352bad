/** The pop-up of what may follow a key: columns of keys and words in a frame. Pure. */
import { keyOf } from "../../keys/find-binding.ts";
import type { Follower } from "../../state/followers.ts";
import { widthOf } from "../../text/width.ts";
import { cell, line, type Piece } from "../../theme/line.ts";
import { drawFrame } from "../frame/frame.ts";

const leastColumn = 34;

/** Rows it takes in a screen so wide, its frame included. */
export function rowsOfFollowers(followers: readonly Follower[], width: number): number {
	return Math.ceil(followers.length / columnsIn(width)) + 2;
}

export function drawFollowers(prefix: string, followers: readonly Follower[], width: number, height: number): string[] {
	return drawFrame(width, height, {
		title: `${prefix} …`,
		focused: true,
		figures: [
			[keyOf("everywhere", "back"), "key"],
			[" leaves it", "muted"],
		],
		content(inner, rows) {
			const columns = columnsIn(width);
			const each = Math.floor(inner / columns);
			const deep = Math.ceil(followers.length / columns);
			return Array.from({ length: Math.min(rows, deep) }, (_, row) =>
				line(
					inner,
					Array.from({ length: columns }, (__, column) => pieces(followers[column * deep + row], each)).flat(),
				),
			);
		},
	});
}

function columnsIn(width: number): number {
	return Math.max(1, Math.floor((width - 4) / leastColumn));
}

/** What comes before the explanation, where there is no room for that too. */
function shortened(description: string, width: number): string {
	return widthOf(description) <= width ? description : (/^([^:,]{3,})[:,]/.exec(description)?.[1] ?? description);
}

function pieces(follower: Follower | undefined, width: number): Piece[] {
	if (!follower) return [[" ".repeat(width)]];
	const { key, description, reason } = follower;
	return [
		cell(key, 3, reason === undefined ? "key" : "faint"),
		cell(shortened(description, width - 5), width - 4, reason === undefined ? "text" : "faint"),
		[" "],
	];
}
