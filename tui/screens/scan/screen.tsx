/** One scan, live: stages, rate, what was found so far, and every result as it comes. */
import { Box } from "ink";
import { get as getAsset } from "../../../protocol/methods/assets.ts";
import { follow } from "../../../protocol/methods/scans.ts";
import { isOver } from "../../../protocol/model/run-status.ts";
import { drawFrame } from "../../components/frame/frame.ts";
import { widths } from "../../components/list/list-view.tsx";
import { createFinder, type Finder, hasWords } from "../../components/reader/finder.ts";
import { createScroll } from "../../components/reader/scroll.ts";
import { cancelHandler, pauseHandler, runNowHandler } from "../../components/scan/scan-actions.ts";
import { scanStatusPieces, timePieces } from "../../components/scan/scan-words.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { createStore } from "../../state/store.ts";
import { Surface } from "../../terminal/surface.tsx";
import { percent } from "../../text/format.ts";
import { plainText } from "../../text/plain.ts";
import type { Piece } from "../../theme/line.ts";
import { type Handler, handle, type Screen } from "../view.ts";
import {
	drawFound,
	drawHead,
	drawLog,
	drawRate,
	drawStages,
	drawStream,
	drawSummary,
	headRows,
	resultText,
} from "./draw.ts";
import { emptyLive, type LiveEvent, type LiveModel, reduceLive, shownResults, textOf } from "./model.ts";
import { createReach } from "./reach.ts";

/** Of a wide screen, where the stages have a pane of their own. */
const paneRows = 8;
const titles = {
	networks: "Networks: what is sent, and what comes back",
	coverage: "Coverage: what was asked",
} as const;

