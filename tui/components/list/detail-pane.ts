/** The details beside a list: of the row under the cursor once it rests, so that running through a list stays cheap. */
import type { ScreenContext } from "../../screens/view.ts";
import type { ListFailure } from "../../state/paged-list.ts";
import { drawFrame } from "../frame/frame.ts";
import { createMemory } from "../frame/memory.ts";
import { type Block, drawReader, failureBlocks, restAwaited } from "../reader/document.ts";
import type { ListOptions } from "./list-options.ts";
import { createPreview, noPreview, type Preview } from "./preview.ts";

/** Details follow the cursor this much later; over a slow line not before somebody reads the row. Milliseconds. */
const restMs = { usually: 50, thrifty: 300 } as const;
/** Those of the row before stay until the new ones have come, this long at most: one change of the pane, not two. Milliseconds. */
const patienceMs = 100;

export interface DetailPane {
	draw(width: number, height: number): readonly string[];
	/** What is known may be out of date. */
	refresh(): void;
	close(): void;
}

export function createDetailPane<Row extends { readonly id: number }, Detail>(
	options: Pick<ListOptions<Row, Detail>, "loadDetail" | "describe" | "titleOf">,
	context: ScreenContext,
	current: () => Row | undefined,
): DetailPane {
	const memory = createMemory();
	const preview: Preview<Detail> = options.loadDetail ? createPreview(options.loadDetail, context.changed) : noPreview;
	let resting: Row | undefined;
	let awaited: number | undefined;
	/** The cursor has been where it is since then. Steady milliseconds. */
	let awaitedSince = 0;
	let timer: NodeJS.Timeout | undefined;
	/** Whose details stand there. */
	let shown: Row | undefined;
	let outOfPatience: NodeJS.Timeout | undefined;
	let missed: number | undefined;
	let described:
		| { row: Row; detail: Detail | undefined; failure: ListFailure | undefined; blocks: readonly Block[] }
		| undefined;

	function restingRow(): Row | undefined {
		const row = current();
		if (row === undefined || resting === undefined || row.id === resting.id) {
			resting = row;
			return row;
		}
		if (awaited !== row.id) {
			awaited = row.id;
			awaitedSince = performance.now();
			timer ??= setTimeout(rest, restFor());
		}
		return resting;
	}

	const restFor = () => (context.isThrifty() ? restMs.thrifty : restMs.usually);

	/** One timer for a cursor that runs: a key need not stop one and start another. */
	function rest(): void {
		const left = awaitedSince + restFor() - performance.now();
		timer = left > 0 ? setTimeout(rest, left) : undefined;
		if (timer !== undefined) return;
		awaited = undefined;
		resting = current();
		context.changed();
	}

	function rowToShow(): Row | undefined {
		const row = restingRow();
		const isReady = row === undefined || shown === undefined || row.id === shown.id || preview.isSettled(row.id);
		if (isReady || described?.row !== shown) {
			clearTimeout(outOfPatience);
			missed = undefined;
			shown = row;
			return row;
		}
		if (missed !== row.id) {
			missed = row.id;
			clearTimeout(outOfPatience);
			outOfPatience = setTimeout(() => {
				shown = row;
				context.changed();
			}, patienceMs);
		}
		preview.of(row.id);
		return shown;
	}

	function blocksOf(row: Row): readonly Block[] {
		// The row before: asking for it again would put off what is waited for.
		if (missed !== undefined && missed !== row.id && described?.row === row) return described.blocks;
		const detail = preview.of(row.id);
		const failure = preview.failure(row.id);
		if (described?.row !== row || described.detail !== detail || described.failure !== failure) {
			const all = options.describe(row, detail, context.now());
			const blocks = failure
				? [...all.filter((block) => !restAwaited.includes(block)), { kind: "gap" } as const, ...failureBlocks(failure)]
				: all;
			described = { row, detail, failure, blocks };
		}
		return described.blocks;
	}

	return {
		draw(width, height) {
			const row = rowToShow();
			const blocks = row && blocksOf(row);
			const title = row ? options.titleOf(row) : "Details";
			return memory([width, height, title, blocks], () =>
				drawFrame(width, height, {
					title,
					content: (inner, lines) => (blocks ? drawReader(blocks, inner, lines, 0) : []),
				}),
			);
		},
		refresh: preview.refresh,
		close() {
			clearTimeout(timer);
			clearTimeout(outOfPatience);
			preview.close();
		},
	};
}
