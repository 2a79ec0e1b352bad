/** The panes of the live view, drawn. Pure. */
import { isOver } from "../../../protocol/model/run-status.ts";
import type { Scan, ScanResult } from "../../../protocol/model/scan.ts";
import { drawNotice } from "../../components/frame/frame.ts";
import { moreTargets, progressPieces, stagePieces } from "../../components/scan/scan-words.ts";
import { sparkline } from "../../text/chart.ts";
import { wrap } from "../../text/fit.ts";
import { compact, count, timeOfDay } from "../../text/format.ts";
import { cell, line, type Piece } from "../../theme/line.ts";
import { severityMark, severitySummary } from "../../theme/severity.ts";
import { type LiveModel, logOf, shownResults } from "./model.ts";

/** Rows of the head: more while somebody is logged in to. */
export function headRows({ scan }: LiveModel): number {
	return 4 + (scan?.stages.length ?? 4);
}

/** Everything above the stream in one pane, for narrow screens. */
export function drawHead(model: LiveModel, width: number): string[] {
	const { scan } = model;
	if (!scan) return drawNotice(width, headRows(model), [[["Asking the daemon …", "muted"]]]);
	return [
		...headLines(scan, width),
		...scan.stages.map((stage) => line(width, [[" "], ...stagePieces(stage, width - 2, isOver(scan))])),
		...drawRateLine(model, width),
		line(width, [[" "], ...foundPieces(scan)]),
	];
}

function headLines(scan: Scan, width: number): string[] {
	const what: Piece[] = [
		["targets".padEnd(9), "muted"],
		[scan.targets.join(" "), "address"],
		[moreTargets(scan), "muted"],
		[`  ${scan.ports} ports, ${scan.profile}`, "faint"],
	];
	const reason: Piece[] = scan.reason === null ? [] : [["  "], [scan.reason, "warning"]];
	const whole = { name: "whole", part: scan.progress, figures: `${count(scan.hosts.done)}/${count(scan.hosts.total)}` };
	return [
		line(width, [[" "], ...what, ...reason]),
		line(width, [[" "], ...progressPieces(whole.name, whole.part, isOver(scan), whole.figures, width - 2)]),
	];
}

function drawRateLine(model: LiveModel, width: number): string[] {
	const { scan } = model;
	const rate: Piece[] = [[`${compact(scan?.rate ?? 0)} probes/s`.padStart(15), "number"]];
	const chartWidth = Math.max(4, width - 28);
	const [chart = ""] = sparkline(model.rates, chartWidth, 1);
	return [line(width, [[" "], ["rate".padEnd(9), "muted"], [chart, "chart"], ...rate])];
}

export function drawStages(scan: Scan | undefined, width: number): string[] {
	if (!scan) return [];
	return [line(width, []), ...scan.stages.map((stage) => line(width, stagePieces(stage, width, isOver(scan))))];
}

export function drawRate(model: LiveModel, width: number, height: number): string[] {
	const { scan } = model;
	const highest = Math.max(0, ...model.rates);
	const figures = line(width, [
		[compact(scan?.rate ?? 0), "strong"],
		[" probes/s now", "muted"],
		["   "],
		[compact(highest), "strong"],
		[" at most", "muted"],
	]);
	const charts = sparkline(model.rates, width, Math.max(1, height - 1));
	return [figures, ...charts.map((chart) => line(width, [[chart, "chart"]]))];
}

export function drawFound(scan: Scan | undefined, width: number): string[] {
	if (!scan) return [];
	const { ghosts = 0 } = scan.hosts;
	const figure = (name: string, pieces: Piece[]) => line(width, [[name.padEnd(11), "muted"], ...pieces]);
	return [
		figure("hosts", [
			[count(scan.hosts.alive), "strong"],
			[` alive, ${count(scan.hosts.done)} of ${count(scan.hosts.total)} done`, "muted"],
		]),
		// Answered, and are no hosts: the log says where, `vedette ghosts` why.
		...(ghosts > 0
			? [
					figure("ghosts", [
						[count(ghosts), "warning"],
						[" answer for nobody", "muted"],
					]),
				]
			: []),
		figure("ports", [
			[count(scan.openPorts), "strong"],
			[" open", "muted"],
		]),
		figure("services", [
			[count(scan.services), "strong"],
			[" named", "muted"],
		]),
		figure("findings", severitySummary(scan.findings)),
		figure("changes", changePieces(scan)),
	];
}

