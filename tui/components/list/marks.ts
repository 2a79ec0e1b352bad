/**
 * Rows of a list that are marked, so that an action is done to all of them at once: one by one, a range from where it was
 * begun to the cursor, or all that match, which means the filter and not the rows that happen to be here.
 */
import { type Handler, handle } from "../../screens/view.ts";
import { count } from "../../text/format.ts";
import type { Piece } from "../../theme/line.ts";

/** What an action is about. */
export type Selection<Row> =
	| { readonly kind: "rows"; readonly ids: readonly number[]; readonly rows: readonly Row[] }
	| {
			readonly kind: "matching";
			/** In the query language, with what was taken out again; empty: the list as it is by itself. */
			readonly filter: string;
			/** As far as it has been counted. */
			readonly total: number;
	  };

export interface Marks<Row> {
	/** Is this row, the n-th of the list, one of them? */
	has(row: Row, index: number): boolean;
	/** Those marked; else the one under the cursor, if there is one. */
	selection(): Selection<Row>;
	/** Rows that are here of those an action is about: to say beforehand what cannot be done. */
	rows(): readonly Row[];
	/** So many were marked; 0: none was. */
	count(): number;
	clear(): void;
	/** Rows have come: those of a range that is being marked are remembered, as they do not stay here. */
	see(): void;
	/** Escape: ends the range, else takes the marks off. False when there are none. */
	back(): boolean;
	/** For the breadcrumb. */
	figures(): Piece[];
	readonly handlers: Readonly<Record<string, Handler | undefined>>;
}

export interface MarkedList<Row> {
	current(): Row | undefined;
	/** Row under the cursor, counted from 0. */
	cursor(): number;
	/** Rows that are here, each with its place in the list. */
	known(): Iterable<readonly [index: number, row: Row]>;
	/** In force, and how many rows it has. */
	asked(): { readonly filter: string; readonly total: number };
	/** Rows that need not be here, from the n-th on. */
	read(first: number, count: number): Promise<readonly Row[]>;
	/** Moves the cursor on, so that one marks by leaning on the key. */
	next(): void;
	changed(): void;
	say(text: string): void;
	fail(err: unknown): void;
}

/** A range is remembered and read this far. Rows. */
const mostSeen = 10_000;
/** More exceptions than these do not fit a filter. */
const mostLeftOut = 200;

