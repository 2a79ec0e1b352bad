/** Arranging one's dashboard: boxes added, taken off, moved and sized; each change is kept by the daemon as it is made. */
import { list as listQueries } from "../../../protocol/methods/queries.ts";
import {
	builtInWidgets,
	type Dashboard,
	type DashboardWidget,
	mostDashboardWidgets,
} from "../../../protocol/model/dashboard.ts";
import { widgetKinds } from "../../../protocol/model/query.ts";
import { type BoardModel, BoardRows, placeBoard } from "../../components/dashboard/board.tsx";
import { boxWords, type DashboardData, titleOf } from "../../components/dashboard/boxes.ts";
import { watchFigures } from "../../components/dashboard/figures.ts";
import { stepRow } from "../../components/dashboard/layout.ts";
import { openOwnDashboard } from "../../components/dashboard/own-dashboard.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { reversible } from "../../state/undo.ts";
import type { Piece } from "../../theme/line.ts";
import { type Action, type Handler, handle, type Screen } from "../view.ts";

export const arrange: Screen<"arrange"> = {
	id: "arrange",
	title: "Arrange the dashboard",
	open(route, context) {
		let focus = 0;
		let top = 0;
		let columns = 80;
		const figures = watchFigures(context);
		const own = openOwnDashboard(context, () => {
			figures.want(widgets());
			context.relayout();
		});
		const widgets = () => own.current()?.widgets ?? [];
		const at = () => Math.min(focus, Math.max(0, widgets().length - 1));
		const data = (): DashboardData => ({
			...figures.figures(),
			...{ overview: context.overview(), scans: context.scans() },
		});
		const model = (): BoardModel => ({ widgets: widgets(), focus: at(), row: -1, top });
		const choose = (next: number) => {
			focus = next;
			context.relayout();
		};
		const step = (by: number) => {
			const count = widgets().length;
			if (count > 0) choose((at() + by + count) % count);
		};
		/** Something of the chosen box. */
		const onBox = (
			work: (widget: DashboardWidget) => void,
			why?: (widget: DashboardWidget) => string | undefined,
		): Handler => ({
			run() {
				const widget = widgets()[at()];
				if (widget) work(widget);
			},
			disabled() {
				const widget = widgets()[at()];
				return widget === undefined ? `There is no box; ${keyOf("arrange", "add")} adds one.` : why?.(widget);
			},
		});
		const replaced = (widget: DashboardWidget) => own.set(widgets().with(at(), widget));
		const moved = (by: 1 | -1) =>
			onBox(
				(widget) => {
					const to = at() + by;
					const next = widgets().toSpliced(at(), 1).toSpliced(to, 0, widget);
					focus = to;
					own.set(next);
				},
				() => (widgets()[at() + by] === undefined ? `It is the ${by > 0 ? "last" : "first"} one.` : undefined),
			);
		const sized = (by: 1 | -1) =>
			onBox(
				(widget) => replaced({ ...widget, height: widget.height + by }),
				({ height }) =>
					height + by < 1 || height + by > 3 ? `It is as ${by > 0 ? "tall" : "low"} as boxes get.` : undefined,
			);
		/** Makes a change that `u` takes back. */
		const undoable = (what: string, change: () => void) => {
			const before: Dashboard | undefined = own.current();
			change();
			const after = own.current();
			if (!before) return;
			const again = async () => (after ? own.restore(after) : undefined);
			context.offerUndo(reversible(what, { again, back: () => own.restore(before), done: context.changed }));
		};
		const add = (widget: DashboardWidget) => {
			const place = widgets().length === 0 ? 0 : at() + 1;
			undoable(`${titleOf(widget)} is on the dashboard`, () => {
				focus = place;
				own.set(widgets().toSpliced(place, 0, widget));
			});
		};

		return {
			route,
			scopes: ["arrange"],
			handlers: handle<"arrange">({
				add: {
					run: () => void offerBoxes(add, context),
					disabled: () =>
						widgets().length >= mostDashboardWidgets
							? `There are ${mostDashboardWidgets} boxes already; ${keyOf("arrange", "remove")} takes one off.`
							: undefined,
				},
				remove: onBox((widget) =>
					undoable(`${titleOf(widget)} is off the dashboard`, () => own.set(widgets().toSpliced(at(), 1))),
				),
				sooner: moved(-1),
				later: moved(1),
				wider: onBox((widget) => replaced({ ...widget, width: (widget.width % 3) + 1 })),
				taller: sized(1),
				lower: sized(-1),
				kind: onBox(
					(widget) => {
						if (widget.kind !== "query") return;
						const as = widgetKinds[(widgetKinds.indexOf(widget.as) + 1) % widgetKinds.length] ?? "count";
						replaced({ ...widget, as });
					},
					({ kind }) => (kind === "query" ? undefined : "Only a saved query is shown in several ways."),
				),
				default: {
					run: () => undoable("The dashboard is the one that came with Vedette", own.reset),
					disabled: () => (own.current()?.own === false ? "It is the one that came with Vedette." : undefined),
				},
				done: { run: () => context.close() },
				"next-box": { run: () => step(1) },
				"previous-box": { run: () => step(-1) },
				down: { run: () => choose(stepRow(widgets(), columns, at(), 1)) },
				up: { run: () => choose(stepRow(widgets(), columns, at(), -1)) },
			}),
			crumbs: () => ({
				path: ["edit"],
				figures: [[own.current()?.own === false ? "as it came with Vedette" : "yours, on every console", "muted"]],
			}),
			position: () => `${widgets().length === 0 ? 0 : at() + 1}/${widgets().length}`,
			Body(size) {
				({ columns } = size);
				const board = placeBoard(model(), size.columns, size.rows);
				top = board.top;
				return <BoardRows {...{ board, ...size, model, data, now: context.now, figures: sizeOf }} />;
			},
			shown: own.refresh,
			close() {
				figures.close();
				own.close();
			},
		};
	},
};

/** In words, as the keys change it. */
function sizeOf(widget: DashboardWidget): Piece[] {
	const width = ["1/3", "2/3", "full"][widget.width - 1] ?? "";
	const height = ["low", "middle", "tall"][widget.height - 1] ?? "";
	return [[widget.kind === "query" ? `${widget.as} · ${width} · ${height}` : `${width} · ${height}`, "key"]];
}

/** The palette over what can be added: built-in boxes first, then each saved query. */
async function offerBoxes(
	add: (widget: DashboardWidget) => void,
	context: Parameters<Screen<"arrange">["open"]>[1],
): Promise<void> {
	const action = (name: string, description: string, widget: DashboardWidget): Action => ({
		binding: { action: name, keys: [], description },
		scope: "arrange",
		reason: () => undefined,
		run: () => add(widget),
	});
	const builtIn = builtInWidgets.map((shows) =>
		action(shows, boxWords[shows], { kind: "built-in", shows, width: 1, height: 2 }),
	);
	let saved: Action[] = [];
	try {
		const { items } = await context.client.call(listQueries, {});
		saved = items.map(({ name, list, filter }) =>
			action(name, `${name}: ${list} ${filter}`, { kind: "query", query: name, as: "count", width: 1, height: 1 }),
		);
	} catch (err) {
		context.fail(err);
	}
	context.open({ to: "palette", title: "Add a box", actions: [...builtIn, ...saved] });
}
