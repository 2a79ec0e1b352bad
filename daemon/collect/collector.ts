/** What a collector is: the commands that gather one kind of evidence over a login, and the parser of what they print. */
import type { DataOf, Kind } from "../evidence/record.ts";

export interface Collector<K extends Kind = Kind> {
	readonly kind: K;
	/**
	 * POSIX sh, run with LC_ALL=C; what goes to standard error is lost. `$S` stands before a command that needs root: it is
	 * empty, or `sudo -n` and the like. Each command's output may be marked with `part NAME`, see `partsOf`.
	 */
	readonly script: string;
	/** Commands run behind `$S`, for the sudoers file: absolute path and arguments. */
	readonly privileged: readonly string[];
	/** Bytes of output that are read at most. */
	readonly mostBytes: number;
	/** For all its commands together; more than the usual where much is to be looked through. */
	readonly mostSeconds?: number;
	/** Pure; never throws. Null when there is nothing of this kind on the host. */
	parse(output: CollectedOutput): Collected<K> | null;
}

export interface CollectedOutput {
	readonly text: string;
	/** It was longer than `mostBytes` or `mostSeconds`, or the connection ended within it. */
	readonly cut: boolean;
}

export interface Collected<K extends Kind> {
	readonly data: DataOf<K>;
	/** False when something could not be told: it opens findings and closes none. */
	readonly complete: boolean;
}

export function defineCollector<K extends Kind>(collector: Collector<K>): Collector<K> {
	return collector;
}

/** A line that begins a part; no command prints it by chance. */
const partMark = "@@vedette ";

/** sh: the function `part`, which every script may use. */
export const partFunction = `part() { printf '\\n${partMark}%s\\n' "$1"; }`;

/** What was printed after each `part NAME`, without the newline that the mark put before itself. */
export function partsOf(text: string): Map<string, string> {
	const parts = new Map<string, string>();
	const [, ...pieces] = `\n${text}`.split(`\n${partMark}`);
	for (const piece of pieces) {
		const end = piece.indexOf("\n");
		if (end >= 0) parts.set(piece.slice(0, end), piece.slice(end + 1));
	}
	return parts;
}

/** Lines without their ends, empty ones left out. */
export function linesOf(text: string | undefined): string[] {
	return (text ?? "").split(/\r?\n/).filter((line) => line !== "");
}

/** A single line's text; null when there is none or it is not one line. */
export function lineOf(text: string | undefined): string | null {
	const lines = linesOf(text);
	return lines.length === 1 ? (lines[0] ?? "").trim() || null : null;
}

/** sh: stands before a command that may take long; what it began is ended after a minute where there is `timeout`. */
export const bounded = "$(command -v timeout >/dev/null && echo timeout 60)";

/** The last line is `ended N`, with N not what `timeout` gives when it had to end the command (BusyBox: its signal). */
export function endedInTime(lines: readonly string[]): boolean {
	const [, code] = /^ended (\d{1,3})$/.exec(lines.at(-1) ?? "") ?? [];
	return code !== undefined && code !== "124" && code !== "143";
}
