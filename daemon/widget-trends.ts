/** Counts once an hour what the dashboard shows as a trend: the last count of a day is that day's point. */
import { setImmediate } from "node:timers/promises";
import type { Logger } from "pino";
import { AppError } from "../protocol/errors.ts";
import { askList } from "./store/query-lists.ts";
import { getSavedQueryById, noteCount } from "./store/saved-queries.ts";
import type { Store } from "./store/store.ts";
import { listWidgets } from "./store/widgets.ts";

const everyMs = 3_600_000;

export class WidgetTrends {
	readonly #store: Store;
	readonly #log: Logger;
	#timer: NodeJS.Timeout | undefined;
	#closed = false;

	constructor(store: Store, log: Logger) {
		this.#store = store;
		this.#log = log;
	}

	begin(): void {
		this.#timer = setInterval(() => void this.count(), everyMs).unref();
		void this.count();
	}

	/** Others have their turn between two queries. One that cannot be answered any more has no point. */
	async count(): Promise<void> {
		const { db, clock } = this.#store;
		try {
			for (const id of new Set(listWidgets(db).flatMap(({ kind, query }) => (kind === "trend" ? [query] : [])))) {
				await setImmediate();
				if (this.#closed) return;
				const total = countOf(this.#store, id);
				if (total !== null) noteCount(db, id, total, clock.now());
			}
		} catch (err) {
			if (!this.#closed) this.#log.error({ err }, "the trends of the dashboard could not be counted");
		}
	}

	close(): void {
		this.#closed = true;
		clearInterval(this.#timer);
	}
}

function countOf({ db, clock }: Store, id: number): number | null {
	try {
		return askList(db, getSavedQueryById(db, id), { now: clock.now(), rows: 0 }).total;
	} catch (err) {
		if (err instanceof AppError && (err.code === "invalid" || err.code === "not-found")) return null;
		throw err;
	}
}
