/** What a screen says of its list, and what it may do with it. */
import type { QueryList } from "../../../protocol/model/query.ts";
import type { Scope } from "../../keys/keymap.ts";
import type { Handler, Route } from "../../screens/view.ts";
import type { ListPage, PageRequest } from "../../state/list-loader.ts";
import type { Piece } from "../../theme/line.ts";
import type { Block } from "../reader/document.ts";
import type { Column } from "./columns.ts";
import type { Marks } from "./marks.ts";

export interface ListOptions<Row extends { readonly id: number }, Detail> {
	readonly route: Route;
	readonly title: string;
	/** In the breadcrumb instead of the title, where it can change. */
	name?(): string;
	readonly filter: string;
	/** One row, and several: `asset`, `assets`. */
	readonly nouns: readonly [one: string, many: string];
	/** A filter someone could want, shown while the line is empty. */
	readonly example: string;
	/** The filter is the query language over this list: what could stand next is offered. */
	readonly completes?: QueryList;
	readonly scopes: readonly Scope[];
	readonly columns: readonly Column<Row>[];
	readonly empty: readonly (readonly Piece[])[];
	fetchPage(request: PageRequest, signal: AbortSignal): Promise<ListPage<Row>>;
	/** For lists whose pages do not wait for their total. */
	readonly countRows?: (filter: string, signal: AbortSignal) => Promise<number>;
	/** Subscribes to changes; calls back for each, with the row when it is known. Returns the way to stop. */
	watch(changed: (row?: Row) => void): () => void;
	/** Missing: a row has all that there is of it. */
	loadDetail?(id: number): Promise<Detail>;
	/** The details as text; `detail` is undefined until it has come. */
	describe(row: Row, detail: Detail | undefined, now: number): readonly Block[];
	titleOf(row: Row): string;
	open(row: Row): void;
	/** The strip beside list and details on wide screens. */
	strip?(now: number): readonly Block[];
	/** What stands over it; missing: `Overview`. */
	readonly stripTitle?: string;
	/** Rows can be marked. */
	readonly marking?: boolean;
	/** Besides how many rows there are, before it. */
	figures?(): readonly Piece[];
	/** Chips before the filter's. */
	chips?(): readonly string[];
	/** Handlers of the screen's own scope. */
	extra(current: () => Row | undefined, list: ListHandle<Row>): Readonly<Record<string, Handler | undefined>>;
}

/** What a screen's own handlers may do with the list. */
export interface ListHandle<Row> {
	readonly marks: Marks<Row>;
	/**
	 * The rows an action is about, also those that match and are not here: these are read first, as many as may be done at
	 * once, and when there are more that is asked before. `verb` is what will be done to them: `Tag`.
	 */
	take(verb: string, run: (rows: readonly Row[]) => void): void;
	refresh(): void;
	/** In force now. */
	filter(): string;
	/** Asks for what another filter has. */
	narrow(filter: string): void;
	/** Id of the column that was chosen; undefined: none. */
	column(): string | undefined;
}
