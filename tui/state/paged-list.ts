/**
 * A list of any length seen through a window: pages of rows by cursor, a row under the cursor that stays the same row
 * while the list changes, and the last good result while a new question is open or wrong. Pure.
 */

export const pageSize = 100;
/** Pages kept on either side of the visible ones. */
const keptPages = 3;
/** Cursors kept on either side. */
const keptCursors = 20;

export interface Question {
	readonly filter: string;
	readonly sort: string | undefined;
	readonly generation: number;
}

export interface ListFailure {
	readonly code: string;
	readonly message: string;
	readonly hint: string | undefined;
	/** Offset in the filter where the mistake is. */
	readonly at: number | undefined;
}

export interface PagedList<Row extends { readonly id: number }> {
	readonly asked: Question;
	/** The question the rows answer; its generation is 0 before the first answer. */
	readonly answered: Question;
	readonly pages: ReadonlyMap<number, readonly Row[]>;
	/** What asks for page n, of pages near those that are kept; any other is so many rows behind one of these. */
	readonly cursors: ReadonlyMap<number, string>;
	/** Pages on screen that may be out of date, in the order in which they are asked for again. */
	readonly dirty: ReadonlySet<number>;
	readonly total: number;
	/** False: there may be more than `total`, which is being counted. */
	readonly isCounted: boolean;
	readonly cursor: number;
	readonly cursorId: number | undefined;
	readonly top: number;
	readonly height: number;
	/** Where the cursor has been going: pages are fetched ahead of it. */
	readonly heading: "down" | "up";
	/** Rows may have come or gone above what a cursor leads to: pages that were counted out do not join those that were walked to. */
	readonly isDrifted: boolean;
	readonly failure: ListFailure | undefined;
}

export type ListEvent<Row> =
	/** `leap`: so many rows at once when the cursor leaves the window, instead of as few as will do. */
	| { readonly kind: "move"; readonly by: number; readonly leap?: number }
	| { readonly kind: "jump"; readonly to: number }
	/** To a row by its id; where it is not known, to the place it had elsewhere. */
	| { readonly kind: "find"; readonly id: number; readonly at: number }
	| { readonly kind: "height"; readonly height: number }
	| { readonly kind: "ask"; readonly filter?: string; readonly sort?: string | undefined }
	| { readonly kind: "changed" }
	/** That page has come, and something has changed since it was asked for. */
	| { readonly kind: "overtaken"; readonly page: number }
	| { readonly kind: "row"; readonly row: Row }
	| {
			readonly kind: "page";
			readonly generation: number;
			readonly page: number;
			readonly items: readonly Row[];
			readonly total: number;
			/** The total is only what is known so far. */
			readonly atLeast?: true | undefined;
			readonly next: string | null;
	  }
	| { readonly kind: "counted"; readonly generation: number; readonly total: number }
	| { readonly kind: "failed"; readonly generation: number; readonly failure: ListFailure };

export interface Fetch {
	readonly question: Question;
	readonly page: number;
	readonly cursor: string | undefined;
	/** Rows between what the cursor knows and the page. */
	readonly skip: number;
}

export function emptyList<Row extends { readonly id: number }>(
	filter: string,
	sort: string | undefined,
): PagedList<Row> {
	return {
		asked: { filter, sort, generation: 1 },
		answered: { filter, sort, generation: 0 },
		pages: new Map(),
		cursors: new Map(),
		dirty: new Set(),
		total: 0,
		isCounted: true,
		cursor: 0,
		cursorId: undefined,
		top: 0,
		height: 20,
		heading: "down",
		isDrifted: false,
		failure: undefined,
	};
}

export function reduceList<Row extends { readonly id: number }>(
	list: PagedList<Row>,
	event: ListEvent<Row>,
): PagedList<Row> {
	switch (event.kind) {
		case "move":
			return moveTo({ ...list, heading: event.by < 0 ? "up" : "down" }, list.cursor + event.by, event.leap);
		case "jump":
			return moveTo(list, event.to);
		case "find":
			return find(list, event.id, event.at);
		case "height":
			return event.height === list.height ? list : moveTo({ ...list, height: Math.max(1, event.height) }, list.cursor);
		case "ask":
			return ask(list, event.filter ?? list.asked.filter, "sort" in event ? event.sort : list.asked.sort);
		case "changed":
			return markDirty(list);
		case "overtaken":
			return { ...list, dirty: new Set([...list.dirty, event.page]) };
		case "row":
			return replaceRow(list, event.row);
		case "page":
			return takePage(list, event);
		case "counted":
			return event.generation === list.answered.generation ? takeCount(list, event.total) : list;
		case "failed":
			return event.generation === list.asked.generation ? { ...list, failure: event.failure, dirty: new Set() } : list;
	}
}

export function rowAt<Row extends { readonly id: number }>(list: PagedList<Row>, index: number): Row | undefined {
	return list.pages.get(Math.floor(index / pageSize))?.[index % pageSize];
}