export const scan: Screen<"scan"> = {
	id: "scan",
	title: "Scan",
	open(route, context) {
		const store = createStore<LiveModel>(emptyLive);
		const stopWatching = store.watch(context.changed);
		let hasLog = false;
		const dispatch = (event: LiveEvent) => {
			const rows = headRows(store.get());
			store.set(reduceLive(store.get(), event));
			if (headRows(store.get()) !== rows) context.relayout();
			if (hasLog || !store.get().results.some(({ kind }) => kind === "log")) return;
			hasLog = true;
			context.relayout();
		};
		const subscription = context.client.subscribe(
			follow,
			{ scan: route.scan },
			{ onSnapshot: (snapshot) => dispatch({ kind: "snapshot", snapshot }), onEvent: dispatch, onError: context.fail },
		);
		subscription.ready.catch(context.fail);
		const current = () => store.get().scan;
		const reach = createReach(context, route.scan, current);
		const scroll = createScroll(context);
		let page = 10;
		/** Other words were asked for: the line under the cursor may have them. */
		let isAnew = true;

		/** A finding opens itself, anything else the asset of its address. */
		function openLine(): void {
			const model = store.get();
			const result = shownResults(model)[model.cursor];
			if (!result || result.kind === "log") return;
			if (result.kind === "finding") {
				context.open({ to: "finding", finding: result.id });
				return;
			}
			context.opens(
				context.client
					.call(getAsset, { name: result.address })
					.then((detail) => context.open({ to: "asset", asset: detail.asset.id })),
			);
		}

		const streamPane = (width: number, height: number) => {
			page = Math.max(1, height - 3);
			const { stream } = store.get();
			const figures: Piece[] = context.isFrozen()
				? [
						["frozen", "warning"],
						[" · ", "faint"],
						[keyOf("live", "freeze"), "key"],
						[" goes on", "muted"],
					]
				: [["newest first", "faint"]];
			const text = textOf(stream);
			return drawFrame(width, height, {
				title: text ? titles[text] : stream === "everything" ? "Live results" : `Live results: ${stream}`,
				figures: text ? [] : figures,
				focused: true,
				content(inner, lines) {
					if (text === "networks") return scroll.draw(reach.networkBlocks(), inner, lines);
					if (text === "coverage") return scroll.draw(reach.coverageBlocks(), inner, lines);
					const summary = drawSummary(reach.summary(), inner, Math.floor(lines / 2));
					return [...drawStream(store.get(), inner, lines - summary.length), ...summary];
				},
			});
		};
		const pane =
			(
				title: string,
				content: (width: number, height: number) => readonly string[],
				figures: () => Piece[] = () => [],
			) =>
			(width: number, height: number) =>
				drawFrame(width, height, { title, figures: figures(), content });
		/** Through the results, or through the text that stands in their place. */
		const move = (by: () => number, through: keyof typeof scroll.handlers) => ({
			run() {
				if (textOf(store.get().stream) === undefined) dispatch({ kind: "move", by: by() });
				else scroll.handlers[through].run();
			},
		});
		const lines = createFinder(context, {
			what: "these lines",
			matches: (words) =>
				shownResults(store.get()).flatMap((result, at) => (hasWords(plainText(resultText(result)), words) ? [at] : [])),
			here: () => (isAnew ? undefined : store.get().cursor),
			first: () => store.get().cursor,
			goTo(at) {
				isAnew = false;
				dispatch({ kind: "move", by: at - store.get().cursor });
			},
			anew() {
				isAnew = true;
			},
		});
		/** In the results, or in the text that stands in their place. */
		const finding = (action: keyof Finder): Handler => {
			const handler = () => (textOf(store.get().stream) === undefined ? lines : scroll.searching)[action];
			return { run: () => handler().run(), disabled: () => handler().disabled?.() };
		};
		const engine = (): Piece[] => [[context.overview()?.engine.name ?? "", "faint"]];

		return {
			route,
			scopes: ["live", "searching"],
			handlers: handle<"live" | "searching">({
				pause: pauseHandler(context, current),
				cancel: cancelHandler(context, current),
				"run-now": runNowHandler(context, current),
				freeze: { run: () => context.turnFreeze(), word: () => (context.isFrozen() ? "go on" : "freeze") },
				which: {
					run() {
						dispatch({ kind: "stream" });
						reach.look(textOf(store.get().stream));
						scroll.toTop();
					},
				},
				open: {
					run: openLine,
					disabled: () => (shownResults(store.get()).length > 0 ? undefined : "There is no line to open yet."),
				},
				down: move(() => 1, "down"),
				up: move(() => -1, "up"),
				"page-down": move(() => page, "page-down"),
				"page-up": move(() => -page, "page-up"),
				first: move(() => -1_000_000, "first"),
				last: move(() => 1_000_000, "last"),
				search: finding("search"),
				"next-match": finding("next-match"),
				"previous-match": finding("previous-match"),
			}),
			crumbs() {
				const scanned = current();
				if (!scanned) return { path: [`Scan ${route.scan}`] };
				const { title: name, progress } = scanned;
				if (!context.isConnected() && !isOver(scanned)) {
					return {
						path: [name],
						figures: [
							["● not known", "faint"],
							[`  ${percent(progress)} when last heard of`, "faint"],
						],
					};
				}
				return { path: [name], figures: [...scanStatusPieces(scanned), ["  "], ...timePieces(scanned)] };
			},
			position() {
				const shown = shownResults(store.get()).length;
				return shown === 0 ? "" : `${store.get().cursor + 1}/${shown}`;
			},
			Body({ columns, rows }) {
				if (columns < widths.twoPanes || context.isRead()) {
					return (
						<Box flexDirection="column" height={rows} width={columns}>
							<Surface height={headRows(store.get())} width={columns} draw={(width) => drawHead(store.get(), width)} />
							<Surface flexGrow={1} width={columns} draw={streamPane} />
						</Box>
					);
				}
				const third = Math.floor(columns / 3);
				return (
					<Box flexDirection="column" height={rows} width={columns}>
						<Box height={paneRows} width={columns}>
							<Surface width={third} draw={pane("Stages", (width) => drawStages(current(), width))} />
							<Surface
								flexGrow={1}
								draw={pane("Rate", (width, height) => drawRate(store.get(), width, height), engine)}
							/>
							<Surface width={third} draw={pane("Found so far", (width) => drawFound(current(), width))} />
						</Box>
						<Box flexGrow={1} width={columns}>
							<Surface flexGrow={1} draw={streamPane} />
							{columns >= widths.threePanes && hasLog ? (
								<Surface
									width={Math.floor(columns / 4)}
									draw={pane("Log", (width, height) => drawLog(store.get(), width, height))}
								/>
							) : null}
						</Box>
					</Box>
				);
			},
			copy() {
				const model = store.get();
				const result = shownResults(model)[model.cursor];
				return result && { what: "the line", text: plainText(resultText(result)) };
			},
			close() {
				subscription.close();
				reach.close();
				stopWatching();
			},
		};
	},
};
