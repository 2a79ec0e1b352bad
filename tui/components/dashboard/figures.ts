/** What the boxes of a dashboard show beyond the overview: asked for while some box needs it, and again when things change. */
import { list as listActivity } from "../../../protocol/methods/activity.ts";
import { watch as watchAssets } from "../../../protocol/methods/assets.ts";
import * as duplicates from "../../../protocol/methods/duplicates.ts";
import * as exceptions from "../../../protocol/methods/exceptions.ts";
import * as findings from "../../../protocol/methods/findings.ts";
import * as queries from "../../../protocol/methods/queries.ts";
import * as tickets from "../../../protocol/methods/tickets.ts";
import type { Activity } from "../../../protocol/model/activity.ts";
import type { DashboardWidget, QueryAnswer } from "../../../protocol/model/dashboard.ts";
import type { DuplicateGroup } from "../../../protocol/model/duplicate.ts";
import type { Exception } from "../../../protocol/model/exception.ts";
import type { Finding } from "../../../protocol/model/finding.ts";
import type { Widget } from "../../../protocol/model/query.ts";
import type { Ticket } from "../../../protocol/model/ticket.ts";
import type { ScreenContext } from "../../screens/view.ts";
import { failureOf } from "../../state/list-loader.ts";
import type { ListFailure } from "../../state/paged-list.ts";
import { answerKey } from "./boxes.ts";

export interface Listed<Row> {
	readonly items: readonly Row[];
	readonly total: number;
}

/** Undefined: it has not come. */
export interface Figures {
	readonly newest: Listed<Finding> | undefined;
	readonly yesterday: Listed<Finding> | undefined;
	readonly overdue: Listed<Ticket> | undefined;
	readonly requests: Listed<Exception> | undefined;
	readonly duplicates: Listed<DuplicateGroup> | undefined;
	readonly activity: Listed<Activity> | undefined;
	/** Saved queries with what they find. */
	readonly queries: readonly Widget[] | undefined;
	/** Of the boxes that show one saved query, by `answerKey`. */
	readonly answers: ReadonlyMap<string, QueryAnswer>;
	/** Why what has not come does not, by its name here. */
	readonly failures: Readonly<Partial<Record<string, ListFailure>>>;
}

export interface FiguresWatch {
	figures(): Figures;
	/** Asks for what these boxes show, and for nothing else from now on. */
	want(widgets: readonly DashboardWidget[]): void;
	close(): void;
}

const keptRows = 40;
/** While a scan runs every host is a change: a list is asked for this often at most, a query of everything more rarely. */
const listPauseMs = 2_000;
const queryPauseMs = 15_000;
/** What has failed is asked for again also when nothing changes. */
const retryMs = 15_000;

