/** A group of duplicates, or assets that somebody chose: side by side, what differs, whose values a merge takes, and the evidence. */
import { AppError } from "../../../protocol/errors.ts";
import { compare, get, preview, watch } from "../../../protocol/methods/duplicates.ts";
import { askMerge, askNotSame, askUndoNewest } from "../../components/duplicate/duplicate-acts.ts";
import { drawFrame } from "../../components/frame/frame.ts";
import { detailHandlers } from "../../components/list/detail-handlers.ts";
import { watchChanges } from "../../connect/watch-changes.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { Surface } from "../../terminal/surface.tsx";
import { wrap } from "../../text/fit.ts";
import { plural } from "../../text/format.ts";
import { line } from "../../theme/line.ts";
import { handle, type RouteOf, type Screen, type ScreenContext } from "../view.ts";
import { comparisonLines, drawComparison, wide } from "./draw.ts";
import {
	type Comparison,
	type ComparisonEvent,
	memberUnder,
	reduceComparison,
	startComparison,
	whyNotLeft,
} from "./model.ts";

export const duplicate: Screen<"duplicate"> = {
	id: "duplicate",
	title: "Duplicate",
	open(route, context) {
		let state: Comparison | undefined;
		let problem = "";
		/** They were merged from here: that they are gone is no fault then. */
		let wasMerged = false;
		let size = { width: 76, height: 20 };
		const load = loader(context, route, (found) => {
			if (found instanceof Error) {
				const isGone = found instanceof AppError && found.code === "not-found";
				problem = isGone ? (wasMerged ? oneNow : route.chosen ? goneChosen : gone) : found.message;
				state = undefined;
			} else {
				wasMerged = false;
				if (state === undefined) state = startComparison(found);
				else state = reduceComparison(state, { kind: "loaded", detail: found });
			}
			foresee();
			context.changed();
		});
		/** What the merge would do as it is chosen now; an answer to an older choice is not taken. */
		let asked = 0;
		const foresee = () => {
			if (state === undefined) return;
			const mine = ++asked;
			context.client.call(preview, choiceOf(state)).then(
				(found) => {
					if (mine !== asked || state === undefined) return;
					state = reduceComparison(state, { kind: "previewed", preview: found });
					context.changed();
				},
				(err: unknown) => {
					if (mine === asked) context.fail(err);
				},
			);
		};
		const stops = [watchChanges(context.client, watch, load), context.onReconnect(load)];
		load();
		const act = (event: ComparisonEvent) => ({
			run() {
				if (state === undefined) return;
				const before = state;
				state = reduceComparison(state, event);
				if (state.taken !== before.taken || state.into !== before.into) foresee();
				context.changed();
			},
			disabled: () => (state ? undefined : nothingHere),
		});
		const down = (by: () => number) => ({
			run() {
				if (state === undefined) return;
				const lines = comparisonLines(state, size.width, context.details()).length;
				state = reduceComparison(state, { kind: "down", by: by(), lines });
				context.changed();
			},
		});
		const merged = () => {
			wasMerged = true;
			route.chosen?.merged();
			load();
		};
		const needsGroup = () => (state ? undefined : nothingHere);
		return {
			route,
			scopes: ["duplicate"],
			handlers: handle<"duplicate">({
				down: down(() => 1),
				up: down(() => -1),
				"page-down": down(() => size.height - 4),
				"page-up": down(() => 4 - size.height),
				first: down(() => -1_000_000),
				last: down(() => 1_000_000),
				left: act({ kind: "across", by: -1 }),
				right: act({ kind: "across", by: 1 }),
				untake: { ...act({ kind: "leave" }), disabled: () => (state ? whyNotLeft(state) : nothingHere) },
				stays: act({ kind: "stays" }),
				which: act({ kind: "which" }),
				open: {
					run() {
						const member = state && memberUnder(state);
						if (member) context.open({ to: "asset", asset: member.id });
					},
					disabled: needsGroup,
				},
				merge: {
					run() {
						if (state) askMerge(context, choiceOf(state), merged);
					},
					disabled: needsGroup,
				},
				"not-same": {
					run() {
						if (state) askNotSame(context, state.detail.group, load);
					},
					disabled: needsGroup,
				},
				...detailHandlers(
					context,
					() => size.width,
					() =>
						size.width >= wide ? undefined : "What it does stands below the fields: the window is too narrow for both.",
				),
				undo: {
					run() {
						if (!context.undoLast()) askUndoNewest(context, load);
					},
				},
			}),
			crumbs: () => ({
				path: [route.chosen ? `Assets ${route.chosen.assets.join(", ")}` : `Group ${route.group}`],
				...(state
					? {
							figures: [
								...(route.chosen ? [] : ([[`${state.detail.group.confidence} % sure`, "strong"], ["  "]] as const)),
								[plural(state.detail.group.members.length, "asset"), "muted"],
							],
						}
					: {}),
			}),
			Body: ({ columns, rows }) => (
				<Surface
					width={columns}
					height={rows}
					draw={(width, height) =>
						drawFrame(width, height, {
							title: state?.all === true ? "Side by side: all fields" : "Side by side: what differs",
							focused: true,
							content(inner, lines) {
								size = { width: inner, height: lines };
								return state ? drawComparison(state, inner, lines, context.details()) : drawNothing(inner, problem);
							},
						})
					}
				/>
			),
			copy: () => (state ? { what: "the comparison", text: JSON.stringify(state.detail) } : undefined),
			shown: load,
			close() {
				for (const stop of stops) stop();
			},
		};
	},
};

const oneNow = "Merged: these assets are one machine now.";
const gone = "These assets are no group any more: merged, told apart, or no longer alike.";
const goneChosen = "Not all of these assets are there any more: they were merged, or one of them was purged.";
const nothingHere = "There is nothing to compare here.";

function choiceOf({ detail, taken, into }: Comparison) {
	const assets = detail.group.members.map(({ id }) => id);
	return { assets, fields: taken, ...(into === undefined ? {} : { into }) };
}

function drawNothing(width: number, problem: string): string[] {
	if (problem === "") return [line(width, [["Comparing …", "muted"]])];
	return [
		...wrap(problem, width).map((text) => line(width, [[text]])),
		line(width, []),
		line(width, [
			[keyOf("everywhere", "back"), "key"],
			[" goes back   ", "muted"],
			...(problem === oneNow
				? ([
						[keyOf("duplicate", "undo"), "key"],
						[" undoes it   ", "muted"],
					] as const)
				: []),
			[keyOf("everywhere", "merges"), "key"],
			[" shows what was merged", "muted"],
		]),
	];
}

/** Loads again whenever it is called; an answer that came too late is not taken. */
function loader(
	context: ScreenContext,
	route: RouteOf<"duplicate">,
	take: (found: Awaited<ReturnType<typeof load>> | Error) => void,
): () => void {
	let latest = 0;
	return () => {
		const mine = ++latest;
		load(context, route).then(
			(found) => mine === latest && take(found),
			(err: unknown) => mine === latest && take(err instanceof Error ? err : new Error(String(err))),
		);
	};
}

function load({ client }: ScreenContext, { group, chosen }: RouteOf<"duplicate">) {
	return chosen ? client.call(compare, { assets: [...chosen.assets] }) : client.call(get, { id: group });
}
