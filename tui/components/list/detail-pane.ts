/** The details beside a list: of the row under the cursor once it rests, so that running through a list stays cheap. */
import type { ScreenContext } from "../../screens/view.ts";
import { drawFrame } from "../frame/frame.ts";
import { type Block, drawReader } from "../reader/document.ts";
import type { ListOptions } from "./list-options.ts";
import { createPreview } from "./preview.ts";

/** Details follow the cursor this much later. Milliseconds. */
const restMs = 50;

export interface DetailPane {
	draw(width: number, height: number): string[];
	/** What is known may be out of date. */
	refresh(): void;
	close(): void;
}

export function createDetailPane<Row extends { readonly id: number }, Detail>(
	options: Pick<ListOptions<Row, Detail>, "loadDetail" | "describe" | "titleOf">,
	context: ScreenContext,
	current: () => Row | undefined,
): DetailPane {
	const preview = createPreview(options.loadDetail, context.changed);
	let resting: Row | undefined;
	let awaited: number | undefined;
	let timer: NodeJS.Timeout | undefined;
	let described: { row: Row; detail: Detail | undefined; blocks: readonly Block[] } | undefined;

	function restingRow(): Row | undefined {
		const row = current();
		if (row === undefined || resting === undefined || row.id === resting.id) {
			resting = row;
			return row;
		}
		if (awaited !== row.id) {
			awaited = row.id;
			clearTimeout(timer);
			timer = setTimeout(() => {
				awaited = undefined;
				resting = current();
				context.changed();
			}, restMs);
		}
		return resting;
	}

	function blocksOf(row: Row): readonly Block[] {
		const detail = preview.of(row.id);
		if (described?.row !== row || described.detail !== detail) {
			described = { row, detail, blocks: options.describe(row, detail, context.now()) };
		}
		return described.blocks;
	}

	return {
		draw(width, height) {
			const row = restingRow();
			return drawFrame(width, height, {
				title: row ? options.titleOf(row) : "Details",
				content: (inner, lines) => (row ? drawReader(blocksOf(row), inner, lines, 0) : []),
			});
		},
		refresh: preview.refresh,
		close() {
			clearTimeout(timer);
			preview.close();
		},
	};
}
