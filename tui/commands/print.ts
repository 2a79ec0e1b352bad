/** Tables, colours and JSON of the command line. Colours only on a terminal that wants them. */
import CliTable from "cli-table3";
import { harmlessJson } from "../../protocol/harmless.ts";
import type { Severity } from "../../protocol/model/severity.ts";
import { truncate } from "../text/fit.ts";
import { count } from "../text/format.ts";
import { widthOf } from "../text/width.ts";
import type { CommandContext } from "./command.ts";

type Stream = Pick<NodeJS.WriteStream, "isTTY">;

/** NO_COLOR (no-color.org) and a stream that is no terminal both mean none. */
export function wantsColour(stream: Stream, env: NodeJS.ProcessEnv): boolean {
	if (env.NO_COLOR !== undefined && env.NO_COLOR !== "") return false;
	return stream.isTTY === true && env.TERM !== "dumb";
}

/** Columns of the terminal behind a stream; null when it is none, or one that does not know. */
export function widthOfTerminal(stream: Stream & { columns?: number | undefined }): number | null {
	return stream.isTTY === true && (stream.columns ?? 0) > 0 ? (stream.columns ?? null) : null;
}

/** A JSON document of several lines that may be looked at in a terminal: the same value, all that steers one escaped. */
export function jsonText(value: unknown): string {
	return harmlessJson(value, 2);
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
	/** Widest the column gets before its text is cut. A column that has one also gives way on a narrow terminal. */
	readonly max?: number;
	/** Already styled and harmless text, e.g. a severity label, as wide as `value`; wins over it. */
	readonly styled?: (row: T) => string;
}

const gap = "  ";
/** A column that gives way keeps at least this many columns. */
const leastWidth = 20;
const unbounded = 1_000;

/** A borderless table that reads well and pipes well. `width`: what it should fit into, where it can. */
export function table<T>(
	rows: readonly T[],
	columns: readonly Column<T>[],
	options: { colour: boolean; width: number | null },
): string {
	const { colour, width } = options;
	const texts = rows.map((row) =>
		columns.map(({ value, max }) => truncate(String(value(row) ?? "-"), max ?? unbounded)),
	);
	const limits = widthsOf(columns, texts, width);
	const none = Object.fromEntries(
		["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"]
			.concat(["left", "left-mid", "mid", "mid-mid", "right", "right-mid"])
			.map((name) => [name, ""]),
	);
	const printed = new CliTable({
		head: columns.map((column) => (colour ? `\u001b[2m${column.title}\u001b[0m` : column.title)),
		chars: { ...none, middle: gap },
		style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
		colAligns: columns.map((column) => column.align ?? "left"),
	});
	rows.forEach((row, at) => {
		printed.push(
			columns.map(
				({ styled }, index) => styled?.(row) ?? truncate(texts[at]?.[index] ?? "", limits[index] ?? unbounded),
			),
		);
	});
	return printed
		.toString()
		.split("\n")
		.map((line) => line.trimEnd())
		.join("\n");
}

/** How wide each column may be: as wide as its texts, the widest that can giving way until all fit. */
function widthsOf<T>(
	columns: readonly Column<T>[],
	texts: readonly (readonly string[])[],
	width: number | null,
): number[] {
	const widths = columns.map(({ title }, index) =>
		texts.reduce((most, row) => Math.max(most, widthOf(row[index] ?? "")), title.length),
	);
	if (width === null) return widths;
	let over = widths.reduce((sum, each) => sum + each, 0) + gap.length * (columns.length - 1) - width;
	while (over > 0) {
		const able = widths.map((each, index) => (columns[index]?.max === undefined ? 0 : each));
		const widest = able.indexOf(Math.max(...able));
		if ((able[widest] ?? 0) <= leastWidth) break;
		widths[widest] = (widths[widest] ?? 0) - 1;
		over--;
	}
	return widths;
}

/** How a table is to be drawn where a command prints. */
export function lookOf({ stdout, env }: Pick<CommandContext, "stdout" | "env">): {
	colour: boolean;
	width: number | null;
} {
	return { colour: wantsColour(stdout, env), width: widthOfTerminal(stdout) };
}

/** A listing: one JSON document with `--json`, else a table and a line that says how much was left out. */
export function printList<T>(
	ctx: CommandContext,
	page: { items: T[]; total: number },
	options: {
		json?: boolean | undefined;
		columns: readonly Column<T>[];
		/** What to say when there is nothing. */
		empty: string;
		/** How to see more than is shown; a number follows. */
		more?: string;
	},
): void {
	if (options.json === true) {
		ctx.print(jsonText({ items: page.items, total: page.total }));
		return;
	}
	if (page.items.length === 0) {
		ctx.print(options.empty);
		return;
	}
	ctx.print(table(page.items, options.columns, lookOf(ctx)));
	if (page.items.length < page.total) {
		const more = `${options.more ?? "more with --limit"} ${Math.min(page.total, 1_000_000)}`;
		ctx.print(`\n${count(page.items.length)} of ${count(page.total)} shown; ${more}`);
	}
}

/** `23 ms`, `3.2 s`, `41 s`, `2:05` or `1:02:05`. */
export function duration(ms: number): string {
	if (ms < 1_000) return `${Math.round(ms)} ms`;
	if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
	const seconds = Math.round(ms / 1000);
	if (seconds < 60) return `${seconds} s`;
	const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
	const [hours = 0, minutes = 0, rest = 0] = parts;
	const two = (n: number) => String(n).padStart(2, "0");
	return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
