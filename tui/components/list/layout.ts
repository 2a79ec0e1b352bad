/** Which columns of a table are shown, in which order and how wide: the layout somebody keeps, laid over the table's own. Pure. */
import type { ListLayout } from "../../../protocol/model/view.ts";
import type { Column } from "./columns.ts";

/** Narrower says nothing, wider leaves nothing to others. */
export const widthLimits = { least: 3, most: 160 } as const;

export interface LayoutEntry<Row> {
	readonly column: Column<Row>;
	readonly hidden: boolean;
	/** Null: as wide as it is by itself. */
	readonly width: number | null;
}

/** All columns in their order; those the layout does not know come last, as they are by themselves. */
export function layoutEntries<Row>(columns: readonly Column<Row>[], layout: ListLayout): LayoutEntry<Row>[] {
	const known = layout.flatMap(({ id, hidden, width }) => {
		const column = columns.find((one) => one.id === id);
		return column === undefined ? [] : [{ column, hidden, width }];
	});
	const rest = columns.filter((column) => !known.some((one) => one.column === column));
	return [...known, ...rest.map((column) => ({ column, hidden: false, width: null }))];
}

/** The columns to draw, never none. */
export function laidOut<Row>(columns: readonly Column<Row>[], layout: ListLayout): readonly Column<Row>[] {
	if (layout.length === 0) return columns;
	const shown = layoutEntries(columns, layout).filter(({ hidden }) => !hidden);
	if (shown.length === 0) return columns;
	return shown.map(({ column, width }) => (width === null ? column : { ...column, width, most: width, grow: 0 }));
}

export type LayoutChange =
	| { readonly kind: "toggle"; readonly id: string }
	| { readonly kind: "move"; readonly id: string; readonly by: -1 | 1 }
	| { readonly kind: "width"; readonly id: string; readonly width: number | null };

/** The last column that is shown stays. */
export function changeLayout<Row>(
	columns: readonly Column<Row>[],
	layout: ListLayout,
	change: LayoutChange,
): ListLayout {
	const entries = layoutEntries(columns, layout);
	const at = entries.findIndex(({ column }) => column.id === change.id);
	const entry = entries[at];
	if (entry === undefined) return layout;
	switch (change.kind) {
		case "toggle": {
			const isLast = !entry.hidden && entries.filter(({ hidden }) => !hidden).length === 1;
			return isLast ? layout : written(columns, entries.with(at, { ...entry, hidden: !entry.hidden }));
		}
		case "move": {
			const to = Math.max(0, Math.min(at + change.by, entries.length - 1));
			return written(columns, entries.toSpliced(at, 1).toSpliced(to, 0, entry));
		}
		case "width": {
			const { width } = change;
			const fit = width === null ? null : Math.max(widthLimits.least, Math.min(Math.round(width), widthLimits.most));
			return written(columns, entries.with(at, { ...entry, width: fit }));
		}
	}
}

/** Empty when it is the table's own. */
function written<Row>(columns: readonly Column<Row>[], entries: readonly LayoutEntry<Row>[]): ListLayout {
	const isOwn = entries.every(({ column, hidden, width }, at) => column === columns[at] && !hidden && width === null);
	return isOwn ? [] : entries.map(({ column, hidden, width }) => ({ id: column.id, hidden, width }));
}
