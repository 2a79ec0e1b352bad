/** Why a finding is there: the reasoning step by step, and the command to check by hand. */
import type { MethodResult } from "../../../protocol/define.ts";
import { explain } from "../../../protocol/methods/findings.ts";
import { explain as explainRank } from "../../../protocol/methods/priorities.ts";
import { drawFrame } from "../../components/frame/frame.ts";
import type { Block } from "../../components/reader/document.ts";
import { createReader } from "../../components/reader/reader-view.tsx";
import { Surface } from "../../terminal/surface.tsx";
import type { Piece } from "../../theme/line.ts";
import { handle, type Screen } from "../view.ts";

type Explanation = MethodResult<typeof explain>;

export const why: Screen<"why"> = {
	id: "why",
	title: "Why",
	open(route, context) {
		const reader = createReader(
			context,
			() =>
				Promise.all([
					context.client.call(explain, { id: route.finding }),
					context.client.call(explainRank, { finding: route.finding }),
				]),
			([explanation, rank]) => [...describeExplanation(explanation), ...describeRank(rank)],
		);
		return {
			route,
			scopes: ["reader", "searching"],
			handlers: handle<"reader" | "searching">(reader.handlers),
			rows: reader.rows,
			crumbs: () => ({ path: ["Why"] }),
			Body: ({ columns, rows }) => (
				<Surface
					width={columns}
					height={rows}
					draw={(width, height) => drawFrame(width, height, { title: "Why", focused: true, content: reader.draw })}
				/>
			),
			copy: () => reader.copy("the explanation"),
			close: reader.close,
		};
	},
};

const verdicts: Record<Explanation["verdict"], Piece> = {
	vulnerable: ["✗ vulnerable", "bad"],
	"not-vulnerable": ["✓ not vulnerable", "good"],
	unknown: ["? not known", "warning"],
};
const outcomes: Record<Explanation["steps"][number]["outcome"], Piece> = {
	yes: ["✓", "good"],
	no: ["✗", "bad"],
	unknown: ["?", "warning"],
};

/** Data as indented `name: value` lines: JSON's quotes and braces are mostly in the way of reading. */
function dataLines(data: unknown, indent = ""): string {
	if (Array.isArray(data)) {
		if (data.every((item) => typeof item !== "object" || item === null)) return `${indent}${data.join(" ")}`;
		return data.map((item) => dataLines(item, indent)).join(`\n${indent}·\n`);
	}
	if (typeof data !== "object" || data === null) return `${indent}${String(data)}`;
	return Object.entries(data)
		.map(([name, value]) =>
			typeof value === "object" && value !== null
				? `${indent}${name}:\n${dataLines(value, `${indent}  `)}`
				: `${indent}${name}: ${String(value)}`,
		)
		.join("\n");
}

function describeExplanation(explanation: Explanation): Block[] {
	const blocks: Block[] = [
		{ kind: "text", text: explanation.question, token: "strong" },
		{ kind: "gap" },
		{ kind: "pieces", pieces: [verdicts[explanation.verdict]] },
		{ kind: "text", text: explanation.summary },
		{ kind: "heading", text: "Step by step" },
	];
	for (const step of explanation.steps) {
		blocks.push({ kind: "pieces", pieces: [outcomes[step.outcome], [` ${step.step}`, "muted"]] });
		blocks.push({ kind: "text", text: step.text, indent: 2 });
		if (step.data !== undefined) blocks.push({ kind: "captured", text: dataLines(step.data) });
		blocks.push({ kind: "gap" });
	}
	if (explanation.check !== null) {
		blocks.push({ kind: "heading", text: "Check it by hand" }, { kind: "captured", text: explanation.check });
	}
	return blocks;
}

/** Factor by factor, what it gave of the most it could. */
function describeRank({ priority, parts }: MethodResult<typeof explainRank>): Block[] {
	return [
		{ kind: "heading", text: "Why this rank" },
		{
			kind: "pieces",
			pieces: [
				[priority.toFixed(1), "strong"],
				[" of 100", "muted"],
			],
		},
		...parts.map(
			({ points, most, text }): Block => ({
				kind: "pieces",
				pieces: [
					[points.toFixed(1).padStart(5), points > 0 ? "number" : "faint"],
					[` of ${most.toFixed(1).padEnd(5)}`, "faint"],
					[text, points > 0 ? "text" : "muted"],
				],
			}),
		),
	];
}