function foundPieces(scan: Scan): Piece[] {
	const figure = (value: number, one: string, many: string): Piece[] => [
		[count(value), "strong"],
		[` ${value === 1 ? one : many}  `, "muted"],
	];
	const { ghosts = 0 } = scan.hosts;
	return [
		["found".padEnd(9), "muted"],
		...figure(scan.hosts.alive, "host", "hosts"),
		...(ghosts > 0 ? figure(ghosts, "ghost", "ghosts") : []),
		...figure(scan.openPorts, "port", "ports"),
		...figure(scan.services, "service", "services"),
		[" "],
		...severitySummary(scan.findings),
		["   "],
		...changePieces(scan),
	];
}

/** What was covered, in a few lines below the results of a scan that is over. */
export function drawSummary(sentences: readonly string[], width: number, most: number): string[] {
	const lines = sentences.flatMap((sentence) => wrap(sentence, width));
	if (lines.length === 0 || most < 2) return [];
	const shown = lines.slice(0, most - 1);
	return [line(width, [["─".repeat(width), "border"]]), ...shown.map((text) => line(width, [[text, "muted"]]))];
}

function changePieces(scan: Scan): Piece[] {
	return [
		[`${count(scan.newFindings)} new`, scan.newFindings > 0 ? "warning" : "faint"],
		[" · ", "faint"],
		[`${count(scan.fixedFindings)} fixed`, scan.fixedFindings > 0 ? "good" : "faint"],
	];
}

/** The stream of results, newest at the top; the line under the cursor can be opened. */
export function drawStream(model: LiveModel, width: number, height: number): string[] {
	const results = shownResults(model);
	if (results.length === 0) {
		return drawNotice(width, height, [[[emptyWords(model), "muted"]]]);
	}
	const top = Math.max(0, Math.min(model.cursor - Math.floor(height / 2), results.length - height));
	return results
		.slice(top, top + height)
		.map((result, index) => drawResult(result, width, top + index === model.cursor));
}

function emptyWords({ scan, stream }: LiveModel): string {
	if (stream === "log") return scan && isOver(scan) ? "There was nothing to tell." : "Nothing to tell yet.";
	return scan && isOver(scan) ? "Nothing was found." : "Nothing yet; what is found appears here.";
}

function drawResult(result: ScanResult, width: number, isSelected: boolean): string {
	const base = isSelected ? "selected" : "text";
	const head: Piece[] = [[isSelected ? "▌ " : "  ", "marker"], [timeOfDay(result.at), "faint"], ["  "]];
	if (result.kind === "log") {
		return line(width, [...head, [result.text, result.level === "warn" ? "warning" : "muted"]], base);
	}
	const place: Piece[] = [cell(result.address, 15, "address"), [" "], cell(portOf(result), 7, "muted"), [" "]];
	const pieces = [...head, ...place, ...resultPieces(result)];
	if (result.kind !== "finding" || result.change === "found") return line(width, pieces, base);
	const change = ` ${result.change}`;
	return line(width - change.length, pieces, base) + line(change.length, [[change, changeTokens[result.change]]], base);
}

/** A line of the stream for the clipboard. */
export function resultText(result: ScanResult): Piece[] {
	if (result.kind === "log") return [[`${result.at} ${result.text}`]];
	return [[`${result.at} ${result.address} ${portOf(result)} `], ...resultPieces(result)];
}

const changeTokens = { new: "warning", fixed: "good", reopened: "bad" } as const;

function portOf(result: Exclude<ScanResult, { kind: "log" }>): string {
	if (result.kind === "host" || result.port === null) return "";
	return result.kind === "service" && result.protocol === "udp" ? `${result.port}/udp` : String(result.port);
}

function resultPieces(result: Exclude<ScanResult, { kind: "log" }>): Piece[] {
	if (result.kind === "host")
		return [result.alive ? ["    up", "good"] : ["    silent", "faint"], [`  ${result.how}`, "faint"]];
	if (result.kind === "finding") return [severityMark(result.severity), [" "], [result.title]];
	const product = [result.product, result.version].filter((part) => part !== null).join(" ");
	return [
		["    "],
		[result.name ?? "not recognised", result.name === null ? "faint" : "text"],
		[result.tls ? " (tls)" : "", "muted"],
		[product === "" ? "" : `  ${product}`, "muted"],
	];
}

export function drawLog(model: LiveModel, width: number, height: number): string[] {
	const entries = logOf(model);
	if (entries.length === 0) return drawNotice(width, height, [[["nothing to tell", "faint"]]]);
	return entries
		.slice(0, height)
		.map((entry) =>
			line(width, [
				[timeOfDay(entry.at).slice(0, 5), "faint"],
				[" "],
				[entry.text, entry.level === "warn" ? "warning" : "muted"],
			]),
		);
}
