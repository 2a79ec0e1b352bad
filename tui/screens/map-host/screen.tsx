/** One host of a map as a text: for screens without room for details beside the list. */

import { drawFrame } from "../../components/frame/frame.ts";
import { describeHost } from "../../components/map/describe-map.ts";
import { createScroll } from "../../components/reader/scroll.ts";
import { Surface } from "../../terminal/surface.tsx";
import { handle, type Screen } from "../view.ts";

export const mapHost: Screen<"map-host"> = {
	id: "map-host",
	title: "Host",
	open(route, context) {
		const { host } = route;
		const blocks = describeHost(host);
		const scroll = createScroll(context.changed);
		return {
			route,
			scopes: ["reader"],
			handlers: handle<"reader">(scroll.handlers),
			crumbs: () => ({ path: [host.address] }),
			Body: ({ columns, rows }) => (
				<Surface
					width={columns}
					height={rows}
					draw={(width, height) =>
						drawFrame(width, height, {
							title: host.address,
							focused: true,
							content: (inner, lines) => scroll.draw(blocks, inner, lines),
						})
					}
				/>
			),
			copy: () => ({ what: "the address", text: host.address }),
			close: () => undefined,
		};
	},
};
