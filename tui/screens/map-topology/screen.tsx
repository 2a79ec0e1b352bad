/** The topology of a map: from this machine over the routers to the networks and their hosts, as a tree one can fold. */
import { Box } from "ink";
import { hosts as listHosts } from "../../../protocol/methods/maps.ts";
import type { MapHost } from "../../../protocol/model/map.ts";
import { drawFrame } from "../../components/frame/frame.ts";
import { widths } from "../../components/list/list-view.tsx";
import { createPicker } from "../../components/list/picker.ts";
import { describeHost, flagPieces, mapFigures } from "../../components/map/describe-map.ts";
import { topologyText } from "../../components/map/map-words.ts";
import { type TopologyRow, topologyRows } from "../../components/map/topology.ts";
import { watchMap } from "../../components/map/watch-map.ts";
import { drawReader } from "../../components/reader/document.ts";
import { createReader } from "../../components/reader/reader-view.tsx";
import { Surface } from "../../terminal/surface.tsx";
import { wrap } from "../../text/fit.ts";
import { count } from "../../text/format.ts";
import { line, type Piece } from "../../theme/line.ts";
import { handle, type Screen } from "../view.ts";
import { everyFold, foldedAtFirst, foldOf, visibleRows } from "./model.ts";

/** Hosts that are drawn at most; of a larger map the traced ones come first. */
const mostHosts = 5_000;
const pageSize = 1_000;

interface Loaded {
	readonly rows: readonly TopologyRow[];
	readonly shown: number;
	readonly total: number;
}

export const mapTopology: Screen<"map-topology"> = {
	id: "map-topology",
	title: "Topology",
	open(route, context) {
		let folded: ReadonlySet<string> | undefined;
		const ask = (filter: string, cursor: string | null) =>
			context.client.call(listHosts, {
				...{ map: route.map, filter, limit: pageSize },
				...(cursor === null ? {} : { cursor }),
			});
		const picker = createPicker<TopologyRow>(context);
		const reader = createReader<Loaded>(context, load, () => []);
		const watched = watchMap(context, route.map, reader.reload);

		async function load(): Promise<Loaded> {
			const found = new Map<number, MapHost>();
			let total = 0;
			for (const filter of ["flag:L and traced:true", "flag:L"]) {
				let cursor: string | null = null;
				let seen = 0;
				do {
					const page: Awaited<ReturnType<typeof ask>> = await ask(filter, cursor);
					for (const host of page.items) {
						// The second time around all come in the order of their addresses.
						found.delete(host.id);
						found.set(host.id, host);
					}
					seen += page.items.length;
					total = page.total;
					cursor = page.next;
				} while (cursor !== null && seen < mostHosts);
			}
			const rows = topologyRows([...found.values()]);
			folded ??= foldedAtFirst(rows);
			return { rows, shown: found.size, total };
		}

		const visible = () => visibleRows(reader.value()?.rows ?? [], folded ?? new Set());
		const draw = (width: number, height: number): string[] => {
			const loaded = reader.value();
			if (!loaded) return reader.draw(width, height);
			const missing = loaded.total - loaded.shown;
			const empty = "Nothing answered, so there is nothing to draw.";
			const rows = loaded.rows.length > 1 ? visible() : [];
			const note = missing > 0 ? [drawNote(width, missing)] : [];
			return [
				...picker.draw(rows, width, height - note.length, (row) => rowPieces(row, folded), empty),
				...note.flat(),
			];
		};
		const drawDetail = (width: number, height: number) => {
			const row = picker.current();
			const host = row?.kind === "host" || row?.kind === "router" ? row.host : undefined;
			return drawFrame(width, height, {
				title: host?.address ?? "Details",
				content: (inner, lines) => (host ? drawReader(describeHost(host), inner, lines, 0) : noHost(inner)),
			});
		};
		const disabled = () => (picker.current() ? undefined : "There is nothing to open.");
		return {
			route,
			scopes: ["topology", "reader", "searching"],
			handlers: {
				...handle<"reader">(picker.handlers),
				...handle<"searching">(picker.searching),
				...handle<"topology">({
					open: {
						run() {
							const row = picker.current();
							const fold = row && foldOf(row);
							if (fold !== undefined) {
								const next = new Set(folded);
								if (!next.delete(fold)) next.add(fold);
								folded = next;
								context.changed();
							} else if ((row?.kind === "host" || row?.kind === "router") && row.host)
								context.open({ to: "map-host", host: row.host });
						},
						word: () => (picker.current() && foldOf(picker.current() as TopologyRow) !== undefined ? "fold" : "open"),
						disabled,
					},
					"fold-all": {
						run() {
							const all = everyFold(reader.value()?.rows ?? []);
							folded = (folded?.size ?? 0) > 0 ? new Set() : all;
							context.changed();
						},
						disabled,
					},
				}),
			},
			rows: reader.rows,
			crumbs() {
				const map = watched.current();
				return { path: ["Topology"], figures: map ? mapFigures(map) : [] };
			},
			position: () => (reader.value() ? `${count(visible().length)} lines` : ""),
			Body: ({ columns, rows }) => {
				const detail = columns >= widths.twoPanes ? Math.floor(columns * 0.34) : 0;
				return (
					<Box width={columns} height={rows}>
						<Surface
							flexGrow={1}
							draw={(width, height) =>
								drawFrame(width, height, {
									title: watched.current()?.title ?? "Topology",
									focused: true,
									content: draw,
								})
							}
						/>
						{detail > 0 ? <Surface width={detail} draw={drawDetail} /> : null}
					</Box>
				);
			},
			copy() {
				const loaded = reader.value();
				return (
					loaded && { what: "the tree", text: loaded.rows.map((row) => row.branch + topologyText(row)).join("\n") }
				);
			},
			close() {
				watched.close();
				reader.close();
			},
		};
	},
};

/** A pane that is empty would say that the map knows nothing. */
const noHost = (width: number): string[] =>
	wrap("What is known of a host stands here once the cursor is on one.", width).map((text) =>
		line(width, [[text, "muted"]]),
	);

function rowPieces(row: TopologyRow, folded: ReadonlySet<string> | undefined): Piece[] {
	const branch: Piece = [row.branch, "faint"];
	if (row.kind === "host")
		return [
			branch,
			[row.host.address, "address"],
			["  "],
			...flagPieces(row.host),
			[`  ${row.host.names[0] ?? row.host.netbios ?? ""}`],
		];
	if (row.kind === "router")
		return [branch, ["◇ ", "accent"], [topologyText(row), row.address === null ? "muted" : "strong"]];
	if (row.kind === "here") return [branch, ["◆ ", "accent"], ["this machine", "strong"]];
	const isFolded = folded?.has(foldOf(row) ?? "") === true;
	const token = row.kind === "network" && row.isCut ? "warning" : row.kind === "untraced" ? "muted" : "text";
	return [branch, [isFolded ? "▸ " : "▾ ", "marker"], [topologyText(row), token]];
}

function drawNote(width: number, missing: number): string {
	return line(width, [
		[`… ${count(missing)} further hosts are not drawn; vedette map show --tree draws them all.`, "muted"],
	]);
}
