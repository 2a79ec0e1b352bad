/** Feeds and sources as one list: what is held, what could be, and what an update does with it just now. */
import type { Feed } from "../../../protocol/model/knowledge.ts";
import type {
	ListedSource,
	UpdateProgress,
	UpdateReport,
	UpdateStep,
} from "../../../protocol/model/knowledge-update.ts";
import { stepText } from "../../text/update-words.ts";
import type { Piece } from "../../theme/line.ts";

export interface FeedRow {
	/** Its place in the list, from 1. */
	readonly id: number;
	readonly name: string;
	readonly feed: Feed | null;
	/** Null for a feed that was only ever taken in from a file. */
	readonly source: ListedSource | null;
	/** Of the update that runs, else of the last one. */
	readonly step: UpdateStep | null;
	readonly isRunning: boolean;
}

/** Held feeds first, then sources that are switched on, then those that are not. */
export function feedRows(
	feeds: readonly Feed[],
	sources: readonly ListedSource[],
	running: UpdateProgress | null,
	last: UpdateReport | null,
): FeedRow[] {
	const steps = new Map((running ?? last)?.steps.map((step) => [step.source, step]));
	const sourceOf = new Map(sources.map((source) => [source.feed, source]));
	const held = new Set(feeds.map(({ name }) => name));
	const rows = [
		...feeds.map((feed) => ({ name: feed.name, feed, source: sourceOf.get(feed.name) ?? null })),
		...[true, false].flatMap((enabled) =>
			sources
				.filter((source) => source.enabled === enabled && !held.has(source.feed))
				.map((source) => ({ name: source.feed, feed: null, source })),
		),
	];
	return rows.map((row, index) => ({
		...{ id: index + 1, ...row, isRunning: running !== null },
		step: steps.get(row.source?.name ?? "") ?? null,
	}));
}

/** Up to when the feed knows; null when it is not held. */
export function freshAt({ feed }: FeedRow): string | null {
	if (feed === null) return null;
	const said = feed.publishedAt ?? feed.importedAt;
	return feed.checkedAt !== null && feed.checkedAt > said ? feed.checkedAt : said;
}

/** What the update does with it, or did; else whether it is part of one. */
export function statePieces({ feed, step, source, isRunning }: FeedRow): Piece[] {
	if (step !== null && (isRunning || step.state === "failed" || step.state === "older")) {
		const bad = step.state === "failed" || step.state === "older";
		const busy = step.state === "downloading" || step.state === "importing";
		return [
			[`${stepWords[step.state]} `, bad ? "bad" : busy ? "working" : "muted"],
			[stepText(step), "muted"],
		];
	}
	if (source === null) return [["from a file", "muted"]];
	// It judges all the same: "off" alone would say that it does not.
	if (!source.enabled) return feed === null ? [["off", "faint"]] : [["in force, not updated", "muted"]];
	const isDone = step?.state === "updated" || step?.state === "unchanged";
	return step === null || !isDone
		? [["on", "muted"]]
		: [[stepWords[step.state], step.state === "updated" ? "good" : "muted"]];
}

const stepWords: Record<UpdateStep["state"], string> = {
	waiting: "waits",
	downloading: "fetching",
	downloaded: "fetched",
	importing: "taking in",
	updated: "updated",
	unchanged: "up to date",
	older: "refused",
	failed: "failed",
};
