/** Keeps a paged list fed: one request at a time, the question asked last wins, refreshed when the daemon says so. */
import { AppError } from "../../protocol/errors.ts";
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
	readonly next: string | null;
}

export interface PageRequest {
	readonly filter: string;
	readonly sort?: string;
	readonly limit: number;
	readonly cursor?: string;
}

export interface ListLoader<Row> {
	/** Applies an event, then fetches what is missing. */
	dispatch(event: ListEvent<Row>): void;
	close(): void;
}

export function createListLoader<Row extends { readonly id: number }>(
	store: Store<PagedList<Row>>,
	fetchPage: (request: PageRequest, signal: AbortSignal) => Promise<ListPage<Row>>,
): ListLoader<Row> {
	let running: { fetch: Fetch; abort: AbortController } | undefined;
	let closed = false;

	function dispatch(event: ListEvent<Row>): void {
		store.set(reduceList(store.get(), event));
		if (event.kind === "ask") running?.abort.abort();
		run();
	}

	function run(): void {
		if (closed || (running && !running.abort.signal.aborted)) return;
		const fetch = nextFetch(store.get());
		if (!fetch) return;
		const job = { fetch, abort: new AbortController() };
		running = job;
		fetchPage(requestOf(fetch), job.abort.signal).then(
			(page) => finish(job, { kind: "page", generation: fetch.question.generation, page: fetch.page, ...page }),
			(err: unknown) => finish(job, { kind: "failed", generation: fetch.question.generation, failure: failureOf(err) }),
		);
	}

	function finish(job: typeof running, event: ListEvent<Row>): void {
		if (running !== job) return;
		running = undefined;
		if (!closed && !job?.abort.signal.aborted) store.set(reduceList(store.get(), event));
		run();
	}

	run();
	return {
		dispatch,
		close() {
			closed = true;
			running?.abort.abort();
		},
	};
}

function requestOf(fetch: Fetch): PageRequest {
	return {
		filter: fetch.question.filter,
		limit: pageSize,
		...(fetch.question.sort === undefined ? {} : { sort: fetch.question.sort }),
		...(fetch.cursor === undefined ? {} : { cursor: fetch.cursor }),
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
