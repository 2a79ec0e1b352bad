/** The overview in a narrow strip: how many are open by severity and by status, and what is kept of the inventory. */
import type { Overview } from "../../../protocol/model/overview.ts";
import { count } from "../../text/format.ts";
import type { Piece } from "../../theme/line.ts";
import { countOf, severities, severityName, severityShape, severityToken, totalOf } from "../../theme/severity.ts";
import type { Block } from "../reader/document.ts";
import { barPieces } from "../scan/scan-words.ts";

const described = new WeakMap<Overview, readonly Block[]>();
const asking: readonly Block[] = [{ kind: "text", text: "Asking …", token: "faint" }];

export function overviewStrip(overview: Overview | undefined): readonly Block[] {
	if (!overview) return asking;
	const known = described.get(overview);
	if (known) return known;
	const blocks = describeOverview(overview);
	described.set(overview, blocks);
	return blocks;
}

function describeOverview(overview: Overview): Block[] {
	const most = Math.max(1, ...severities.map((severity) => countOf(overview.findings, severity)));
	const blocks: Block[] = [
		{ kind: "heading", text: "Severity", figures: [[`${count(totalOf(overview.findings))} open`, "muted"]] },
	];
	for (const severity of severities) {
		const value = countOf(overview.findings, severity);
		blocks.push({
			kind: "pieces",
			pieces: [
				severityShape(severity),
				[` ${severityName(severity).padEnd(9)}`, "muted"],
				...barPieces(value / most, 8, severityToken(severity)),
				[count(value).padStart(6)],
			],
		});
	}
	blocks.push({ kind: "heading", text: "Status" });
	const { byStatus, byType } = overview;
	for (const status of ["NEW", "REOPENED", "ACTIVE", "FIXED"] as const)
		blocks.push(figure(status.toLowerCase(), byStatus[status]));
	blocks.push({ kind: "heading", text: "Tickets" });
	blocks.push(figure("open", overview.tickets.open), figure("overdue", overview.tickets.overdue));
	blocks.push({ kind: "heading", text: "Type" });
	for (const type of ["confirmed", "potential", "information"] as const) blocks.push(figure(type, byType[type]));
	blocks.push(
		{ kind: "heading", text: "Inventory" },
		figure("assets", overview.assets),
		figure("services", overview.services),
	);
	return blocks;
}

function figure(name: string, value: number): Block {
	const pieces: Piece[] = [[name.padEnd(18), "muted"], [count(value).padStart(8)]];
	return { kind: "pieces", pieces };
}
