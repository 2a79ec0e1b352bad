/** A scan in words and bars: how it stands, what is done and what is left. */
import { isOver, type RunStatus } from "../../../protocol/model/run-status.ts";
import type { Scan } from "../../../protocol/model/scan.ts";
import { bar } from "../../text/chart.ts";
import { clock, compact, count, duration, percent, when } from "../../text/format.ts";
import { windowWords } from "../../text/window-words.ts";
import type { Piece } from "../../theme/line.ts";
import type { Token } from "../../theme/look.ts";
import { severitySummary, totalOf } from "../../theme/severity.ts";
import type { Block } from "../reader/document.ts";

const marks: Record<RunStatus, readonly [mark: string, token: Token]> = {
	queued: ["○", "muted"],
	waiting: ["◷", "muted"],
	running: ["●", "working"],
	pausing: ["●", "warning"],
	paused: ["■", "warning"],
	cancelling: ["●", "warning"],
	cancelled: ["✗", "faint"],
	finished: ["✓", "good"],
	error: ["✗", "bad"],
};

export const scanStatusPieces: (scan: Scan) => Piece[] = statusPieces;

/** Of a scan or a map, which stand in the same ways. */
export function statusPieces({ status, partial }: Pick<Scan, "status" | "partial">): Piece[] {
	const [mark, token] = marks[status];
	const isPartial = status === "finished" && partial;
	return [
		[`${mark} `, token],
		[isPartial ? "partial" : status, isPartial ? "warning" : token],
	];
}

export function barPieces(part: number, width: number, token: Token = "chart"): Piece[] {
	const { filled, empty } = bar(part, width);
	return [
		[filled, token],
		[empty, "barTrack"],
	];
}

const stageTitles = {
	discover: "alive?",
	ports: "ports",
	services: "services",
	login: "login",
	assess: "judge",
} as const;

/** `isOver`: the scan is; a stage it left without work says so instead of standing at nothing. */
export function stagePieces(stage: Scan["stages"][number], width: number, isOver: boolean): Piece[] {
	if (isOver && stage.total === 0)
		return [
			[stageTitles[stage.name].padEnd(9), "muted"],
			["nothing to do", "faint"],
		];
	const part = stage.total === 0 ? 0 : stage.done / stage.total;
	const isDone = stage.total > 0 && stage.done >= stage.total;
	return progressPieces(stageTitles[stage.name], part, isDone, `${compact(stage.done)}/${compact(stage.total)}`, width);
}

/** A name, a bar, a percentage and figures, in columns that stand under each other; together `width` columns. */
export function progressPieces(name: string, part: number, isDone: boolean, figures: string, width: number): Piece[] {
	const barWidth = Math.max(4, width - 9 - 6 - 12);
	return [
		[name.padEnd(9), "muted"],
		...barPieces(part, barWidth, isDone ? "good" : "working"),
		[percent(part).padStart(6), isDone ? "good" : "text"],
		[figures.padStart(12), "muted"],
	];
}

/** `00:14:22 · 6 min left · 71 %` while it runs; how long it took after. */
export function timePieces(scan: Scan): Piece[] {
	if (scan.status === "finished")
		return [
			["in ", "muted"],
			[duration(scan.activeMs / 1_000), "number"],
		];
	const spent: Piece = [clock(scan.activeMs), "number"];
	if (scan.status !== "running") return [spent, [` ${percent(scan.progress)}`, "muted"]];
	const left: Piece[] =
		scan.etaMs === null
			? []
			: [
					[" · ", "faint"],
					[duration(scan.etaMs / 1_000), "number"],
					[" left", "muted"],
				];
	return [spent, ...left, [" · ", "faint"], [percent(scan.progress), "working"]];
}

/**
 * How a scan stands in one column of a table: a bar, how much is done and what is left of the time, or how long it took.
 * At most `width` columns.
 */
export function progressCell(scan: Scan, width: number): Piece[] {
	const took: Piece = [duration(scan.activeMs / 1_000), "muted"];
	if (scan.status === "finished") return [["in ", "faint"], took];
	if (isOver(scan)) return [[`${percent(scan.progress)} in `, "faint"], took];
	const left = scan.status !== "running" || scan.etaMs === null ? "" : ` ${duration(scan.etaMs / 1_000)} left`;
	const figures = `${percent(scan.progress).padStart(6)}${left}`;
	const barWidth = Math.max(4, Math.min(12, width - figures.length));
	return [...barPieces(scan.progress, barWidth, scan.status === "running" ? "working" : "muted"), [figures]];
}

export function canPause(scan: Scan): boolean {
	return scan.status === "running" || scan.status === "queued" || scan.status === "waiting";
}

/** ` and 980 more`, when a list tells the first only. */
export function moreTargets({ targets, targetsTotal }: Scan): string {
	return targetsTotal === undefined ? "" : ` and ${count(targetsTotal - targets.length)} more`;
}

/** A scan as text, for the pane beside the list. */
export function describeScan(scan: Scan): Block[] {
	const blocks: Block[] = [
		{ kind: "field", name: "status", pieces: scanStatusPieces(scan) },
		...(scan.reason === null ? [] : [{ kind: "text", text: scan.reason, token: "warning" } as const]),
		{
			kind: "field",
			name: "targets",
			pieces: [
				[scan.targets.join(" "), "address"],
				[moreTargets(scan), "muted"],
			],
		},
		...(scan.exclusions.length === 0
			? []
			: [{ kind: "field", name: "without", pieces: [[scan.exclusions.join(" ")]] } as const]),
		{ kind: "field", name: "ports", pieces: [[scan.ports]] },
		{ kind: "field", name: "profile", pieces: [[scan.profile]] },
		...(scan.window == null ? [] : [{ kind: "field", name: "runs", pieces: [[windowWords(scan.window)]] } as const]),
		...(scan.continuesAt == null
			? []
			: [{ kind: "field", name: "goes on", pieces: [[`${when(scan.continuesAt)} UTC`, "number"]] } as const]),
		{ kind: "field", name: "asked for", pieces: [[when(scan.createdAt)]] },
		{ kind: "field", name: "took", pieces: timePieces(scan) },
		{ kind: "heading", text: "Stages" },
		...scan.stages.map((stage): Block => ({ kind: "pieces", pieces: stagePieces(stage, 42, isOver(scan)) })),
		{ kind: "heading", text: "Found" },
		{
			kind: "field",
			name: "hosts",
			pieces: [[`${count(scan.hosts.alive)} alive`], [` of ${count(scan.hosts.total)}`, "muted"]],
		},
		{ kind: "field", name: "open ports", pieces: [[count(scan.openPorts)]] },
		{ kind: "field", name: "services", pieces: [[count(scan.services)]] },
		{
			kind: "field",
			name: "findings",
			pieces: [[`${count(totalOf(scan.findings))}  `], ...severitySummary(scan.findings)],
		},
		{
			kind: "field",
			name: "changes",
			pieces: [
				[`${count(scan.newFindings)} new`, scan.newFindings > 0 ? "warning" : "muted"],
				[" · ", "faint"],
				[`${count(scan.fixedFindings)} fixed`, scan.fixedFindings > 0 ? "good" : "muted"],
			],
		},
	];
	return blocks;
}
