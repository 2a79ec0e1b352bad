/** One entry of the audit log as a text. */
import { describeEntry } from "../../components/audit/describe-entry.ts";
import { drawFrame } from "../../components/frame/frame.ts";
import { createScroll } from "../../components/reader/scroll.ts";
import { Surface } from "../../terminal/surface.tsx";
import { handle, type Screen } from "../view.ts";

export const auditEntry: Screen<"audit-entry"> = {
	id: "audit-entry",
	title: "Entry",
	open(route, context) {
		const { entry } = route;
		const blocks = describeEntry(entry);
		const scroll = createScroll(context.changed);
		return {
			route,
			scopes: ["reader"],
			handlers: handle<"reader">(scroll.handlers),
			crumbs: () => ({ path: [`Entry ${entry.n}`] }),
			Body: ({ columns, rows }) => (
				<Surface
					width={columns}
					height={rows}
					draw={(width, height) =>
						drawFrame(width, height, {
							title: `${entry.action}  ${entry.object}`,
							focused: true,
							content: (inner, lines) => scroll.draw(blocks, inner, lines),
						})
					}
				/>
			),
			copy: () => ({ what: "the entry", text: JSON.stringify(entry) }),
			close: () => undefined,
		};
	},
};
