/** The columns of one list as they are shown now: which one is chosen, what it is sorted by, how they are laid out. */
import { keyOf } from "../../keys/find-binding.ts";
import type { Handler } from "../../screens/view.ts";
import type { ColumnChooser } from "./choosers.ts";
import { type Column, type Placed, placeColumns } from "./columns.ts";
import { changeLayout, type LayoutChange, laidOut, layoutEntries } from "./layout.ts";
import type { Preferences } from "./preferences.ts";
import { addSort, turnSort } from "./sort-keys.ts";

export interface ColumnChoice<Row> {
	/** In their order; the same array as long as nothing in it changes. */
	shown(): readonly Column<Row>[];
	/** Id of the column that was chosen; undefined before one was. */
	chosen(): string | undefined;
	/** The next one to the left or right, of those there is room for. */
	choose(step: -1 | 1): void;
	/** The list has been drawn this wide. */
	drawnAt(width: number): void;
	widen(by: number): void;
	readonly sort: Handler;
	readonly sortToo: Handler;
	/** Titles that a click sorts by. */
	targets(): readonly { readonly text: string; run(): void }[];
	chooser(): ColumnChooser;
}

export interface SortedList {
	/** Asked for now. */
	sort(): string | undefined;
	ask(sort: string | undefined): void;
	changed(): void;
	say(text: string): void;
}

export function createColumnChoice<Row>(
	own: { readonly columns: readonly Column<Row>[]; readonly title: string },
	preferences: Preferences,
	list: SortedList,
): ColumnChoice<Row> {
	let chosen: string | undefined;
	let width = 80;
	let laid: { layout: unknown; columns: readonly Column<Row>[] } = { layout: [], columns: own.columns };
	let placed: { width: number; columns: readonly Column<Row>[]; places: readonly Placed<Row>[] } | undefined;

	function shown(): readonly Column<Row>[] {
		const layout = preferences.layout();
		if (laid.layout !== layout) laid = { layout, columns: laidOut(own.columns, layout) };
		return laid.columns;
	}

	function places(): readonly Placed<Row>[] {
		const columns = shown();
		if (placed?.width !== width || placed.columns !== columns) {
			placed = { width, columns, places: placeColumns(columns, width - 3) };
		}
		return placed.places;
	}

	function change(one: LayoutChange): void {
		preferences.setLayout(changeLayout(own.columns, preferences.layout(), one), true);
	}

	/** The one that was chosen, else the first that can be sorted by. */
	function subject(): Column<Row> | undefined {
		return own.columns.find(({ id }) => id === chosen) ?? shown().find(({ sort }) => sort !== undefined);
	}

	const sorting = (turn: (text: string | undefined, field: string) => string | undefined): Handler => ({
		run() {
			const column = subject();
			if (column?.sort === undefined) return;
			chosen = column.id;
			list.ask(turn(list.sort(), column.sort));
		},
		disabled() {
			const column = subject();
			if (column === undefined) return "This list has one order.";
			return column.sort === undefined
				? `There is no order by ${column.title}: the daemon has none for it.`
				: undefined;
		},
	});

	const sort = sorting(turnSort);
	return {
		shown,
		chosen: () => chosen,
		choose(step) {
			const ids = places().map(({ column }) => column.id);
			const at = ids.indexOf(chosen ?? "");
			chosen = ids[(at + step + ids.length + (at < 0 && step < 0 ? 1 : 0)) % ids.length];
			list.changed();
		},
		drawnAt(now) {
			width = now;
		},
		widen(by) {
			const place = places().find(({ column }) => column.id === chosen);
			if (place) change({ kind: "width", id: place.column.id, width: place.width + by });
			else list.say(`Choose a column first: ${keyOf("list", "column-left")} and ${keyOf("list", "column-right")}.`);
		},
		sort,
		sortToo: sorting(addSort),
		targets: () =>
			places()
				.filter(({ column }) => column.sort !== undefined)
				.map(({ column }) => ({
					text: column.title,
					run() {
						chosen = column.id;
						sort.run();
					},
				})),
		chooser: () => ({
			title: own.title,
			chosen,
			entries: () =>
				layoutEntries(own.columns, preferences.layout()).map(({ column, hidden, width: kept }) => ({
					...{ id: column.id, title: column.title, hidden, width: kept, sorts: column.sort !== undefined },
					drawn: places().find((place) => place.column.id === column.id)?.width,
				})),
			change,
			reset: () => preferences.setLayout([], true),
		}),
	};
}
