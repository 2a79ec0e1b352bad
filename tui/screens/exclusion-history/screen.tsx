/** Every addition, removal and expiry of exclusions, newest first. */
import { history } from "../../../protocol/methods/exclusions.ts";
import { eventPieces } from "../../components/exclusion/describe-exclusion.ts";
import { drawFrame } from "../../components/frame/frame.ts";
import { createReader } from "../../components/reader/reader-view.tsx";
import { Surface } from "../../terminal/surface.tsx";
import { plural } from "../../text/format.ts";
import { handle, type Screen } from "../view.ts";

export const exclusionHistory: Screen<"exclusion-history"> = {
	id: "exclusion-history",
	title: "History",
	open(route, context) {
		const reader = createReader(
			context,
			() => context.client.call(history, {}),
			({ items }) =>
				items.length === 0
					? [{ kind: "text", text: "Nothing was ever excluded.", token: "muted" }]
					: items.flatMap((event) => eventPieces(event)),
		);
		return {
			route,
			scopes: ["reader", "searching"],
			handlers: handle<"reader" | "searching">(reader.handlers),
			rows: reader.rows,
			crumbs() {
				const total = reader.value()?.total;
				return {
					path: ["History"],
					figures: total === undefined ? [] : [[plural(total, "entry", "entries"), "muted"]],
				};
			},
			Body: ({ columns, rows }) => (
				<Surface
					width={columns}
					height={rows}
					draw={(width, height) =>
						drawFrame(width, height, {
							title: "What was excluded, and taken back",
							focused: true,
							content: reader.draw,
						})
					}
				/>
			),
			copy: () => reader.copy("the history"),
			close: reader.close,
		};
	},
};
