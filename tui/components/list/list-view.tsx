/**
 * The view every list is: a table over the daemon's pages, a filter, order, columns, marks and views of it, and beside it
 * the details of the row under the cursor when there is room. A screen says which method, which columns, and what a row opens.
 */
import { Box } from "ink";
import { complete } from "../../../protocol/methods/queries.ts";
import { completeKeys, historyKeys } from "../../keys/editing-keys.ts";
import { editingKeyOf, keyLabel, keyOf } from "../../keys/find-binding.ts";
import { handle, type InputLine, type ScreenContext, type View } from "../../screens/view.ts";
import { lastSeenOf } from "../../state/last-seen.ts";
import { createListLoader } from "../../state/list-loader.ts";
import { currentRow, emptyList, isLoading, type PagedList, pageSize } from "../../state/paged-list.ts";
import { createStore } from "../../state/store.ts";
import { Surface } from "../../terminal/surface.tsx";
import { termsOf } from "../../text/filter-terms.ts";
import { count } from "../../text/format.ts";
import { line } from "../../theme/line.ts";
import { drawProblem, hasRoomForProblem } from "../chrome/draw-chrome.ts";
import { createFrameDrawer, drawFrame } from "../frame/frame.ts";
import { createMemory } from "../frame/memory.ts";
import { drawReader } from "../reader/document.ts";
import { detailColumns, partOf } from "./border.ts";
import { createColumnChoice } from "./column-choice.ts";
import { openCopyMenu } from "./copy-acts.ts";
import { rowsText } from "./copy-rows.ts";
import { detailHandlers } from "./detail-handlers.ts";
import { createDetailPane } from "./detail-pane.ts";
import { createListDrawer } from "./draw-list.ts";
import { filterHistory } from "./filter-history.ts";
import { createFilterLine } from "./filter-line.ts";
import { createFollowedList } from "./followed-list.ts";
import { createGoTo } from "./go-to.ts";
import type { ListOptions } from "./list-options.ts";
import { figuresOf, positionOf, totalText } from "./list-words.ts";
import { createMarks } from "./marks.ts";
import { createPreferences } from "./preferences.ts";
import { readRows } from "./read-rows.ts";
import { takeRows } from "./take-rows.ts";
import { createListViews } from "./view-acts.ts";

export type { ListHandle, ListOptions } from "./list-options.ts";

export const widths = { twoPanes: 120, threePanes: 160 } as const;
const stripWidth = 30;