export function createMarks<Row extends { readonly id: number }>(list: MarkedList<Row>): Marks<Row> {
	const marked = new Map<number, Row>();
	/** Of the filter that is meant: what was taken out again. */
	let matching: { readonly filter: string; readonly leftOut: Set<number> } | undefined;
	let anchor: number | undefined;
	/** Rows of the range by their place, seen since it was begun. */
	let seen = new Map<number, Row>();
	/** What is read of an older range is not waited for any more. */
	let reading = 0;
	const disabled = () => (list.current() ? undefined : "There is no row to mark.");

	/** A filter that is not in force any more means rows that nobody sees. */
	function meant(): typeof matching {
		if (matching !== undefined && matching.filter !== list.asked().filter) matching = undefined;
		return matching;
	}

	function range(): [number, number] | undefined {
		return anchor === undefined ? undefined : [Math.min(anchor, list.cursor()), Math.max(anchor, list.cursor())];
	}

	function inRange(index: number): boolean {
		const [first, last] = range() ?? [1, 0];
		return index >= first && index <= last;
	}

	function see(): void {
		if (anchor === undefined || seen.size >= mostSeen) return;
		for (const [index, row] of list.known()) seen.set(index, row);
	}

	/** Rows of the range become marks, at once those that are known; those that were jumped over are read. */
	function endRange(): void {
		const [first, last] = range() ?? [1, 0];
		if (first > last) return;
		see();
		const taken = [...seen].filter(([index]) => inRange(index));
		for (const [, row] of taken) marked.set(row.id, row);
		const missing = last - first + 1 - taken.length;
		anchor = undefined;
		seen = new Map();
		if (missing > 0) readRange(first, last - first + 1);
	}

	function readRange(first: number, length: number): void {
		const most = Math.min(length, mostSeen);
		const mine = ++reading;
		list.say(`Reading the ${count(most)} rows of the range …`);
		list.read(first, most).then((rows) => {
			if (mine !== reading) return;
			for (const row of rows) marked.set(row.id, row);
			const more = length > most ? `: a range has ${count(mostSeen)} at most; mark all that match for more` : "";
			list.say(`${count(marked.size)} rows are marked${more}.`);
			list.changed();
		}, list.fail);
	}

	function clear(): void {
		marked.clear();
		matching = undefined;
		anchor = undefined;
		reading++;
		list.changed();
	}

	function amount(): number {
		const filter = meant();
		if (filter !== undefined) return Math.max(0, list.asked().total - filter.leftOut.size);
		const [first, last] = range() ?? [1, 0];
		if (first > last) return marked.size;
		const within = [...list.known()].filter(([index, row]) => inRange(index) && marked.has(row.id)).length;
		return marked.size + (last - first + 1) - within;
	}

	function selection(): Selection<Row> {
		const filter = meant();
		if (filter !== undefined) {
			return { kind: "matching", filter: without(filter.filter, filter.leftOut), total: amount() };
		}
		const taken = rows();
		return { kind: "rows", ids: taken.map(({ id }) => id), rows: taken };
	}

	/** Those marked and those of the range, as far as they are known; else the one under the cursor. */
	function rows(): readonly Row[] {
		const filter = meant();
		const row = list.current();
		if (filter === undefined && anchor === undefined && marked.size === 0) return row === undefined ? [] : [row];
		const here = [...new Map([...seen, ...list.known()])];
		if (filter !== undefined) return here.map(([, row]) => row).filter(({ id }) => !filter.leftOut.has(id));
		const ranged = here.filter(([index]) => inRange(index)).map(([, row]) => row);
		const all = [...new Map([...marked.values(), ...ranged].map((row) => [row.id, row])).values()];
		return all.length > 0 ? all : row === undefined ? [] : [row];
	}

	function toggle(): void {
		const row = list.current();
		const filter = meant();
		if (row && filter !== undefined) {
			if (!filter.leftOut.delete(row.id)) {
				if (filter.leftOut.size < mostLeftOut) filter.leftOut.add(row.id);
				else list.say(`More than ${mostLeftOut} cannot be left out; narrow the filter instead.`);
			}
		} else if (anchor !== undefined) endRange();
		else if (row && !marked.delete(row.id)) marked.set(row.id, row);
		list.next();
		list.changed();
	}

	/** Marks among the rows that are here; with none of them, all. */
	function invert(): void {
		const all = [...list.known()].map(([, row]) => row);
		if (meant() !== undefined) {
			clear();
			return;
		}
		endRange();
		for (const row of all) if (!marked.delete(row.id)) marked.set(row.id, row);
		list.changed();
	}

	return {
		has: (row, index) => {
			if (marked.size === 0 && anchor === undefined && matching === undefined) return false;
			const filter = meant();
			if (filter !== undefined) return !filter.leftOut.has(row.id);
			return marked.has(row.id) || inRange(index);
		},
		selection,
		rows,
		count: amount,
		clear,
		see,
		back() {
			if (anchor === undefined && marked.size === 0 && meant() === undefined) return false;
			if (anchor === undefined) clear();
			anchor = undefined;
			list.changed();
			return true;
		},
		figures() {
			const marks = amount();
			if (marks === 0) return [];
			const filter = meant();
			const words = `● ${filter !== undefined ? "all " : ""}${count(marks)} ${anchor === undefined ? (filter ? "that match" : "marked") : "in the range"}`;
			return [
				[words, "accent"],
				[" · ", "faint"],
			];
		},
		handlers: handle<"marks">({
			mark: { run: toggle, disabled },
			"mark-all": { run: invert, disabled },
			range: {
				run() {
					if (anchor !== undefined) endRange();
					else {
						anchor = list.cursor();
						see();
					}
					list.changed();
				},
				disabled: () => disabled() ?? (meant() === undefined ? undefined : "All that match are marked already."),
			},
			"all-matching": {
				run() {
					const isOn = meant() !== undefined;
					clear();
					if (!isOn) matching = { filter: list.asked().filter, leftOut: new Set() };
					list.changed();
				},
				disabled,
			},
		}),
	};
}

function without(filter: string, leftOut: ReadonlySet<number>): string {
	if (leftOut.size === 0) return filter;
	const except = `not id:[${[...leftOut].join(", ")}]`;
	return filter.trim() === "" ? except : `(${filter}) and ${except}`;
}