export function currentRow<Row extends { readonly id: number }>(list: PagedList<Row>): Row | undefined {
	return rowAt(list, list.cursor);
}

export function isLoading<Row extends { readonly id: number }>(list: PagedList<Row>): boolean {
	return list.failure === undefined && list.answered.generation !== list.asked.generation;
}

/** The next page worth asking for; undefined when everything that is needed is here. */
export function nextFetch<Row extends { readonly id: number }>(list: PagedList<Row>): Fetch | undefined {
	if (list.failure) return undefined;
	if (list.answered.generation !== list.asked.generation)
		return { question: list.asked, page: 0, cursor: undefined, skip: 0 };
	const [first, last] = visiblePages(list);
	for (const page of list.dirty) if (page >= first && page <= last) return fetchOf(list, page);
	for (const page of range(first, last)) if (!list.pages.has(page)) return fetchOf(list, page);
	const ahead = list.heading === "down" ? last + 1 : first - 1;
	if (ahead >= 0 && ahead <= lastPage(list) && !list.pages.has(ahead)) return fetchOf(list, ahead);
	return undefined;
}

function fetchOf<Row extends { readonly id: number }>(list: PagedList<Row>, page: number): Fetch {
	const known = Math.max(0, ...[...list.cursors.keys()].filter((one) => one <= page));
	return { question: list.answered, page, cursor: list.cursors.get(known), skip: (page - known) * pageSize };
}

function visiblePages<Row extends { readonly id: number }>(list: PagedList<Row>): [number, number] {
	const first = Math.floor(list.top / pageSize);
	return [first, Math.min(lastPage(list), Math.floor((list.top + list.height - 1) / pageSize))];
}

function lastPage<Row extends { readonly id: number }>(list: PagedList<Row>): number {
	return Math.max(0, Math.ceil(list.total / pageSize) - 1);
}

