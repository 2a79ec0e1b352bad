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
	/** Where that gave null: why what is there could not be read. Null, or no such question: there is none. */
	unread?(output: CollectedOutput): Gap | null;
}

/** Why something was not told. */
export interface Gap {
	/** For the doctor, after a colon. It may hold the host's own words. */
	readonly why: string;
	/** Root's rights would have told it. */
	readonly root?: true;
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
	/** Why it is not complete, where that can be said. */
	readonly gap?: Gap | undefined;
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

/**
 * sh: `within SECONDS COMMAND` ends what takes longer, where there is a `timeout`; BusyBox before 1.30 writes its seconds
 * with an option, and takes them for the command without it.
 */
export const withinFunction = `within() { d=$1; shift; if timeout 5 true; then timeout $d "$@"; elif timeout -t 5 true; then timeout -t $d "$@"; else "$@"; fi; }`;

/** The last line is `ended N`, with N not what `timeout` gives when it had to end the command (BusyBox: its signal), nor a shell's word that there is none. */
export function endedInTime(lines: readonly string[]): boolean {
	const [, code] = /^ended (\d{1,3})$/.exec(lines.at(-1) ?? "") ?? [];
	return code !== undefined && !["124", "126", "127", "143"].includes(code);
}

/** sh: of the files named, those that hold something the login may not read. */
export const unreadableFunction = `unreadable() { for f in "$@"; do [ -f "$f" ] && [ -s "$f" ] && [ ! -r "$f" ] && echo "$f"; [ -d "$f" ] && [ ! -r "$f" ] && echo "$f/"; done; }`;

/**
 * Of the files and folders (they end in a slash) that the login may not read, those that no command read as root either.
 * Null: all was read.
 */
export function unreadOf(listed: string | undefined, read: ReadonlyMap<string, unknown>): Gap | null {
	const unread = linesOf(listed).filter((path) =>
		path.endsWith("/") ? ![...read.keys()].some((one) => one.startsWith(path)) : !read.has(path),
	);
	if (unread.length === 0) return null;
	return {
		why: `only root may read ${unread.slice(0, 3).join(", ")}${unread.length > 3 ? " and more" : ""}`,
		root: true,
	};
}
