/** The boxes of a dashboard that list things: scans, findings, tickets, requests, duplicates, feeds. Pure. */
import type { Activity } from "../../../protocol/model/activity.ts";
import type { DuplicateGroup } from "../../../protocol/model/duplicate.ts";
import type { Exception } from "../../../protocol/model/exception.ts";
import type { Finding } from "../../../protocol/model/finding.ts";
import type { Overview } from "../../../protocol/model/overview.ts";
import { isOver } from "../../../protocol/model/run-status.ts";
import type { Scan } from "../../../protocol/model/scan.ts";
import type { Ticket } from "../../../protocol/model/ticket.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { age, clock, compact, percent, plural } from "../../text/format.ts";
import { personName } from "../../text/people.ts";
import type { Piece } from "../../theme/line.ts";
import { severityMark, severitySummary } from "../../theme/severity.ts";
import { activityStatePieces } from "../activity/activity-words.ts";
import { memberNames, surePieces } from "../duplicate/describe-duplicate.ts";
import { whereOf } from "../finding/describe-finding.ts";
import { drawAwaited, drawNotice } from "../frame/frame.ts";
import { barPieces, scanStatusPieces } from "../scan/scan-words.ts";
import { duePiece } from "../ticket/ticket-words.ts";
import { type DashboardData, shownScans } from "./boxes.ts";
import type { Listed } from "./figures.ts";
import { rowsFrom, spreadRow } from "./rows.ts";

export function drawScans(data: DashboardData, row: number, width: number, height: number, now: number): string[] {
	const rows = rowsFrom(shownScans(data), row, height, (scan, isSelected) => {
		const [mark] = scanStatusPieces(scan);
		const name: Piece[] = [mark ?? [""], [scan.title]];
		if (!isOver(scan)) return spreadRow(width, isSelected, name, progressOf(scan, width));
		const since: Piece = [age(scan.finishedAt, now).padStart(7), "faint"];
		return spreadRow(width, isSelected, name, severitySummary(scan.findings), [since]);
	});
	return (
		rows ??
		drawNotice(width, height, [
			[
				[keyOf("everywhere", "new-scan"), "key"],
				[" starts a scan", "muted"],
			],
		])
	);
}

function progressOf(scan: Scan, width: number): Piece[] {
	const token = scan.status === "running" ? "working" : "muted";
	const bar = barPieces(scan.progress, Math.max(8, Math.floor(width / 4)), token);
	const left: Piece[] = width < 50 || scan.etaMs === null ? [] : [[` ${clock(scan.etaMs)}`, "muted"]];
	return [...bar, [percent(scan.progress).padStart(6)], ...left];
}

/** Rows of something that was asked for: while it has not come, and where there is none, that is said. */
function listed<Row>(
	rows: Listed<Row> | undefined,
	{ row, width, height }: Place,
	none: readonly Piece[],
	draw: (item: Row, isSelected: boolean) => string,
): string[] {
	if (rows === undefined) return drawAwaited(width, height, undefined);
	return rowsFrom(rows.items, row, height, draw) ?? drawNotice(width, height, [none]);
}

/** The row under the cursor, -1 for none, and the size of the box's inside. */
export interface Place {
	readonly row: number;
	readonly width: number;
	readonly height: number;
}

const allWell = (text: string): Piece[] => [["✓ ", "good"], [text]];

export function drawFindings(rows: Listed<Finding> | undefined, place: Place, now: number, none: string): string[] {
	const { width } = place;
	return listed(rows, place, allWell(none), (finding, isSelected) =>
		spreadRow(
			width,
			isSelected,
			[severityMark(finding.severity), [" "], [finding.title]],
			[
				[width < 50 ? finding.asset.name : whereOf(finding), "address"],
				[age(finding.firstFound, now).padStart(6), "faint"],
			],
		),
	);
}

export function drawTickets(rows: Listed<Ticket> | undefined, place: Place, now: number): string[] {
	return listed(rows, place, allWell("nothing is overdue"), (ticket, isSelected) =>
		spreadRow(
			place.width,
			isSelected,
			[
				ticket.finding === null ? ["?", "faint"] : severityMark(ticket.finding.severity),
				...([[" "], [ticket.finding?.title ?? ticket.invalid ?? ""]] as const),
			],
			[
				[place.width < 50 ? "" : `${ticket.asset.name}  `, "address"],
				[personName(ticket.assignee ?? "nobody"), ticket.assignee === null ? "faint" : "text"],
				["  "],
				duePiece(ticket, now),
			],
		),
	);
}

export function drawRequests(rows: Listed<Exception> | undefined, place: Place, now: number): string[] {
	return listed(rows, place, allWell("no request waits"), (request, isSelected) =>
		spreadRow(
			place.width,
			isSelected,
			[[`${request.id} `, "muted"], [request.subject]],
			[
				...(place.width < 50 ? [] : ([[plural(request.findings, "finding"), "muted"]] as Piece[])),
				[` ${personName(request.requester)}`, "address"],
				[age(request.requestedAt, now).padStart(6), "faint"],
			],
		),
	);
}

export function drawDuplicates(rows: Listed<DuplicateGroup> | undefined, place: Place): string[] {
	return listed(rows, place, allWell("no two assets look alike"), (group, isSelected) =>
		spreadRow(place.width, isSelected, [[memberNames(group)]], surePieces(group.confidence)),
	);
}

export function drawActivity(rows: Listed<Activity> | undefined, place: Place, now: number): string[] {
	return listed(
		rows,
		place,
		[["nothing has gone on yet", "muted"]],
		({ kind, number, title, state, progress, at }, isSelected) => {
			const [mark = "", token = "text"] = activityStatePieces[state];
			const name = `${kind}${number === null ? "" : ` ${number}`}`;
			return spreadRow(
				place.width,
				isSelected,
				[[`${[...mark][0] ?? ""} `, token], [name, "muted"], [`  ${title}`]],
				[
					[progress === null ? "" : percent(progress), "working"],
					[age(at, now).padStart(6), "faint"],
				],
			);
		},
	);
}

/** Feeds with their age; without any, how to get them. */
export function drawKnowledge({ knowledge, feeds }: Overview, { row, width, height }: Place, now: number): string[] {
	const rows = rowsFrom(knowledge.sources, row, height, (source, isSelected) => {
		const lags = feeds.isOld && source.name === feeds.lagging;
		const how: Piece = [source.updatedAt === null ? "never" : age(source.updatedAt, now), lags ? "warning" : "faint"];
		return spreadRow(
			width,
			isSelected,
			[[source.name]],
			[[compact(source.records), "muted"], ["  "], [how[0].padStart(6), how[1] ?? "text"]],
		);
	});
	const none: Piece[] = [
		[keyOf("everywhere", "knowledge"), "key"],
		[" brings feeds here", "muted"],
	];
	return rows ?? drawNotice(width, height, [none]);
}
