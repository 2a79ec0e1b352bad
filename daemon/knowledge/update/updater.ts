/** Updates over time: one at a time, watched while it runs, and by itself only when the settings say so. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../../../protocol/errors.ts";
import type {
	FeedSource,
	UpdateProgress,
	UpdateReport,
	UpdateSettings,
	UpdateStep,
} from "../../../protocol/model/knowledge-update.ts";
import type { KnowledgeLibrary } from "../advisories/library.ts";
import { type DownloadLimits, downloadLimits } from "./download.ts";
import { Pace } from "./pace.ts";
import { UpdateLog } from "./update-log.ts";
import { type Updated, type UpdateWork, waiting } from "./update-run.ts";
import type { FromUpdater } from "./update-worker.ts";

export interface UpdaterParts {
	readonly library: KnowledgeLibrary;
	/** All there are; of these, those that are switched on are part of an update that names none. */
	sources(): readonly FeedSource[];
	settings(): UpdateSettings;
	/** Milliseconds since the epoch. */
	now(): number;
	/** Told of an update that nobody asked for. */
	onScheduled(outcome: { readonly report: UpdateReport } | { readonly err: unknown }): void;
	readonly limits?: DownloadLimits;
}

export interface UpdateRequest {
	/** Names of sources or of their feeds; empty: all that are switched on. */
	readonly names: readonly string[];
	readonly older: boolean;
	/** Also what the settings allow. */
	readonly allowHttp: boolean;
	readonly by: string;
}

const lookEveryMs = 60_000;

export class Updater {
	readonly #parts: UpdaterParts;
	readonly #log: UpdateLog;
	#running: { readonly startedAt: number; readonly steps: Map<string, UpdateStep>; readonly pace: Pace } | null = null;
	#stopped = false;
	#timer: NodeJS.Timeout | null = null;

	constructor(parts: UpdaterParts) {
		this.#parts = parts;
		this.#log = new UpdateLog(join(parts.library.folder, "updates.json"));
	}

	/** Null while none runs. */
	get progress(): UpdateProgress | null {
		if (this.#running === null) return null;
		const { startedAt, steps, pace } = this.#running;
		return { startedAt: isoOf(startedAt), steps: [...steps.values()], ...pace.outlook() };
	}

	get last(): UpdateReport | null {
		return this.#log.last;
	}

	/** When the source of a feed was last seen to say what is held; null: never. */
	checkedAt(feed: string, digest: string): string | null {
		return this.#log.checkedAt(feed, digest);
	}

	/** What whoever made a bundle has seen of its feeds. */
	noteChecked(checked: Parameters<UpdateLog["noteChecked"]>[0]): void {
		this.#log.noteChecked(checked);
	}

	/**
	 * Throws `busy` while another runs or a feed is taken in, `not-found` for a source that is none, `invalid` when there is
	 * none to update. What is wrong with a source is in the report.
	 */
	async update(request: UpdateRequest): Promise<UpdateReport> {
		const { library, now } = this.#parts;
		const sources = this.#wanted(request.names);
		const startedAt = now();
		return await library.change("an update", async ({ current, next }) => {
			const steps = new Map(sources.map(({ name, feed }) => [name, waiting(name, feed)]));
			this.#running = { startedAt, steps, pace: new Pace() };
			this.#stopped = false;
			try {
				const updated = await this.#work(this.#workOf(sources, request, { current, next, now: startedAt }));
				for (const step of updated?.steps ?? []) steps.set(step.source, step);
				const result = () => this.#report(updated, steps, startedAt, request.by);
				return { next: updated?.next ?? null, result };
			} finally {
				this.#running = null;
			}
		});
	}

	/** Ends the one that runs; what has come is kept for the next. False when none does. */
	stop(): boolean {
		if (this.#running === null) return false;
		this.#stopped = true;
		return this.#parts.library.stop();
	}

	/** From now on it looks each minute whether it is time. */
	begin(): void {
		this.#timer = setInterval(() => void this.tick(), lookEveryMs);
		this.#timer.unref();
		void this.tick();
	}

	close(): void {
		if (this.#timer !== null) clearInterval(this.#timer);
	}

	/** Updates when the settings say that it is time. Never rejects. */
	async tick(): Promise<void> {
		const { settings, now, onScheduled } = this.#parts;
		const { everyHours } = settings();
		if (everyHours === null || this.#running !== null) return;
		const last = this.last === null ? 0 : Date.parse(this.last.startedAt);
		if (now() < last + everyHours * 3_600_000) return;
		try {
			const report = await this.update({ names: [], older: false, allowHttp: false, by: "schedule" });
			onScheduled({ report });
		} catch (err) {
			onScheduled({ err });
		}
	}

	#wanted(names: readonly string[]): FeedSource[] {
		const all = this.#parts.sources();
		const wanted =
			names.length === 0
				? all.filter(({ enabled }) => enabled)
				: names.map((name) => {
						const found = all.find((one) => one.name === name) ?? all.find((one) => one.feed === name);
						if (found !== undefined) return found;
						throw new AppError("not-found", `There is no source "${name}".`, {
							hint: "See them with: vedette knowledge sources",
						});
					});
		if (wanted.length > 0) return [...new Set(wanted)];
		throw new AppError("invalid", "No source is switched on.", {
			hint: "Switch some on: vedette knowledge sources enable NAME, or name one: vedette knowledge update NAME",
		});
	}

	#workOf(
		sources: readonly FeedSource[],
		request: UpdateRequest,
		paths: Pick<UpdateWork, "current" | "next" | "now">,
	): UpdateWork {
		const { library, settings, limits = downloadLimits } = this.#parts;
		const held = new Map(library.base?.feeds().map((feed) => [feed.name, feed]));
		return {
			...paths,
			sources: sources.map(({ name, feed, urls, sha256Url }) => {
				const { digest, publishedAt } = held.get(feed) ?? {};
				return {
					name,
					feed,
					urls,
					sha256Url,
					held: digest === undefined ? null : { digest, publishedAt: publishedAt ?? null },
				};
			}),
			folder: join(library.folder, "downloads"),
			older: request.older,
			allowHttp: request.allowHttp || settings().allowHttp,
			limits,
		};
	}

	/** Null when it was cut off. */
	async #work(work: UpdateWork): Promise<Updated | null> {
		let updated: Updated | null = null;
		await this.#parts.library.run("update-worker", work, (message: FromUpdater) => {
			if (message.kind === "updated") updated = message.updated;
			else this.#take(message.step);
		});
		return updated;
	}

	#take(step: UpdateStep): void {
		this.#running?.steps.set(step.source, step);
		if (step.state === "downloading") this.#running?.pace.saw(step);
	}

	#report(updated: Updated | null, steps: Map<string, UpdateStep>, startedAt: number, by: string): UpdateReport {
		const cutOff = updated !== null ? null : this.#stopped ? "It was stopped." : "It was cut off.";
		const report: UpdateReport = {
			...{ startedAt: isoOf(startedAt), finishedAt: isoOf(this.#parts.now()), by, steps: [...steps.values()] },
			...{ swapped: updated !== null && updated.next !== null, cutOff },
		};
		try {
			mkdirSync(this.#parts.library.folder, { recursive: true, mode: 0o700 });
			this.#log.note(report, updated?.fresh ?? {});
		} catch {
			// Only the ages of feeds hang on it, and they are known as long as this process lives.
		}
		return report;
	}
}

function isoOf(at: number): string {
	return new Date(at).toISOString();
}
