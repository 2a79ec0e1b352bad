/**
 * The view every list is: a table over the daemon's pages, a filter, sorting, and beside it the details of the row under
 * the cursor when there is room. A screen says which method, which columns, and what a row opens.
 */
import { Box } from "ink";
import { complete } from "../../../protocol/methods/queries.ts";
import type { QueryList } from "../../../protocol/model/query.ts";
import type { Scope } from "../../keys/keymap.ts";
import { type Handler, handle, type Route, type ScreenContext, type View } from "../../screens/view.ts";
import { createListLoader, type ListPage, type PageRequest } from "../../state/list-loader.ts";
import { currentRow, emptyList, isLoading, type PagedList } from "../../state/paged-list.ts";
import { createStore } from "../../state/store.ts";
import { Surface } from "../../terminal/surface.tsx";
import { termsOf } from "../../text/filter-terms.ts";
import { count, plural } from "../../text/format.ts";
import { plainText } from "../../text/plain.ts";
import type { Piece } from "../../theme/line.ts";
import { drawFrame } from "../frame/frame.ts";
import { type Block, drawReader } from "../reader/document.ts";
import type { Column } from "./columns.ts";
import { createListDrawer } from "./draw-list.ts";
import { createFilterLine } from "./filter-line.ts";
import { createMarks, type Marks } from "./marks.ts";
import { createPreview } from "./preview.ts";

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
	loadDetail(id: number): Promise<Detail>;
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
	refresh(): void;
	/** In force now. */
	filter(): string;
	/** Asks for what another filter has. */
	narrow(filter: string): void;
	/** Id of the column that was chosen; undefined: none. */
	column(): string | undefined;
}

export const widths = { twoPanes: 120, threePanes: 160 } as const;
const stripWidth = 30;
/** Details follow the cursor this much later. Milliseconds. */
const restMs = 50;

