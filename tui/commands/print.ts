/** Tables, colours and JSON of the command line. Colours only on a terminal that wants them. */
import CliTable from "cli-table3";
import type { Severity } from "../../protocol/model/common.ts";
import { harmless } from "../text/harmless.ts";
import type { CommandContext } from "./command.ts";

type Stream = Pick<NodeJS.WriteStream, "isTTY">;

/** NO_COLOR (no-color.org) and a stream that is no terminal both mean none. */
export function wantsColour(stream: Stream, env: NodeJS.ProcessEnv): boolean {
	if (env.NO_COLOR !== undefined && env.NO_COLOR !== "") return false;
	return stream.isTTY === true && env.TERM !== "dumb";
}

const severitySgr: Record<Severity, string> = { 5: "1;35", 4: "1;31", 3: "33", 2: "36", 1: "2" };
const severityMark: Record<Severity, string> = { 5: "◆5", 4: "▲4", 3: "■3", 2: "●2", 1: "○1" };

/** Shape and number, coloured where colour is wanted: meaning never hangs on colour alone. */
export function severityLabel(severity: Severity, colour: boolean): string {
	const label = severityMark[severity];
	return colour ? `\u001b[${severitySgr[severity]}m${label}\u001b[0m` : label;
}

export interface Column<T> {
	readonly title: string;
	/** Raw text: made harmless here. */
	readonly value: (row: T) => string | number | null;
	readonly align?: "right";
	/** Widest the column gets before its text is cut. */
	readonly max?: number;
	/** Already styled and harmless text, e.g. a severity label; wins over `value`. */
	readonly styled?: (row: T) => string;
}

/** A borderless table that reads well and pipes well. */
export function table<T>(rows: readonly T[], columns: readonly Column<T>[], colour: boolean): string {
	const none = Object.fromEntries(
		["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"]
			.concat(["left", "left-mid", "mid", "mid-mid", "right", "right-mid"])
			.map((name) => [name, ""]),
	);
	const printed = new CliTable({
		head: columns.map((column) => (colour ? `\u001b[2m${column.title}\u001b[0m` : column.title)),
		chars: { ...none, middle: "  " },
		style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
		colAligns: columns.map((column) => column.align ?? "left"),
	});
	for (const row of rows)
		printed.push(
			columns.map((column) => column.styled?.(row) ?? cut(harmless(String(column.value(row) ?? "-")), column.max)),
		);
	return printed
		.toString()
		.split("\n")
		.map((line) => line.trimEnd())
		.join("\n");
}

function cut(text: string, max: number | undefined): string {
	const line = text.replaceAll("\n", " ");
	return max === undefined || line.length <= max ? line : `${line.slice(0, max - 1)}…`;
}

/** A listing: one JSON document with `--json`, else a table and a line that says how much was left out. */
export function printList<T>(
	ctx: CommandContext,
	page: { items: T[]; total: number },
	options: { json?: boolean | undefined; columns: readonly Column<T>[]; empty: string },
): void {
	if (options.json === true) {
		ctx.print(JSON.stringify({ items: page.items, total: page.total }, null, 2));
		return;
	}
	if (page.items.length === 0) {
		ctx.print(options.empty);
		return;
	}
	ctx.print(table(page.items, options.columns, wantsColour(ctx.stdout, ctx.env)));
	if (page.items.length < page.total)
		ctx.print(`\n${page.items.length} of ${page.total} shown; more with --limit ${Math.min(page.total, 100_000)}.`);
}

/** `3 m`, `2 h`, `5 d`: how long ago, at `now`. */
export function ago(iso: string | null, now: number): string {
	if (iso === null) return "never";
	const seconds = Math.max(0, Math.round((now - Date.parse(iso)) / 1000));
	if (seconds < 60) return `${seconds} s`;
	if (seconds < 3_600) return `${Math.floor(seconds / 60)} m`;
	if (seconds < 172_800) return `${Math.floor(seconds / 3_600)} h`;
	return `${Math.floor(seconds / 86_400)} d`;
}

/** `2:05` or `1:02:05`. */
export function duration(ms: number): string {
	const seconds = Math.round(ms / 1000);
	const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
	const [hours = 0, minutes = 0, rest = 0] = parts;
	const two = (n: number) => String(n).padStart(2, "0");
	return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
