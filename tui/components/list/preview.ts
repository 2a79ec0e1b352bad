/** Details of the row under the cursor, fetched when the cursor rests, and the last few kept. */
import { failureOf } from "../../state/list-loader.ts";
import type { ListFailure } from "../../state/paged-list.ts";

/** The cursor rests when it has not moved for this long. Milliseconds. */
const restMs = 40;
const keptDetails = 40;

export interface Preview<Detail> {
	/** What is known of this row; asks for it when nothing is. */
	of(id: number | undefined): Detail | undefined;
	/** Why nothing is known of it; undefined while it may come. */
	failure(id: number): ListFailure | undefined;
	/** There is something to show of this row, or there will be nothing. */
	isSettled(id: number): boolean;
	/** What is kept may be out of date: asked for again when next looked at, shown until the answer comes. */
	refresh(): void;
	close(): void;
}

export function createPreview<Detail>(load: (id: number) => Promise<Detail>, changed: () => void): Preview<Detail> {
	const kept = new Map<number, { detail: Detail; isFresh: boolean }>();
	/** Rows whose details could not be had; asked for again only after a refresh. */
	const failed = new Map<number, ListFailure>();
	/** What was asked for before the last of them may be what was before the change that led to it. */
	let refreshes = 0;
	let wanted: number | undefined;
	let timer: NodeJS.Timeout | undefined;
	let closed = false;

	function ask(id: number): void {
		if (wanted === id) return;
		wanted = id;
		clearTimeout(timer);
		timer = setTimeout(() => void fetch(id), restMs);
	}

	async function fetch(id: number): Promise<void> {
		const asOf = refreshes;
		try {
			const detail = await load(id);
			kept.delete(id);
			kept.set(id, { detail, isFresh: asOf === refreshes });
			for (const oldest of kept.keys()) {
				if (kept.size <= keptDetails) break;
				kept.delete(oldest);
			}
		} catch (err) {
			failed.set(id, failureOf(err));
		}
		if (wanted === id) wanted = undefined;
		if (!closed) changed();
	}

	return {
		of(id) {
			if (id === undefined) return undefined;
			const known = kept.get(id);
			if (!known?.isFresh && !failed.has(id)) ask(id);
			return known?.detail;
		},
		failure: (id) => (kept.has(id) ? undefined : failed.get(id)),
		isSettled: (id) => kept.has(id) || failed.has(id),
		refresh() {
			refreshes++;
			failed.clear();
			for (const entry of kept.values()) entry.isFresh = false;
		},
		close() {
			closed = true;
			clearTimeout(timer);
		},
	};
}

/** Where there is nothing to know of a row beyond itself. */
export const noPreview: Preview<never> = {
	of: () => undefined,
	failure: () => undefined,
	isSettled: () => true,
	refresh: () => undefined,
	close: () => undefined,
};