export function createListView<Row extends { readonly id: number }, Detail>(
	options: ListOptions<Row, Detail>,
	context: ScreenContext,
): View {
	const store = createStore<PagedList<Row>>(emptyList(options.filter, undefined));
	const loader = createListLoader(store, options.fetchPage, options.countRows);
	const preview = createPreview(options.loadDetail, context.changed);
	const { completes } = options;
	const filter = createFilterLine(
		(text) => loader.dispatch({ kind: "ask", filter: text }),
		context.changed,
		completes && ((text, at) => context.client.call(complete, { list: completes, text, at })),
	);
	const drawList = createListDrawer<Row>();
	const sortable = options.columns.filter((column) => column.sort !== undefined);
	let chosen: string | undefined;
	let resting: Row | undefined;
	let awaited: number | undefined;
	let restTimer: NodeJS.Timeout | undefined;
	let described: { row: Row; detail: Detail | undefined; blocks: readonly Block[] } | undefined;

	const changed = (row?: Row) => {
		preview.refresh();
		loader.dispatch(row ? { kind: "row", row } : { kind: "changed" });
	};
	const stops = [
		store.watch(context.changed),
		options.watch(changed),
		context.onReconnect(() => changed()),
		...(options.strip ? [context.onLive(context.changed)] : []),
	];
	const current = () => currentRow(store.get());
	const marks = createMarks<Row>({
		...{ current, changed: context.changed },
		known: () => [...store.get().pages.values()].flat(),
		next: () => loader.dispatch({ kind: "move", by: 1 }),
	});

	function drawTable(width: number, height: number): string[] {
		loader.dispatch({ kind: "height", height: height - 1 });
		return drawList(
			store.get(),
			{ columns: options.columns, chosen, empty: options.empty, marks: marks.ids() },
			width,
			height,
			context.now(),
		);
	}

	/** The row whose details are shown: the cursor's, once it rests, so that running through a list stays cheap. */
	function restingRow(): Row | undefined {
		const row = current();
		if (row === undefined || resting === undefined || row.id === resting.id) {
			resting = row;
			return row;
		}
		if (awaited !== row.id) {
			awaited = row.id;
			clearTimeout(restTimer);
			restTimer = setTimeout(() => {
				awaited = undefined;
				resting = current();
				context.changed();
			}, restMs);
		}
		return resting;
	}

	function drawDetail(width: number, height: number): string[] {
		const row = restingRow();
		return drawFrame(width, height, {
			title: row ? options.titleOf(row) : "Details",
			content: (inner, lines) => (row ? drawReader(blocksOf(row), inner, lines, 0) : []),
		});
	}

	function blocksOf(row: Row): readonly Block[] {
		const detail = preview.of(row.id);
		if (described?.row !== row || described.detail !== detail) {
			described = { row, detail, blocks: options.describe(row, detail, context.now()) };
		}
		return described.blocks;
	}

	function drawStrip(width: number, height: number): string[] {
		return drawFrame(width, height, {
			title: options.stripTitle ?? "Overview",
			content: (inner, lines) => drawReader(options.strip?.(context.now()) ?? [], inner, lines, 0),
		});
	}

	function drawFramedTable(width: number, height: number): string[] {
		const list = store.get();
		const last = Math.min(list.total, list.top + list.height);
		return drawFrame(width, height, {
			title: options.title,
			focused: true,
			figures: list.total > 0 ? [[`${count(list.top + 1)}–${count(last)} of ${totalText(list)}`, "muted"]] : [],
			content: drawTable,
		});
	}

	function chooseColumn(step: number): void {
		const at = sortable.findIndex((column) => column.id === chosen);
		chosen = sortable[(at + step + sortable.length + (at < 0 && step < 0 ? 1 : 0)) % sortable.length]?.id;
		context.changed();
	}

	function sortByChosen(): void {
		const column = sortable.find(({ id }) => id === chosen) ?? sortable[0];
		if (!column?.sort) return;
		chosen = column.id;
		const now = store.get().asked.sort;
		const sort = now === `-${column.sort}` ? column.sort : now === column.sort ? undefined : `-${column.sort}`;
		loader.dispatch({ kind: "ask", sort });
	}

	const move = (by: (height: number) => number): Handler => ({
		run: () => loader.dispatch({ kind: "move", by: by(store.get().height) }),
	});
	return {
		route: options.route,
		scopes: [...options.scopes, ...(options.marking ? (["marks"] as const) : []), "list"],
		handlers: {
			...handle<"list">({
				open: {
					run() {
						const row = current();
						if (row) options.open(row);
					},
					disabled: () => (current() ? undefined : "There is no row to open."),
				},
				down: move(() => 1),
				up: move(() => -1),
				"page-down": move((height) => height - 1),
				"page-up": move((height) => 1 - height),
				first: { run: () => loader.dispatch({ kind: "jump", to: 0 }) },
				last: { run: () => loader.dispatch({ kind: "jump", to: Number.MAX_SAFE_INTEGER }) },
				filter: { run: () => filter.open(store.get().asked.filter) },
				"column-left": { run: () => chooseColumn(-1) },
				"column-right": { run: () => chooseColumn(1) },
				sort: { run: sortByChosen },
				refresh: { run: () => changed() },
			}),
			...(options.marking ? marks.handlers : {}),
			...options.extra(current, {
				marks,
				refresh: () => changed(),
				filter: () => store.get().answered.filter,
				narrow: (text) => loader.dispatch({ kind: "ask", filter: text }),
				column: () => chosen,
			}),
		},
		targets: () =>
			sortable.map((column) => ({
				text: column.title,
				run() {
					chosen = column.id;
					sortByChosen();
				},
			})),
		crumbs() {
			const list = store.get();
			return {
				path: [options.name?.() ?? options.title],
				chips: [...(options.chips?.() ?? []), ...termsOf(list.answered.filter)],
				figures: [...(options.figures?.() ?? []), ...marks.figures(), ...figuresOf(list, options.nouns)],
			};
		},
		position() {
			const list = store.get();
			return list.total === 0 ? "" : `${count(list.cursor + 1)}/${totalText(list)}`;
		},
		input() {
			const field = filter.field();
			const { failure, asked } = store.get();
			if (field) {
				const example = field.text === "" ? `${options.example}   ` : "";
				const suggestions = filter.suggestions();
				const offered = suggestions.length === 0 ? example : `${suggestions.join("  ")}   Tab takes them   `;
				return { label: "/", ...field, problem: failure, hint: `${offered}Enter keeps it · Esc undoes` };
			}
			return failure?.code === "invalid" ? { label: "/", text: asked.filter, cursor: -1, problem: failure } : undefined;
		},
		copy() {
			const row = current();
			if (!row) return undefined;
			const cells = options.columns.map((column) => plainText(column.draw(row, context.now())));
			return { what: `the ${options.nouns[0]}`, text: cells.join("\t") };
		},
		takeKey: filter.takeKey,
		takePaste: filter.takePaste,
		back() {
			if (marks.ids().size > 0) {
				marks.clear();
				return true;
			}
			const { asked } = store.get();
			if (asked.filter === options.filter) return false;
			loader.dispatch({ kind: "ask", filter: options.filter });
			return true;
		},
		close() {
			for (const stop of stops) stop();
			clearTimeout(restTimer);
			loader.close();
			preview.close();
			filter.close();
		},
		Body({ columns, rows }) {
			if (columns < widths.twoPanes) return <Surface width={columns} height={rows} draw={drawTable} />;
			const strip = columns >= widths.threePanes && options.strip ? stripWidth : 0;
			const detail = Math.floor((columns - strip) * 0.38);
			return (
				<Box height={rows} width={columns}>
					{strip > 0 ? <Surface width={strip} draw={drawStrip} /> : null}
					<Surface flexGrow={1} draw={drawFramedTable} />
					<Surface width={detail} draw={drawDetail} />
				</Box>
			);
		},
	};
}

function figuresOf<Row extends { readonly id: number }>(
	list: PagedList<Row>,
	nouns: readonly [string, string],
): Piece[] {
	if (list.failure && list.failure.code !== "invalid") return [["not up to date", "warning"]];
	if (list.answered.generation === 0) return [];
	const matching = list.answered.filter === "" ? "" : list.total === 1 ? " matches" : " match";
	const rows = list.isCounted ? plural(list.total, ...nouns) : `${totalText(list)} ${nouns[1]}`;
	return [[`${rows}${matching}${isLoading(list) ? " · asking …" : ""}`, "muted"]];
}

/** `3,000,000`, or `101+` as long as nobody has counted. */
function totalText({ total, isCounted }: { readonly total: number; readonly isCounted: boolean }): string {
	return `${count(total)}${isCounted ? "" : "+"}`;
}
