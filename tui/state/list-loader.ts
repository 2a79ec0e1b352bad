/** Keeps a paged list fed: one request at a time, the question asked last wins, refreshed when the daemon says so. */
import { AppError } from "../../protocol/errors.ts";
import type { LastSeen } from "./last-seen.ts";
import {
	type Fetch,
	type ListEvent,
	type ListFailure,
	nextFetch,
	type PagedList,
	pageSize,
	reduceList,
} from "./paged-list.ts";
import type { Store } from "./store.ts";

export interface ListPage<Row> {
	readonly items: readonly Row[];
	readonly total: number;
	/** The total is only what is known so far. */
	readonly atLeast?: true | undefined;
	readonly next: string | null;
}

export interface PageRequest {
	readonly filter: string;
	readonly sort?: string;
	readonly limit: number;
	readonly cursor?: string;
	/** Rows to pass over first. */
	readonly skip?: number;
}

export interface ListLoader<Row> {
	/** Applies an event, then fetches what is missing. */
	dispatch(event: ListEvent<Row>): void;
	close(): void;
}

/** `countRows` is for lists whose pages do not wait for their total; `lastSeen` for those that outlive their daemon. */
export function createListLoader<Row extends { readonly id: number }>(
	store: Store<PagedList<Row>>,
	fetchPage: (request: PageRequest, signal: AbortSignal) => Promise<ListPage<Row>>,
	countRows?: (filter: string, signal: AbortSignal) => Promise<number>,
	lastSeen?: LastSeen<Row>,
): ListLoader<Row> {
	let running: Job<Row> | undefined;
	let counting: { generation: number; abort: AbortController } | undefined;
	let closed = false;

	function dispatch(event: ListEvent<Row>): void {
		store.set(reduceList(store.get(), event));
		if (event.kind === "ask") {
			running?.abort.abort();
			counting?.abort.abort();
		}
		if (event.kind === "changed" && running) running.isOvertaken = true;
		if (event.kind === "row") running?.rows.set(event.row.id, event.row);
		run();
	}

	/** Beside the pages: nobody waits for it. */
	function countBeside(): void {
		const { answered, isCounted } = store.get();
		if (closed || isCounted || countRows === undefined) return;
		if (counting?.generation === answered.generation && !counting.abort.signal.aborted) return;
		const job = { generation: answered.generation, abort: new AbortController() };
		counting = job;
		countRows(answered.filter, job.abort.signal).then(
			(total) => {
				if (counting !== job || job.abort.signal.aborted) return;
				counting = undefined;
				store.set(reduceList(store.get(), { kind: "counted", generation: job.generation, total }));
				run();
			},
			// What is wrong with the list its pages say.
			() => {
				if (counting === job) counting = undefined;
			},
		);
	}

	function run(): void {
		if (closed || (running && !running.abort.signal.aborted)) return;
		const fetch = nextFetch(store.get());
		if (!fetch) return;
		const job: Job<Row> = { fetch, abort: new AbortController(), isOvertaken: false, rows: new Map() };
		running = job;
		fetchPage(requestOf(fetch), job.abort.signal).then(
			(page) => finish(job, { kind: "page", generation: fetch.question.generation, page: fetch.page, ...page }),
			(err: unknown) => finish(job, { kind: "failed", generation: fetch.question.generation, failure: failureOf(err) }),
		);
	}

	function finish(job: Job<Row>, event: ListEvent<Row>): void {
		if (running !== job) return;
		running = undefined;
		if (!closed && !job.abort.signal.aborted) {
			const taken = fromBefore(reduceList(store.get(), event));
			const list = [...job.rows.values()].reduce((before, row) => reduceList(before, { kind: "row", row }), taken);
			const { page } = job.fetch;
			store.set(job.isOvertaken && event.kind === "page" ? reduceList(list, { kind: "overtaken", page }) : list);
			if (event.kind === "page") {
				lastSeen?.keep(store.get());
				countBeside();
			}
		}
		run();
	}

	/** A list that never answered, and cannot now, shows what was seen of it before. */
	function fromBefore(list: PagedList<Row>): PagedList<Row> {
		if (list.failure?.code !== "unavailable" || list.answered.generation !== 0) return list;
		return lastSeen?.recall(list.asked, list.failure) ?? list;
	}

	run();
	return {
		dispatch,
		close() {
			closed = true;
			running?.abort.abort();
			counting?.abort.abort();
		},
	};
}

/** A page that is being asked for. */
interface Job<Row> {
	readonly fetch: Fetch;
	readonly abort: AbortController;
	/** Rows that were told meanwhile, by their ids: what it brings of them may be what was before. */
	readonly rows: Map<number, Row>;
	/** Something has changed since it was asked: what it brings may be what was before. */
	isOvertaken: boolean;
}

function requestOf(fetch: Fetch): PageRequest {
	return {
		filter: fetch.question.filter,
		limit: pageSize,
		...(fetch.question.sort === undefined ? {} : { sort: fetch.question.sort }),
		...(fetch.cursor === undefined ? {} : { cursor: fetch.cursor }),
		...(fetch.skip === 0 ? {} : { skip: fetch.skip }),
	};
}

/** An error as a list shows it. */
export function failureOf(err: unknown): ListFailure {
	if (!(err instanceof AppError)) {
		return {
			code: "internal",
			message: err instanceof Error ? err.message : String(err),
			hint: undefined,
			at: undefined,
		};
	}
	const at = err.details?.at ?? err.details?.position;
	return { code: err.code, message: err.message, hint: err.hint, at: typeof at === "number" ? at : undefined };
}
