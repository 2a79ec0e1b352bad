/** The history of one finding. */
import { get, watch } from "../../../protocol/methods/findings.ts";
import { whereOf } from "../../components/finding/describe-finding.ts";
import { describeHistory } from "../../components/finding/describe-history.ts";
import { drawFrame } from "../../components/frame/frame.ts";
import { createReader } from "../../components/reader/reader-view.tsx";
import { watchChanges } from "../../connect/watch-changes.ts";
import { Surface } from "../../terminal/surface.tsx";
import { handle, type Screen } from "../view.ts";

export const findingHistory: Screen<"finding-history"> = {
	id: "finding-history",
	title: "History",
	open(route, context) {
		const reader = createReader(
			context,
			() => context.client.call(get, { id: route.finding }),
			(detail) => describeHistory(detail, context.now()),
		);
		const stop = watchChanges(context.client, watch, () => reader.reload());
		const title = () => {
			const row = reader.value()?.finding;
			return row ? `History of ${whereOf(row)}` : "History";
		};
		return {
			route,
			scopes: ["reader", "searching"],
			handlers: handle<"reader" | "searching">(reader.handlers),
			rows: reader.rows,
			crumbs: () => ({ path: ["History"] }),
			Body: ({ columns, rows }) => (
				<Surface
					width={columns}
					height={rows}
					draw={(width, height) => drawFrame(width, height, { title: title(), focused: true, content: reader.draw })}
				/>
			),
			copy: () => reader.copy("the history"),
			close() {
				stop();
				reader.close();
			},
		};
	},
};