export function watchFigures(context: ScreenContext): FiguresWatch {
	const { client } = context;
	const { changed } = context;
	let shown: readonly Extract<DashboardWidget, { kind: "query" }>[] = [];
	const page = { limit: keptRows };
	const parts = {
		newest: asked(() => client.call(findings.list, { sort: "-firstFound", ...page }), listPauseMs, changed),
		yesterday: asked(
			() => client.call(findings.list, { filter: "firstFound>now-1d", sort: "-severity", ...page }),
			...[listPauseMs, changed],
		),
		overdue: asked(() => client.call(tickets.list, { filter: "overdue:true", ...page }), listPauseMs, changed),
		requests: asked(() => client.call(exceptions.list, { filter: "state:requested", ...page }), listPauseMs, changed),
		duplicates: asked(() => client.call(duplicates.list, page), listPauseMs, changed),
		activity: asked(() => client.call(listActivity, page), listPauseMs, changed),
		queries: asked(async () => (await client.call(queries.widgets, {})).items, queryPauseMs, changed),
		answers: asked(() => askAnswers(), queryPauseMs, changed),
	};
	type Part = keyof typeof parts;
	let wanted: ReadonlySet<Part> = new Set();

	async function askAnswers(): Promise<ReadonlyMap<string, QueryAnswer>> {
		const boxes = shown;
		const { items } = await client.call(queries.answers, { queries: boxes.map(({ query, as }) => ({ query, as })) });
		return new Map(
			items.flatMap((item, at) => {
				const box = boxes[at];
				return box === undefined ? [] : [[answerKey(box), item] as const];
			}),
		);
	}
	const again = () => {
		for (const part of wanted) parts[part].soon();
	};
	const on = { onSnapshot: again, onEvent: again };
	const subscriptions = [
		client.subscribe(findings.watch, {}, on),
		client.subscribe(watchAssets, {}, on),
		client.subscribe(exceptions.watch, {}, on),
	];
	// Scans and maps tell how far they are here.
	const stopLive = context.onLive(() => {
		if (wanted.has("activity")) parts.activity.soon();
	});
	// A refused subscription shows as what is missing on screen; the connection's state says why.
	for (const { ready } of subscriptions) ready.catch(() => undefined);

	return {
		figures: () => ({
			newest: parts.newest.value(),
			yesterday: parts.yesterday.value(),
			overdue: parts.overdue.value(),
			requests: parts.requests.value(),
			duplicates: parts.duplicates.value(),
			activity: parts.activity.value(),
			queries: parts.queries.value(),
			answers: parts.answers.value() ?? new Map(),
			failures: Object.fromEntries(
				Object.entries(parts).flatMap(([name, { failure }]) => {
					const why = failure();
					return why === undefined ? [] : [[name, why]];
				}),
			),
		}),
		want(widgets) {
			const before = wanted;
			const boxes = widgets.filter((one) => one.kind === "query");
			const isSame = boxes.map(answerKey).join("\n") === shown.map(answerKey).join("\n");
			shown = boxes;
			wanted = new Set([
				...widgets.flatMap((one) => (one.kind === "built-in" && isPart(one.shows) ? [one.shows] : [])),
				...(boxes.length > 0 ? (["answers"] as const) : []),
			]);
			for (const part of wanted) if (!before.has(part) || (part === "answers" && !isSame)) parts[part].now();
		},
		close() {
			for (const { close } of Object.values(parts)) close();
			for (const subscription of subscriptions) subscription.close();
			stopLive();
		},
	};

	function isPart(shows: string): shows is Part {
		return shows in parts;
	}
}

interface Asked<Value> {
	value(): Value | undefined;
	/** Why there is no value; undefined while it may come, and once one has. */
	failure(): ListFailure | undefined;
	/** As soon as the pause since the last time is over. */
	soon(): void;
	now(): void;
	close(): void;
}

/** One question at a time; what changes meanwhile is asked for after it. */
function asked<Value>(load: () => Promise<Value>, pauseMs: number, changed: () => void): Asked<Value> {
	let value: Value | undefined;
	let failure: ListFailure | undefined;
	let timer: NodeJS.Timeout | undefined;
	let isAsking = false;
	let isDirty = false;
	let isClosed = false;
	let askedAt = Number.NEGATIVE_INFINITY;

	async function ask(): Promise<void> {
		clearTimeout(timer);
		timer = undefined;
		isDirty = isAsking;
		if (isAsking || isClosed) return;
		isAsking = true;
		askedAt = performance.now();
		try {
			value = await load();
			failure = undefined;
		} catch (err) {
			// What was known stays.
			failure = failureOf(err);
		}
		isAsking = false;
		if (isClosed) return;
		changed();
		if (isDirty) soon();
		else if (failure !== undefined) soon(retryMs);
	}

	function soon(afterMs = pauseMs): void {
		if (isClosed || timer !== undefined) return;
		timer = setTimeout(() => void ask(), Math.max(0, askedAt + afterMs - performance.now()));
	}

	return {
		value: () => value,
		failure: () => (value === undefined ? failure : undefined),
		soon: () => soon(),
		now: () => void ask(),
		close() {
			isClosed = true;
			clearTimeout(timer);
		},
	};
}
