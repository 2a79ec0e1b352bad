/**
 * Reads the lists that can be long: pages on one thread, totals on another, so that neither holds up the daemon nor a count
 * the page. A database in memory has one connection only and is read there.
 */
import { AppError } from "../../protocol/errors.ts";
import type { Facets } from "../../protocol/model/facet.ts";
import type { FindingGroup, FindingGroupBy } from "../../protocol/model/finding.ts";
import type { AssetFacetQuery } from "./asset-facets.ts";
import type { FacetQuery } from "./finding-facets.ts";
import type { Narrow } from "./finding-narrow.ts";
import type { ComparedCounts, Span } from "./findings-at.ts";
import type { ListQuery, Page, Where } from "./page.ts";
import type { AskedList, AskOptions, FoundRows } from "./query-lists.ts";
import { type LongList, type LongLists, type ReadJob, type ReadValue, read } from "./read-job.ts";
import { ReadThread } from "./read-thread.ts";
import type { Store } from "./store.ts";

type ListThread = ReadThread<ReadJob, ReadValue>;

export class ListReader {
	readonly #store: Store;
	readonly #threads: { readonly page: ListThread; readonly count: ListThread } | null;

	constructor(store: Store) {
		this.#store = store;
		const path = store.db.location();
		const thread = (at: string, columns: boolean): ListThread => new ReadThread({ path: at, columns }, "read-worker");
		this.#threads = path === null || path === "" ? null : { page: thread(path, true), count: thread(path, false) };
	}

	/** Rejects as the list throws. */
	async page<L extends LongList>(list: L, query: ListQuery, signal: AbortSignal): Promise<Page<LongLists[L]>> {
		const page = await this.#read({ kind: "page", list, query }, signal);
		if (typeof page === "number" || !("items" in page)) throw otherAnswer();
		return page as Page<LongLists[L]>;
	}

	/** `narrow`: of a list of findings, what the condition was made of. */
	async count(list: LongList, where: Where | null, signal: AbortSignal, narrow?: Narrow): Promise<number> {
		return Number(await this.#read({ kind: "count", list, where, ...(narrow && { narrow }) }, signal));
	}

	async groups(by: FindingGroupBy, query: ListQuery, signal: AbortSignal): Promise<Page<FindingGroup>> {
		const page = await this.#read({ kind: "groups", by, query }, signal);
		if (typeof page === "number" || !("items" in page)) throw otherAnswer();
		return page as Page<FindingGroup>;
	}

	/** What came, went and stayed, by severity. */
	async compare(span: Span, where: Where | null, signal: AbortSignal): Promise<ComparedCounts> {
		const counts = await this.#read({ kind: "compare", span, where }, signal);
		if (typeof counts === "number" || !("appeared" in counts)) throw otherAnswer();
		return counts;
	}

	findingFacets(query: FacetQuery, signal: AbortSignal): Promise<Facets> {
		return this.#facets({ kind: "facets", query }, signal);
	}

	assetFacets(query: AssetFacetQuery, signal: AbortSignal): Promise<Facets> {
		return this.#facets({ kind: "asset-facets", query }, signal);
	}

	async #facets(job: ReadJob, signal: AbortSignal): Promise<Facets> {
		const counts = await this.#read(job, signal);
		if (typeof counts === "number" || !("facets" in counts)) throw otherAnswer();
		return counts;
	}

	/** What a query finds in the list it is asked of, with the first rows. Rejects with `invalid` for one that is none. */
	async ask({ list, filter }: AskedList, options: AskOptions, signal: AbortSignal): Promise<FoundRows> {
		const found = await this.#read({ kind: "ask", asked: { list, filter }, options }, signal);
		if (typeof found === "number" || !("rows" in found)) throw otherAnswer();
		return found;
	}

	/** Somebody looks at findings: what lists of them need in memory is read before it is asked for, where there are many. */
	prepareFindings(): void {
		const { signal } = new AbortController();
		// It is only for speed: whoever asks for a list is told what is wrong.
		this.#threads?.page.read({ kind: "prepare" }, signal).catch(() => undefined);
	}

	async close(): Promise<void> {
		await Promise.all([this.#threads?.page.close(), this.#threads?.count.close()]);
	}

	async #read(job: ReadJob, signal: AbortSignal): Promise<ReadValue> {
		if (this.#threads === null) return read(this.#store.db, job);
		return await this.#threads[this.#threadOf(job)].read(job, signal);
	}

	/** A page that waits for its total waits for a count, but where columns tell both. */
	#threadOf(job: ReadJob): "page" | "count" {
		if (job.kind === "page") {
			const { counted, narrow } = job.query;
			return counted === false || narrow?.told.whole === true ? "page" : "count";
		}
		if (job.kind === "prepare") return "page";
		// Pages should not wait until columns have been read for a count.
		const told = job.kind === "count" && job.narrow?.told.whole === true && this.#threads?.page.keeps === true;
		return told ? "page" : "count";
	}
}

function otherAnswer(): AppError {
	return new AppError("internal", "One thing was asked for and another came.");
}
