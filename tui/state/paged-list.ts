/**
 * A list of any length seen through a window: pages of rows by cursor, a row under the cursor that stays the same row
 * while the list changes, and the last good result while a new question is open or wrong. Pure.
 */

export const pageSize = 100;
/** Pages kept on either side of the visible ones. */
const keptPages = 3;

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
	/** `cursors[n]` asks for page n; known as far as the list has been walked. */
	readonly cursors: readonly (string | undefined)[];
	/** Pages on screen that may be out of date. */
	readonly dirty: ReadonlySet<number>;
	readonly total: number;
	/** False: there may be more than `total`, which is being counted. */
	readonly isCounted: boolean;
	readonly cursor: number;
	readonly cursorId: number | undefined;
	readonly top: number;
	readonly height: number;
	readonly failure: ListFailure | undefined;
}

export type ListEvent<Row> =
	| { readonly kind: "move"; readonly by: number }
	| { readonly kind: "jump"; readonly to: number }
	| { readonly kind: "height"; readonly height: number }
	| { readonly kind: "ask"; readonly filter?: string; readonly sort?: string | undefined }
	| { readonly kind: "changed" }
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
}

export function emptyList<Row extends { readonly id: number }>(
	filter: string,
	sort: string | undefined,
): PagedList<Row> {
	return {
		asked: { filter, sort, generation: 1 },
		answered: { filter, sort, generation: 0 },
		pages: new Map(),
		cursors: [undefined],
		dirty: new Set(),
		total: 0,
		isCounted: true,
		cursor: 0,
		cursorId: undefined,
		top: 0,
		height: 20,
		failure: undefined,
	};
}

export function reduceList<Row extends { readonly id: number }>(
	list: PagedList<Row>,
	event: ListEvent<Row>,
): PagedList<Row> {
	switch (event.kind) {
		case "move":
			return moveTo(list, list.cursor + event.by);
		case "jump":
			return moveTo(list, event.to);
		case "height":
			return event.height === list.height ? list : moveTo({ ...list, height: Math.max(1, event.height) }, list.cursor);
		case "ask":
			return ask(list, event.filter ?? list.asked.filter, "sort" in event ? event.sort : list.asked.sort);
		case "changed":
			return markDirty(list);
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
	if (list.answered.generation !== list.asked.generation) return { question: list.asked, page: 0, cursor: undefined };
	const [first, last] = visiblePages(list);
	for (let page = first; page <= last; page++) if (list.dirty.has(page)) return fetchOf(list, page);
	for (const page of range(first, last)) if (!list.pages.has(page)) return fetchOf(list, page);
	const ahead = last + 1;
	if (ahead <= lastPage(list) && !list.pages.has(ahead) && ahead < list.cursors.length) return fetchOf(list, ahead);
	return undefined;
}

/** A page whose cursor is not known yet is reached by walking there from the last one that is. */
function fetchOf<Row extends { readonly id: number }>(list: PagedList<Row>, page: number): Fetch {
	const known = Math.min(page, list.cursors.length - 1);
	return { question: list.answered, page: known, cursor: list.cursors[known] };
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

function moveTo<Row extends { readonly id: number }>(list: PagedList<Row>, index: number): PagedList<Row> {
	const cursor = Math.max(0, Math.min(index, list.total - 1));
	const lowest = Math.max(0, cursor - list.height + 1);
	const top = Math.max(lowest, Math.min(list.top, cursor, Math.max(0, list.total - list.height)));
	return keepNear({ ...list, cursor, top, cursorId: rowAt(list, cursor)?.id });
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
	return { ...list, failure, pages, dirty: new Set(range(first, last)), cursors: list.cursors.slice(0, last + 1) };
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
	const dirty = new Set(list.dirty);
	dirty.delete(event.page);
	const cursors = list.cursors.slice(0, event.page + 1);
	const kept = event.next !== null && list.cursors[event.page + 1] === event.next;
	if (kept) cursors.push(...list.cursors.slice(event.page + 1));
	else if (event.next !== null) cursors.push(event.next);
	const pages = new Map(list.pages).set(event.page, event.items);
	return keepNear(followRow({ ...list, dirty, cursors, pages, ...totalBy(event, list), failure: undefined }));
}

type PageEvent<Row> = Extract<ListEvent<Row>, { kind: "page" }>;

/** The last page knows best how many there are; a total that promises more would be walked after for ever. */
function totalBy<Row>(
	{ page, items, total, atLeast, next }: PageEvent<Row>,
	before: { readonly total: number } | null,
): Pick<PagedList<never>, "total" | "isCounted"> {
	const shown = page * pageSize + items.length;
	if (next === null) return { total: shown, isCounted: true };
	if (atLeast === undefined) return { total, isCounted: true };
	// What was counted before holds until it has been counted again.
	return { total: Math.max(shown + 1, before?.total ?? 0), isCounted: false };
}

function takeCount<Row extends { readonly id: number }>(list: PagedList<Row>, total: number): PagedList<Row> {
	if (list.isCounted) return list;
	return keepNear(followRow({ ...list, total: Math.max(total, leastTotal(list)), isCounted: true }));
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
		cursors: event.next === null ? [undefined] : [undefined, event.next],
		dirty: new Set(),
		...totalBy(event, null),
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

function keepNear<Row extends { readonly id: number }>(list: PagedList<Row>): PagedList<Row> {
	const [first, last] = visiblePages(list);
	const near = (page: number) => page >= first - keptPages && page <= last + keptPages;
	if ([...list.pages.keys()].every(near)) return list;
	return { ...list, pages: new Map([...list.pages].filter(([page]) => near(page))) };
}
