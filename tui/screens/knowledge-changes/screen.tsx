/** What the last change of the knowledge has changed in the findings, and why. */
import type { MethodResult } from "../../../protocol/define.ts";
import { diff } from "../../../protocol/methods/knowledge.ts";
import { drawFrame } from "../../components/frame/frame.ts";
import type { Block } from "../../components/reader/document.ts";
import { createReader } from "../../components/reader/reader-view.tsx";
import { Surface } from "../../terminal/surface.tsx";
import { count, plural } from "../../text/format.ts";
import type { Piece } from "../../theme/line.ts";
import { handle, type Screen } from "../view.ts";

type Changes = MethodResult<typeof diff>;

export const knowledgeChanges: Screen<"knowledge-changes"> = {
	id: "knowledge-changes",
	title: "What it changed",
	open(route, context) {
		const load = () => context.client.call(diff, { last: true, limit: 200 });
		const reader = createReader(context, load, describeChanges);
		return {
			route,
			scopes: ["reader", "searching"],
			handlers: handle<"reader" | "searching">(reader.handlers),
			rows: reader.rows,
			crumbs: () => ({ path: ["What the last change changed"] }),
			Body: ({ columns, rows }) => (
				<Surface
					width={columns}
					height={rows}
					draw={(width, height) =>
						drawFrame(width, height, { title: "What it changed", focused: true, content: reader.draw })
					}
				/>
			),
			copy: () => reader.copy("the changes"),
			close: reader.close,
		};
	},
};

const marks: Record<Changes["items"][number]["change"], Piece> = {
	new: ["+", "bad"],
	changed: ["~", "warning"],
	gone: ["-", "good"],
};

function describeChanges({ items, total, counts, hosts, changedHosts }: Changes): Block[] {
	const figures = `${plural(counts.new, "new advisory", "new advisories")}, ${count(counts.changed)} changed, ${count(counts.gone)} gone, on ${count(changedHosts)} of ${plural(hosts, "host")} whose packages are known.`;
	const left = total - items.length;
	return [
		{ kind: "text", text: figures },
		{ kind: "gap" },
		...items.flatMap((one): Block[] => [
			{ kind: "item", mark: marks[one.change], text: `${one.severity} ${one.advisory}: ${one.title}` },
			{
				kind: "text",
				text: `${one.why}; on ${plural(one.hosts, "host")}: ${one.named.join(", ")}`,
				token: "muted",
				indent: 2,
			},
			...wordsOf("-", one.before),
			...wordsOf("+", one.after),
		]),
		...(left > 0 ? [{ kind: "text" as const, text: `${plural(left, "more change")}.`, token: "muted" as const }] : []),
	];
}

function wordsOf(mark: string, text: string | null): Block[] {
	const lines = (text ?? "").split("\n").filter((line) => line !== "");
	return lines.map((line) => ({ kind: "text", text: `${mark} ${line}`, token: "faint", indent: 2 }));
}