function range(first: number, last: number): number[] {
	return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

function moveTo<Row extends { readonly id: number }>(list: PagedList<Row>, index: number, leap = 1): PagedList<Row> {
	const cursor = Math.max(0, Math.min(index, list.total - 1));
	const lowest = Math.max(0, cursor - list.height + 1);
	const further = Math.max(0, Math.min(leap, list.height) - 1);
	const wanted = list.top < lowest ? lowest + further : cursor < list.top ? cursor - further : list.top;
	const top = Math.max(lowest, Math.min(Math.max(0, wanted), cursor, Math.max(0, list.total - list.height)));
	return keepNear({ ...list, cursor, top, cursorId: rowAt(list, cursor)?.id });
}

function find<Row extends { readonly id: number }>(list: PagedList<Row>, id: number, at: number): PagedList<Row> {
	for (const [page, rows] of list.pages) {
		const index = rows.findIndex((row) => row.id === id);
		if (index >= 0) return moveTo(list, page * pageSize + index);
	}
	const moved = moveTo(list, at);
	return rowAt(moved, moved.cursor) ? moved : { ...moved, cursorId: id };
}

function ask<Row extends { readonly id: number }>(
	list: PagedList<Row>,
	filter: string,
	sort: string | undefined,
): PagedList<Row> {
	return { ...list, asked: { filter, sort, generation: list.asked.generation + 1 }, failure: undefined };
}

/** Visible pages are asked for again; the others are forgotten, as are the ways to them. */
function markDirty<Row extends { readonly id: number }>(list: PagedList<Row>): PagedList<Row> {
	const failure = list.failure?.code === "unavailable" ? undefined : list.failure;
	if (list.answered.generation === 0) return { ...list, failure };
	const [first, last] = visiblePages(list);
	const pages = new Map([...list.pages].filter(([page]) => page >= first && page <= last));
	const cursors = new Map([...list.cursors].filter(([page]) => page <= first));
	// Those that wait already keep their turn: while things change all the time, the others would never have theirs.
	const visible = range(first, last);
	const dirty = new Set([...[...list.dirty].filter((page) => visible.includes(page)), ...visible]);
	return {
		...{ ...list, failure, pages, cursors, dirty },
		isDrifted: list.isDrifted || cursors.has(first),
	};
}

function replaceRow<Row extends { readonly id: number }>(list: PagedList<Row>, row: Row): PagedList<Row> {
	for (const [page, rows] of list.pages) {
		const at = rows.findIndex((known) => known.id === row.id);
		if (at >= 0) return { ...list, pages: new Map(list.pages).set(page, rows.with(at, row)) };
	}
	return list;
}

function takePage<Row extends { readonly id: number }>(
	list: PagedList<Row>,
	event: Extract<ListEvent<Row>, { kind: "page" }>,
): PagedList<Row> {
	if (event.generation === list.asked.generation && event.generation !== list.answered.generation) {
		return firstAnswer(list, event);
	}
	if (event.generation !== list.answered.generation) return list;
	return keepNear(followRow(joinPage(list, event)));
}

/** The pages behind it are asked for again when it does not end where they begin. */
function joinPage<Row extends { readonly id: number }>(list: PagedList<Row>, event: PageEvent<Row>): PagedList<Row> {
	const { page, next } = event;
	const known = list.cursors.get(page + 1);
	const isApart = known === undefined ? list.isDrifted && list.pages.has(page + 1) : known !== next;
	const [first, last] = visiblePages(list);
	const isKept = (one: number) => !isApart || one <= page || (one >= first && one <= last);
	const pages = new Map([...list.pages].filter(([one]) => isKept(one))).set(page, event.items);
	const dirty = new Set([...list.dirty, ...(isApart ? [...pages.keys()].filter((one) => one > page) : [])]);
	dirty.delete(page);
	const cursors = new Map([...list.cursors].filter(([one]) => !isApart || one <= page));
	if (next !== null) cursors.set(page + 1, next);
	return {
		...{ ...list, pages, dirty, cursors, ...totalBy(event, list), failure: undefined },
		isDrifted: list.isDrifted && !(isApart && !list.cursors.has(page)),
	};
}

type PageEvent<Row> = Extract<ListEvent<Row>, { kind: "page" }>;

/** The last page knows best how many there are; a total that promises more would be walked after for ever. */
function totalBy<Row>(
	{ page, items, total, atLeast, next }: PageEvent<Row>,
	before: { readonly total: number } | null,
): Pick<PagedList<never>, "total" | "isCounted"> {
	const shown = page * pageSize + items.length;
	// A page beyond the last row does not say how many there are.
	if (next === null && items.length === 0 && page > 0 && before !== null) {
		return atLeast === undefined
			? { total, isCounted: true }
			: { total: Math.min(shown, before.total), isCounted: false };
	}
	if (next === null) return { total: shown, isCounted: true };
	if (atLeast === undefined) return { total, isCounted: true };
	// What was counted before holds until it has been counted again.
	return { total: Math.max(shown + 1, before?.total ?? 0), isCounted: false };
}

function takeCount<Row extends { readonly id: number }>(list: PagedList<Row>, total: number): PagedList<Row> {
	if (list.isCounted) return list;
	const counted = Math.max(total, leastTotal(list));
	// Of a page that ended before that and the count one is out of date: asked for again it says which.
	const short = [...list.pages].filter(([page, { length }]) => length < pageSize && page * pageSize + length < counted);
	const dirty = new Set([...list.dirty, ...short.map(([page]) => page)]);
	return keepNear(followRow({ ...list, dirty, total: counted, isCounted: true }));
}

/** Rows have come in since they were counted, when more of them have been seen. */
function leastTotal<Row extends { readonly id: number }>({ pages }: PagedList<Row>): number {
	return Math.max(0, ...[...pages].map(([page, rows]) => (rows.length === 0 ? 0 : page * pageSize + rows.length)));
}

function firstAnswer<Row extends { readonly id: number }>(
	list: PagedList<Row>,
	event: Extract<ListEvent<Row>, { kind: "page" }>,
): PagedList<Row> {
	const sameRows = list.answered.generation !== 0 && list.answered.filter === list.asked.filter;
	return followRow({
		...list,
		answered: list.asked,
		pages: new Map([[0, event.items]]),
		cursors: new Map(event.next === null ? [] : [[1, event.next]]),
		dirty: new Set(),
		...totalBy(event, null),
		isDrifted: false,
		cursor: 0,
		top: 0,
		cursorId: sameRows ? undefined : list.cursorId,
		failure: undefined,
	});
}

/** The cursor goes where its row has gone, and the window with it, so that nothing jumps under the eye. */
function followRow<Row extends { readonly id: number }>(list: PagedList<Row>): PagedList<Row> {
	const cursor = Math.max(0, Math.min(list.cursor, list.total - 1));
	if (list.cursorId !== undefined && rowAt(list, cursor)?.id !== list.cursorId) {
		for (const [page, rows] of list.pages) {
			const at = rows.findIndex((row) => row.id === list.cursorId);
			if (at < 0) continue;
			const moved = page * pageSize + at;
			return moveTo({ ...list, top: Math.max(0, list.top + moved - list.cursor) }, moved);
		}
	}
	return moveTo(list, cursor);
}

/** Memory does not grow with the list: pages near the window, and the cursors near these. */
function keepNear<Row extends { readonly id: number }>(list: PagedList<Row>): PagedList<Row> {
	const [first, last] = visiblePages(list);
	const near = (page: number) => page >= first - keptPages && page <= last + keptPages;
	const nearby = (page: number) => page >= first - keptCursors && page <= last + keptCursors;
	if ([...list.pages.keys()].every(near) && [...list.cursors.keys()].every(nearby)) return list;
	return {
		...list,
		pages: new Map([...list.pages].filter(([page]) => near(page))),
		cursors: new Map([...list.cursors].filter(([page]) => nearby(page))),
	};
}
