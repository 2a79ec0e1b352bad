/** Rows that are all here already, with a cursor among them: the small sister of the paged list. */
import type { Handler, ScreenContext } from "../../screens/view.ts";
import { plainText } from "../../text/plain.ts";
import { line, type Piece } from "../../theme/line.ts";
import { drawNotice } from "../frame/frame.ts";
import { createFinder, type Finder, hasWords } from "../reader/finder.ts";

export interface Picker<Row> {
	/** Exactly `height` rows. `describe` draws what is right of the cursor's mark; `empty` stands where there are none. */
	draw(
		rows: readonly Row[],
		width: number,
		height: number,
		describe: (row: Row) => readonly Piece[],
		empty: string,
	): string[];
	/** Puts the cursor on the n-th row; less than 0: it stays. */
	stand(index: number): void;
	/** The row under the cursor, as drawn last. */
	current(): Row | undefined;
	readonly handlers: Readonly<Record<"down" | "up" | "page-down" | "page-up" | "first" | "last", Handler>>;
	readonly searching: Finder;
}

export function createPicker<Row>(context: Pick<ScreenContext, "changed" | "open" | "toast">): Picker<Row> {
	const { changed } = context;
	let shown: readonly Row[] = [];
	let textOf: (row: Row) => string = () => "";
	/** The row under the cursor is one that was found, or was gone to since. */
	let isFound = false;
	let cursor = 0;
	let page = 10;
	const move = (by: () => number): Handler => ({
		run() {
			cursor = Math.max(0, Math.min(cursor + by(), shown.length - 1));
			changed();
		},
	});
	const searching = createFinder(context, {
		what: "these rows",
		matches: (words) => shown.flatMap((row, at) => (hasWords(textOf(row), words) ? [at] : [])),
		here: () => (isFound ? cursor : undefined),
		first: () => cursor,
		goTo(at) {
			isFound = true;
			cursor = at;
			changed();
		},
		anew() {
			isFound = false;
		},
	});

	return {
		draw(rows, width, height, describe, empty) {
			shown = rows;
			textOf = (row) => plainText(describe(row));
			page = Math.max(1, height - 1);
			cursor = Math.max(0, Math.min(cursor, rows.length - 1));
			if (rows.length === 0) return drawNotice(width, height, [[[empty, "muted"]]]);
			const top = Math.max(0, Math.min(cursor - Math.floor(height / 2), rows.length - height));
			return rows.slice(top, top + height).map((row, index) => {
				const isSelected = top + index === cursor;
				const mark: Piece = [isSelected ? "▌ " : "  ", "marker"];
				return line(width, [mark, ...describe(row)], isSelected ? "selected" : "text");
			});
		},
		stand(index) {
			if (index >= 0) cursor = index;
			changed();
		},
		current: () => shown[cursor],
		handlers: {
			down: move(() => 1),
			up: move(() => -1),
			"page-down": move(() => page),
			"page-up": move(() => -page),
			first: move(() => -1_000_000),
			last: move(() => 1_000_000),
		},
		searching,
	};
}