export function createListView<Row extends { readonly id: number }, Detail>(
	options: ListOptions<Row, Detail>,
	context: ScreenContext,
): View {
	const { client } = context;
	const list = options.route.to;
	const preferences = createPreferences(client, list, context.changed);
	// Somebody who came here for something else does not get the view the list opens with.
	const mayOpenWith = options.filter === "";
	const first = mayOpenWith ? preferences.known()?.view : undefined;
	/** Where Escape leads back to: what the screen was opened with, or the view it opens with. */
	let base = first?.filter ?? options.filter;
	const store = createStore<PagedList<Row>>(emptyList(first?.filter ?? options.filter, first?.sort ?? undefined));
	const lastSeen = lastSeenOf<Row>(client, JSON.stringify({ ...options.route, filter: undefined }));
	const loader = createListLoader(store, options.fetchPage, options.countRows, lastSeen);
	const { completes } = options;
	const filter = createFilterLine(
		(text) => loader.dispatch({ kind: "ask", filter: text }),
		(text) => store.get().asked.filter === text && store.get().failure?.code === "invalid",
		context.changed,
		completes && ((text, at) => client.call(complete, { list: completes, text, at })),
		filterHistory(client, list),
	);
	const current = () => currentRow(store.get());
	const detail = createDetailPane(options, context, current);
	const drawList = createListDrawer<Row>();
	const drawTableFrame = createFrameDrawer();
	const stripMemory = createMemory();
	/** As it was laid out last. Columns. */
	let screenWidth: number = widths.twoPanes;
	const hasPanes = () => screenWidth >= widths.twoPanes && !context.isRead();
	/** Of these, what table and details have together. */
	let shared = screenWidth;
	const columns = createColumnChoice(options, preferences, {
		sort: () => store.get().asked.sort,
		ask: (sort) => loader.dispatch({ kind: "ask", sort }),
		changed: context.changed,
		say: (text) => context.toast("info", text),
	});
	const shown = () => ({ filter: store.get().asked.filter, sort: store.get().asked.sort });
	const views = createListViews(client, {
		...{ title: options.title, list, preferences, shown, changed: context.changed },
		ask(view) {
			if (view === null) base = options.filter;
			loader.dispatch({ kind: "ask", filter: view?.filter ?? options.filter, sort: view?.sort ?? undefined });
		},
	});
	const goTo = createGoTo(context, {
		options,
		place: () => ({ cursor: store.get().cursor, total: store.get().total, ...shown() }),
		jump: (to) => loader.dispatch({ kind: "jump", to }),
	});
	const marks = createMarks<Row>({
		...{ current, changed: context.changed, say: (text: string) => context.toast("info", text), fail: context.fail },
		read: (first, most) => readRows(options.fetchPage, { ...shown(), most, skip: first }, new AbortController().signal),
		cursor: () => store.get().cursor,
		known: () =>
			[...store.get().pages].flatMap(([page, rows]) => rows.map((row, at) => [page * pageSize + at, row] as const)),
		asked: () => ({ filter: store.get().answered.filter, total: store.get().total }),
		next: () => step(1),
	});

	const changed = (row?: Row) => {
		detail.refresh();
		loader.dispatch(row ? { kind: "row", row } : { kind: "changed" });
	};
	const followed = createFollowedList(store, loader.dispatch, () => filter.field() !== undefined);
	const stops = [
		store.watch(followed.look),
		store.watch(() => {
			marks.see();
			const { asked, answered, failure } = store.get();
			if (failure || answered.generation === asked.generation)
				filter.answered(asked.filter, failure?.code === "invalid");
			context.changed();
		}),
		options.watch(changed),
		context.onReconnect(() => {
			void preferences.load();
			changed();
		}),
		...(options.strip ? [context.onLive(context.changed)] : []),
	];
	if (first) views.apply(first);
	else
		void preferences.load().then((found) => {
			const { filter: asked, sort } = shown();
			const isUntouched = asked === options.filter && sort === undefined && filter.field() === undefined;
			if (!found?.view || !mayOpenWith || !isUntouched) return;
			base = found.view.filter;
			views.apply(found.view);
		});

	function drawTable(width: number, height: number): string[] {
		if (store.get().height !== height - 1) loader.dispatch({ kind: "height", height: height - 1 });
		columns.drawnAt(width);
		const look = {
			columns: columns.shown(),
			chosen: columns.chosen(),
			base,
			empty: options.empty,
			isMarked: marks.has,
		};
		return tellProblem(drawList(store.get(), look, width, height, context.now()), width, height);
	}

	/** What is wrong with the filter, over the last rows, where the input line has no room for it. A list without rows says it itself. */
	function tellProblem(rows: string[], width: number, height: number): string[] {
		const input = inputLine();
		if (!input?.problem || !input.isToldAbove || store.get().total === 0) return rows;
		const told = drawProblem(width, input.problem).slice(0, Math.floor(height / 2));
		const kept = rows.slice(0, height - told.length);
		while (kept.length < height - told.length) kept.push(line(width, []));
		return [...kept, ...told];
	}

	function drawStrip(width: number, height: number): readonly string[] {
		const blocks = options.strip?.(context.now()) ?? [];
		return stripMemory([width, height, blocks], () =>
			drawFrame(width, height, {
				title: options.stripTitle ?? "Overview",
				content: (inner, lines) => drawReader(blocks, inner, lines, 0),
			}),
		);
	}

	function drawFramedTable(width: number, height: number): string[] {
		const now = store.get();
		const last = Math.min(now.total, now.top + now.height);
		return drawTableFrame(width, height, {
			title: options.title,
			focused: true,
			figures: now.total > 0 ? [[`${count(now.top + 1)}–${count(last)} of ${totalText(now)}`, "muted"]] : [],
			content: drawTable,
		});
	}

	function inputLine(): InputLine | undefined {
		const input = typedLine();
		return input?.problem && !hasRoomForProblem(screenWidth, input) ? { ...input, isToldAbove: true } : input;
	}

	function typedLine(): InputLine | undefined {
		const place = goTo.line.field();
		if (place)
			return {
				label: "#",
				...place,
				hint: `17 · 50% · id:17 · a name or address   ${editingKeyOf("accept")} goes · ${editingKeyOf("leave")} stays`,
			};
		const field = filter.field();
		const { failure, asked } = store.get();
		if (field) {
			const example = field.text === "" ? `${options.example}   ` : "";
			const suggestions = filter.suggestions();
			const offered =
				suggestions.length === 0 ? example : `${suggestions.join("  ")}   ${keyLabel(completeKeys[0])} takes them   `;
			return {
				label: "/",
				...field,
				problem: failure,
				hint: `${offered}${editingKeyOf("accept")} keeps it · ${editingKeyOf("leave")} undoes · ${keyLabel(historyKeys.older[0])} before`,
			};
		}
		return failure?.code === "invalid" ? { label: "/", text: asked.filter, cursor: -1, problem: failure } : undefined;
	}

	const noDetails = () =>
		!hasPanes()
			? `Beside the list there is no room for details in fewer than ${widths.twoPanes} columns; ${keyOf("list", "open")} opens them.`
			: undefined;

	/**
	 * A terminal moves whole lines only: of a list with a pane beside it every row is written again when it scrolls. Over a slow
	 * line it therefore scrolls half a window at once.
	 */
	const leapOf = (height: number) => (context.isThrifty() && hasPanes() ? Math.ceil(height / 2) : 1);
	const step = (by: 1 | -1) => loader.dispatch({ kind: "move", by, leap: leapOf(store.get().height) });
	const page = (by: 1 | -1) => loader.dispatch({ kind: "move", by: by * (store.get().height - 1) });
	return {
		route: options.route,
		scopes: [...options.scopes, ...(options.marking ? (["marks"] as const) : []), "list", "table"],
		handlers: {
			...handle<"list">({
				open: {
					run() {
						const row = current();
						if (row) options.open(row);
					},
					disabled: () => (current() ? undefined : "There is no row to open."),
				},
				down: { run: () => step(1) },
				up: { run: () => step(-1) },
				"page-down": { run: () => page(1) },
				"page-up": { run: () => page(-1) },
				first: { run: () => loader.dispatch({ kind: "jump", to: 0 }) },
				last: { run: () => loader.dispatch({ kind: "jump", to: Number.MAX_SAFE_INTEGER }) },
				filter: { run: () => filter.open(store.get().asked.filter) },
				"column-left": { run: () => columns.choose(-1) },
				"column-right": { run: () => columns.choose(1) },
				sort: columns.sort,
				refresh: { run: () => changed() },
			}),
			...handle<"table">({
				"sort-too": columns.sortToo,
				columns: { run: () => context.open({ to: "columns", chooser: columns.chooser() }) },
				views: { run: () => context.open({ to: "views", chooser: views.chooser }) },
				"copy-menu": {
					run: () =>
						openCopyMenu(context, {
							...{ options, list, marks, current, columns: columns.shown, chosen: columns.chosen },
							asked: () => ({ filter: store.get().answered.filter, sort: store.get().answered.sort }),
						}),
					disabled: () => (current() ? undefined : "There is nothing to copy here."),
				},
				"go-to": { run: () => goTo.line.open(""), disabled: () => (current() ? undefined : "There is no row.") },
				narrower: { run: () => columns.widen(-2) },
				wider: { run: () => columns.widen(2) },
				...detailHandlers(context, () => shared, noDetails),
			}),
			...(options.marking ? marks.handlers : {}),
			...options.extra(current, {
				marks,
				take: (verb, run) => takeRows(context, { verb, options, marks, sort: shown().sort }, run),
				refresh: () => changed(),
				filter: () => store.get().answered.filter,
				narrow: (text) => loader.dispatch({ kind: "ask", filter: text }),
				column: columns.chosen,
			}),
		},
		targets: columns.targets,
		crumbs() {
			const now = store.get();
			const view = views.current();
			return {
				path: [options.name?.() ?? options.title],
				chips: [
					...(options.chips?.() ?? []),
					...(view === null ? [] : [`view ${view.name}`]),
					...termsOf(now.answered.filter),
				],
				figures: [...(options.figures?.() ?? []), ...marks.figures(), ...figuresOf(now, options.nouns)],
			};
		},
		position: () => positionOf(store.get(), marks.count()),
		input: inputLine,
		list: followed.shown,
		showList: followed.show,
		rows() {
			if (filter.field() !== undefined || store.get().failure !== undefined) return "missing";
			const isEmpty = store.get().total === 0;
			if (!isLoading(store.get()) && (isEmpty || current())) return "here";
			if (!context.isConnected()) return "missing";
			return isLoading(store.get()) ? "awaited" : "row-awaited";
		},
		copy() {
			const row = current();
			if (!row) return undefined;
			return { what: `the ${options.nouns[0]}`, text: rowsText(columns.shown(), [row], context.now()) };
		},
		takeKey: (key) => goTo.line.takeKey(key) || filter.takeKey(key),
		takePaste(text) {
			if (goTo.line.field()) goTo.line.takePaste(text);
			else filter.takePaste(text);
		},
		back() {
			if (marks.back()) return true;
			if (store.get().asked.filter === base) return false;
			loader.dispatch({ kind: "ask", filter: base });
			return true;
		},
		border() {
			const own = detailColumns(context.details(), shared);
			if (!hasPanes() || own === 0) return undefined;
			return {
				at: screenWidth - own,
				move: (column, isKept) => context.setDetails(partOf(screenWidth - column, shared), isKept),
			};
		},
		close() {
			for (const stop of stops) stop();
			loader.close();
			detail.close();
			filter.close();
			goTo.close();
			preferences.close();
		},
		Body({ columns: width, rows }) {
			screenWidth = width;
			if (!hasPanes()) return <Surface width={width} height={rows} draw={drawTable} />;
			const strip = width >= widths.threePanes && options.strip ? stripWidth : 0;
			shared = width - strip;
			const own = detailColumns(context.details(), shared);
			return (
				<Box height={rows} width={width}>
					{strip > 0 ? <Surface width={strip} draw={drawStrip} /> : null}
					<Surface flexGrow={1} draw={drawFramedTable} />
					{own > 0 ? <Surface width={own} draw={detail.draw} /> : null}
				</Box>
			);
		},
	};
}
