/** Knowledge: the feeds packages are judged with, how old each is, where from, and an update while it runs. */
import { feeds as listFeeds, setSource, sources, stopUpdate, updates } from "../../../protocol/methods/knowledge.ts";
import type { UpdateProgress } from "../../../protocol/model/knowledge-update.ts";
import { describeFeed } from "../../components/knowledge/describe-feed.ts";
import { type FeedRow, feedRows, freshAt, statePieces } from "../../components/knowledge/feed-rows.ts";
import {
	editSchedule,
	editSource,
	importFile,
	rollbackHandler,
	startUpdate,
} from "../../components/knowledge/knowledge-acts.ts";
import type { Column } from "../../components/list/columns.ts";
import { createListView } from "../../components/list/list-view.tsx";
import { localPage } from "../../components/list/local-page.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { reversible } from "../../state/undo.ts";
import { age, count } from "../../text/format.ts";
import { runningText } from "../../text/update-words.ts";
import { handle, type Screen } from "../view.ts";

/** How often a running update is asked about. */
const followEveryMs = 1_000;

const columns: readonly Column<FeedRow>[] = [
	{
		...{ id: "feed", title: "FEED", sort: "feed", width: 15, grow: 1, most: 26, worth: 100 },
		draw: (row) => [[row.name, row.feed === null ? "muted" : "strong"]],
	},
	{
		...{ id: "age", title: "AGE", sort: "age", width: 6, worth: 98, align: "right" },
		draw: (row, now) => [[row.feed === null ? "" : age(freshAt(row), now)]],
	},
	{
		...{ id: "records", title: "RECORDS", sort: "records", width: 9, worth: 80, align: "right" },
		draw: ({ feed }) => [[feed === null ? "" : count(feed.records), "number"]],
	},
	{ id: "state", title: "STATE", width: 24, grow: 3, most: 60, worth: 95, draw: statePieces },
	{
		...{ id: "licence", title: "LICENCE", width: 12, grow: 1, most: 26, worth: 60 },
		draw: ({ feed, source }) => [[feed?.licence ?? source?.licence ?? "", "muted"]],
	},
	{
		...{ id: "hash", title: "HASH", width: 12, worth: 50 },
		draw: ({ feed }) => [[feed?.digest.slice(0, 12) ?? "", "faint"]],
	},
];

export const knowledge: Screen<"knowledge"> = {
	id: "knowledge",
	title: "Knowledge",
	open(route, context) {
		let running: UpdateProgress | null = null;
		let hasPrevious = false;
		/** Updates that were begun here and have not ended. */
		let begun = 0;
		const update = (names: string[], refresh: () => void) => {
			begun++;
			startUpdate(context, names, () => {
				begun--;
				refresh();
			});
		};
		const load = async () => {
			const [held, known, state] = await Promise.all([
				context.client.call(listFeeds, {}),
				context.client.call(sources, {}),
				context.client.call(updates, {}),
			]);
			({ running } = state);
			({ hasPrevious } = held);
			return feedRows(held.items, known.items, state.running, state.last);
		};
		return createListView<FeedRow, FeedRow>(
			{
				...{ route, title: "Knowledge", filter: "", nouns: ["feed", "feeds"], example: "debian" },
				...{ scopes: ["knowledge"], columns, empty: [[["There is no source."]]] },
				async fetchPage(request) {
					return localPage(await load(), request, (row) => `${row.name} ${row.source?.name ?? ""}`, {
						feed: (row) => row.name,
						age: (row) => freshAt(row) ?? "",
						records: (row) => row.feed?.records ?? 0,
					});
				},
				watch(changed) {
					const timer = setInterval(() => {
						if (running !== null || begun > 0 || context.overview()?.feeds.updating === true) changed();
					}, followEveryMs);
					let last = context.overview()?.feeds;
					const stop = context.onLive(() => {
						const now = context.overview()?.feeds;
						if (JSON.stringify(now) !== JSON.stringify(last)) changed();
						last = now;
					});
					return () => {
						clearInterval(timer);
						stop();
					};
				},
				figures: () => (running === null ? [] : [[`${runningText(running)} `, "working"]]),
				describe: (row, _, now) => describeFeed(row, now),
				titleOf: (row) => row.name,
				open: () => context.open({ to: "knowledge-changes" }),
				extra: (current, { refresh }) =>
					handle<"knowledge">({
						update: {
							run: () => update([], refresh),
							disabled: () =>
								running === null ? undefined : `An update runs already; ${keyOf("knowledge", "stop")} stops it.`,
						},
						"update-one": {
							run() {
								const source = current()?.source;
								if (source) update([source.name], refresh);
							},
							disabled: () =>
								current()?.source ? undefined : "It came as a file: there is no source to fetch it from.",
						},
						stop: {
							run: () => void context.client.call(stopUpdate, {}).then(refresh, context.fail),
							disabled: () => (running === null && begun === 0 ? "No update runs." : undefined),
						},
						changes: { run: () => context.open({ to: "knowledge-changes" }) },
						rollback: rollbackHandler(context, () => hasPrevious, refresh),
						switch: {
							run() {
								const source = current()?.source;
								if (!source) return;
								const change = { name: source.name, enabled: !source.enabled };
								context.client.call(setSource, change).then(() => {
									context.offerUndo(
										reversible(`${source.name} is ${source.enabled ? "no part of updates" : "part of updates again"}`, {
											again: () => context.client.call(setSource, change),
											back: () => context.client.call(setSource, { name: source.name, enabled: source.enabled }),
											done: refresh,
										}),
									);
									refresh();
								}, context.fail);
							},
							disabled: () => (current()?.source ? undefined : "It came as a file: there is no source to switch."),
						},
						edit: { run: () => editSource(context, current(), refresh) },
						add: { run: () => editSource(context, undefined, refresh) },
						import: { run: () => importFile(context, refresh) },
						bundles: { run: () => context.open({ to: "bundles" }) },
						schedule: { run: () => editSchedule(context, refresh) },
					}),
			},
			context,
		);
	},
};
