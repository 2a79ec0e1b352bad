/** What one map was asked to do, what it asked, and what came of it, as a text: kept current while it runs. */
import { coverage, get } from "../../../protocol/methods/maps.ts";
import { drawFrame } from "../../components/frame/frame.ts";
import { coverageBlocks, describeMap, mapFigures } from "../../components/map/describe-map.ts";
import { watchMap } from "../../components/map/watch-map.ts";
import { createReader } from "../../components/reader/reader-view.tsx";
import { Surface } from "../../terminal/surface.tsx";
import { handle, type Screen } from "../view.ts";

export const mapCoverage: Screen<"map-coverage"> = {
	id: "map-coverage",
	title: "Coverage",
	open(route, context) {
		const one = { map: route.map };
		const reader = createReader(
			context,
			() => Promise.all([context.client.call(get, one), context.client.call(coverage, one)]),
			([map, asked]) => [...coverageBlocks(asked), { kind: "heading", text: "The map" }, ...describeMap(map)],
		);
		const watched = watchMap(context, route.map, reader.reload);
		return {
			route,
			scopes: ["reader", "searching"],
			handlers: handle<"reader" | "searching">(reader.handlers),
			rows: reader.rows,
			crumbs() {
				const map = watched.current();
				return { path: ["Coverage"], figures: map ? mapFigures(map) : [] };
			},
			Body: ({ columns, rows }) => (
				<Surface
					width={columns}
					height={rows}
					draw={(width, height) =>
						drawFrame(width, height, {
							title: watched.current()?.title ?? `Map ${route.map}`,
							focused: true,
							content: reader.draw,
						})
					}
				/>
			),
			copy: () => reader.copy("what it asked"),
			close() {
				watched.close();
				reader.close();
			},
		};
	},
};
