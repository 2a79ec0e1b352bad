/** Rows of a list that are marked, so that an action is done to all of them at once. */
import { type Handler, handle } from "../../screens/view.ts";
import { count } from "../../text/format.ts";
import type { Piece } from "../../theme/line.ts";

export interface Marks<Row> {
	ids(): ReadonlySet<number>;
	/** The rows an action is about: those marked, else the one under the cursor. */
	rows(): readonly Row[];
	clear(): void;
	/** For the breadcrumb. */
	figures(): Piece[];
	readonly handlers: Readonly<Record<string, Handler | undefined>>;
}

/** `known` are the rows that are here; `next` moves the cursor on, so that one marks by leaning on the key. */
export function createMarks<Row extends { readonly id: number }>(parts: {
	current(): Row | undefined;
	known(): readonly Row[];
	next(): void;
	changed(): void;
}): Marks<Row> {
	const marked = new Map<number, Row>();
	const disabled = () => (parts.current() ? undefined : "There is no row to mark.");
	return {
		ids: () => new Set(marked.keys()),
		rows() {
			const row = parts.current();
			return marked.size > 0 ? [...marked.values()] : row === undefined ? [] : [row];
		},
		clear() {
			marked.clear();
			parts.changed();
		},
		figures: () =>
			marked.size === 0
				? []
				: [
						[`● ${count(marked.size)} marked`, "accent"],
						[" · ", "faint"],
					],
		handlers: handle<"marks">({
			mark: {
				run() {
					const row = parts.current();
					if (row && !marked.delete(row.id)) marked.set(row.id, row);
					parts.next();
					parts.changed();
				},
				disabled,
			},
			"mark-all": {
				run() {
					const all = parts.known();
					const isAll = all.length > 0 && all.every(({ id }) => marked.has(id));
					marked.clear();
					if (!isAll) for (const row of all) marked.set(row.id, row);
					parts.changed();
				},
				disabled,
			},
		}),
	};
}
