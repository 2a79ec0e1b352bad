/** Counts once an hour what dashboards show as a trend: the last count of a day is that day's point. */
import type { Logger } from "pino";
import { AppError } from "../protocol/errors.ts";
import { answerQuery } from "./rpc/query-answers.ts";
import type { ListReader } from "./store/list-reader.ts";
import { listSavedQueries } from "./store/saved-queries.ts";
import type { Settings } from "./store/settings.ts";
import { trendsOnDashboards } from "./store/settings-dashboards.ts";
import type { Store } from "./store/store.ts";
import { listWidgets } from "./store/widgets.ts";

const everyMs = 3_600_000;

export interface WidgetTrendsOptions {
	readonly store: Store;
	readonly reader: ListReader;
	readonly settings: Settings;
	readonly log: Logger;
}

export class WidgetTrends {
	readonly #options: WidgetTrendsOptions;
	readonly #closing = new AbortController();
	#timer: NodeJS.Timeout | undefined;

	constructor(options: WidgetTrendsOptions) {
		this.#options = options;
	}

	begin(): void {
		this.#timer = setInterval(() => void this.count(), everyMs).unref();
		void this.count();
	}

	/** One query after the other. One that cannot be answered any more has no point. */
	async count(): Promise<void> {
		const { store, reader, settings, log } = this.#options;
		const { signal } = this.#closing;
		try {
			const ids = new Set(listWidgets(store.db).flatMap(({ kind, query }) => (kind === "trend" ? [query] : [])));
			const names = new Set(trendsOnDashboards(settings).map((name) => name.toLowerCase()));
			for (const query of listSavedQueries(store.db)) {
				if (signal.aborted) return;
				if (ids.has(query.id) || names.has(query.name.toLowerCase()))
					await answerQuery({ store, reader }, query, "count", signal);
			}
		} catch (err) {
			if (signal.aborted) return;
			log.error({ err }, "the trends of dashboards could not be counted");
		}
	}

	close(): void {
		this.#closing.abort(new AppError("cancelled", "The daemon is stopping."));
		clearInterval(this.#timer);
	}
}
