/** The dashboard: how things stand at a glance; every box leads to the screen behind it. */
import { Box } from "ink";
import { drawFrame } from "../../components/frame/frame.ts";
import { watchWidgets } from "../../components/query/watch-widgets.ts";
import { startScan } from "../../components/scan/scan-actions.ts";
import { createStore } from "../../state/store.ts";
import { Surface } from "../../terminal/surface.tsx";
import { age, plural } from "../../text/format.ts";
import type { Piece } from "../../theme/line.ts";
import { handle, type Screen, type ScreenContext } from "../view.ts";
import { boxFigures, boxTitles, drawBox, drawWelcome } from "./draw.ts";
import { type BoxId, type DashboardData, type DashboardModel, isFirstRun, moveBox, moveRow, routeOf } from "./model.ts";
import { watchNewest } from "./newest.ts";

/** Rows of boxes for a size, each with its share of the height. */
interface Grid {
	readonly rows: readonly { readonly boxes: readonly BoxId[]; readonly height: number | undefined }[];
}

const thisMachine = "127.0.0.1";

export const dashboard: Screen<"dashboard"> = {
	id: "dashboard",
	title: "Dashboard",
	open(route, context) {
		const store = createStore<DashboardModel>({ box: "severity", row: 0 });
		let visible: readonly BoxId[] = ["severity"];
		let wasFirstRun: boolean | undefined;
		const newest = watchNewest(context);
		const widgets = watchWidgets(context);
		const data = (): DashboardData => ({
			overview: context.overview(),
			scans: context.scans(),
			newest: newest.findings(),
			widgets: widgets.items(),
		});
		const stops = [
			newest.close,
			widgets.close,
			store.watch(context.changed),
			context.onLive(() => {
				const firstRun = isFirstRun(data());
				if (firstRun !== wasFirstRun) context.relayout();
				wasFirstRun = firstRun;
			}),
		];

		const boxSurface = (box: BoxId) => (width: number, height: number) => {
			const model = store.get();
			const isFocused = model.box === box;
			return drawFrame(width, height, {
				title: boxTitles[box],
				figures: boxFigures(box, data()),
				focused: isFocused,
				content: (inner, lines) => drawBox(box, data(), isFocused ? model.row : -1, inner, lines, context.now()),
			});
		};

		return {
			route,
			scopes: ["dashboard"],
			handlers: handle<"dashboard">({
				open: {
					run() {
						const target = routeOf(store.get(), data());
						if (target) context.open(target);
					},
					disabled: () => (isFirstRun(data()) ? "There is nothing to open yet; s scans this machine." : undefined),
				},
				"next-box": {
					run: () => store.set(moveBox(store.get(), visible, 1)),
					disabled: () => (isFirstRun(data()) ? "There are no boxes yet; s scans this machine." : undefined),
				},
				"previous-box": { run: () => store.set(moveBox(store.get(), visible, -1)) },
				down: { run: () => store.set(moveRow(store.get(), data(), 1)) },
				up: { run: () => store.set(moveRow(store.get(), data(), -1)) },
				"scan-here": { run: () => startScan(context, [thisMachine], "This machine") },
			}),
			crumbs: () => ({ path: ["Dashboard"], figures: figuresOf(context) }),
			Body({ columns, rows }) {
				wasFirstRun = isFirstRun(data());
				if (wasFirstRun) {
					return (
						<Surface
							width={columns}
							height={rows}
							draw={(width, height) => drawWelcome(width, height, context.mayOperate())}
						/>
					);
				}
				const grid = gridFor(columns, rows, (context.overview()?.trend.length ?? 0) > 1);
				visible = grid.rows.flatMap((row) => row.boxes);
				return (
					<Box flexDirection="column" width={columns} height={rows}>
						{grid.rows.map((row) => (
							<Box
								key={row.boxes[0]}
								width={columns}
								{...(row.height === undefined ? { flexGrow: 1 } : { height: row.height })}
							>
								{row.boxes.map((box) => (
									<Surface key={box} flexGrow={1} flexBasis={0} draw={boxSurface(box)} />
								))}
							</Box>
						))}
					</Box>
				);
			},
			close() {
				for (const stop of stops) stop();
			},
		};
	},
};

/** A trend needs two days; until then its place is better used. */
function gridFor(columns: number, rows: number, hasTrend: boolean): Grid {
	const middle = ["weaknesses", "assets"] as const;
	if (columns >= 120) {
		const top = { boxes: ["severity", hasTrend ? "trend" : "services", "scans"] as const, height: 9 };
		const bottom = {
			boxes: hasTrend ? (["newest", "queries", "services"] as const) : (["newest", "queries"] as const),
			height: undefined,
		};
		if (rows < 32) return { rows: [top, { boxes: [...middle, "queries"], height: undefined }] };
		return { rows: [top, { boxes: middle, height: 12 }, bottom] };
	}
	const top = { boxes: ["severity", "scans"] as const, height: rows >= 18 ? 8 : 7 };
	const bottom = { boxes: [hasTrend ? "trend" : "newest", "services"] as const, height: 9 };
	// As wide as the screen: a query is told by its name, and beside the name there is room for what it found.
	const asked = { boxes: ["queries"] as const, height: rows >= 36 ? 6 : 5 };
	return {
		rows: [top, { boxes: middle, height: undefined }, ...(rows >= 28 ? [bottom] : []), ...(rows >= 18 ? [asked] : [])],
	};
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
