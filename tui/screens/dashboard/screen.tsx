/** The dashboard: how things stand at a glance; every box leads to the screen behind it. */
import { type BoardModel, BoardRows, placeBoard } from "../../components/dashboard/board.tsx";
import { type DashboardData, isFirstRun, routeOf, rowsOf } from "../../components/dashboard/boxes.ts";
import { drawWelcome } from "../../components/dashboard/draw-welcome.ts";
import { watchFigures } from "../../components/dashboard/figures.ts";
import { openOwnDashboard } from "../../components/dashboard/own-dashboard.ts";
import { drawAwaited, drawNotice } from "../../components/frame/frame.ts";
import { startScan } from "../../components/scan/scan-actions.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { createStore } from "../../state/store.ts";
import { Surface } from "../../terminal/surface.tsx";
import { age, plural } from "../../text/format.ts";
import type { Piece } from "../../theme/line.ts";
import { handle, type Screen, type ScreenContext } from "../view.ts";

const thisMachine = "127.0.0.1";

export const dashboard: Screen<"dashboard"> = {
	id: "dashboard",
	title: "Dashboard",
	open(route, context) {
		const store = createStore({ focus: 0, row: 0 });
		let top = 0;
		let wasFirstRun: boolean | undefined;
		const figures = watchFigures(context);
		const own = openOwnDashboard(context, () => {
			figures.want(widgets());
			context.relayout();
		});
		const widgets = () => own.current()?.widgets ?? [];
		const focus = () => Math.min(store.get().focus, Math.max(0, widgets().length - 1));
		const focused = () => widgets()[focus()];
		const data = (): DashboardData => ({
			...figures.figures(),
			...{ overview: context.overview(), scans: context.scans() },
		});
		const model = (): BoardModel => ({ widgets: widgets(), focus: focus(), row: store.get().row, top });
		const stops = [
			figures.close,
			own.close,
			store.watch(context.changed),
			context.onLive(() => {
				const firstRun = isFirstRun(data());
				if (firstRun !== wasFirstRun) context.relayout();
				wasFirstRun = firstRun;
			}),
		];
		const step = (by: number) => {
			const count = widgets().length;
			if (count === 0) return;
			store.set({ focus: (focus() + by + count) % count, row: 0 });
			// The box may have to come on screen first.
			context.relayout();
		};
		const move = (by: number) => {
			const widget = focused();
			if (widget === undefined) return;
			const { row } = store.get();
			store.set({ focus: focus(), row: Math.max(0, Math.min(row + by, rowsOf(widget, data()) - 1)) });
		};
		const whyNoBoxes = () =>
			isFirstRun(data()) ? `There are no boxes yet; ${keyOf("dashboard", "scan-here")} scans this machine.` : undefined;

		return {
			route,
			scopes: ["dashboard"],
			handlers: handle<"dashboard">({
				open: {
					run() {
						const widget = focused();
						if (widget) context.open(routeOf(widget, store.get().row, data()));
					},
					disabled: () =>
						isFirstRun(data())
							? `There is nothing to open yet; ${keyOf("dashboard", "scan-here")} scans this machine.`
							: focused() === undefined
								? `Nothing stands here; ${keyOf("dashboard", "arrange")} adds boxes.`
								: undefined,
				},
				"next-box": { run: () => step(1), disabled: whyNoBoxes },
				"previous-box": { run: () => step(-1), disabled: whyNoBoxes },
				down: { run: () => move(1) },
				up: { run: () => move(-1) },
				arrange: { run: () => context.open({ to: "arrange" }), disabled: whyNoBoxes },
				"scan-here": {
					run: () => startScan(context, [thisMachine], "This machine"),
					disabled: () => (context.isConnected() ? undefined : "The daemon does not answer: nothing can be scanned."),
				},
			}),
			crumbs: () => ({ path: ["Dashboard"], figures: figuresOf(context) }),
			shown: own.refresh,
			Body({ columns, rows }) {
				wasFirstRun = isFirstRun(data());
				if (wasFirstRun) {
					const welcome = (width: number, height: number) =>
						context.isConnected()
							? drawWelcome(width, height, context.mayOperate())
							: drawNotice(
									width,
									height,
									lostNotice("The daemon does not answer: nothing can be scanned until it does."),
								);
					return <Surface width={columns} height={rows} draw={welcome} />;
				}
				if (own.current() === undefined) {
					const asking = (width: number, height: number) =>
						context.isConnected()
							? drawAwaited(width, height, own.failure())
							: drawNotice(width, height, lostNotice("The daemon does not answer: its boxes come once it does."));
					return <Surface width={columns} height={rows} draw={asking} />;
				}
				const board = placeBoard(model(), columns, rows);
				top = board.top;
				return <BoardRows {...{ board, columns, rows, model, data, now: context.now }} />;
			},
			close() {
				for (const stop of stops) stop();
			},
		};
	},
};

/** Of a daemon that is gone nothing comes; nor does it help to press what it would be asked for. */
function lostNotice(said: string): Piece[][] {
	return [
		[[said, "bad"]],
		[],
		[
			[keyOf("everywhere", "log-in-again"), "key"],
			[" starts it, or logs in to it again   ", "muted"],
			[keyOf("everywhere", "doctor"), "key"],
			[" says what is wrong", "muted"],
		],
	];
}

function figuresOf(context: ScreenContext): Piece[] {
	const overview = context.overview();
	if (!overview) return [];
	const known = `${plural(overview.knowledge.signatures, "signature")}, ${age(overview.knowledge.updatedAt, context.now())} old`;
	const feeds = overview.knowledge.sources.filter(({ name, updatedAt }) => name !== "signatures" && updatedAt !== null);
	const oldest = feeds.toSorted((a, b) => ((a.updatedAt ?? "") < (b.updatedAt ?? "") ? -1 : 1))[0]?.updatedAt;
	const fed = oldest == null ? "" : ` · feeds ${age(oldest, context.now())} old`;
	const problems = overview.knowledge.problems.length;
	const unusable = plural(problems, "signature file could not be used", "signature files could not be used");
	return [
		...(problems > 0 ? ([[`▲ ${unusable}  `, "warning"]] as const) : []),
		[`${plural(overview.assets, "asset")} · ${plural(overview.services, "service")} · ${known}${fed}`, "muted"],
	];
}
