/**
 * Goes through columns of findings (finding-columns.ts): which rows fit, block by block, and of these the first ones in the order
 * of a list.
 */
import { testOf, type ValueTest } from "../query/condition-test.ts";
import { blockRows } from "./finding-bounds.ts";
import { type Column, type ColumnName, halfTable, markOf, onPort, portOf, protocolOf } from "./finding-cells.ts";
import type { FindingColumns } from "./finding-columns.ts";
import { type FindingOrder, orderById } from "./finding-orders.ts";
import type { ColumnTerm, MarkName, Range } from "./finding-terms.ts";
import { FirstOf } from "./first-of.ts";

/** Findings a filter means. */
export interface Scanned {
	/** Ids in the order of the list, as many as were asked for. */
	readonly ids: readonly number[];
	/** How many fit in all, those before the page too; null: they were not counted. */
	readonly total: number | null;
}

/** Marks those that fit among rows from `from` up to `to`: 1 in `fits`, from its beginning on; else 0. */
type Fill = (from: number, to: number, fits: Uint8Array) => void;

/** Rows of other tables that a term means (finding-sets.ts), asked for by their numbers. */
export type Sets = ReadonlyMap<ColumnTerm, Uint8Array>;

/** The columns that a term is told from. */
export function columnsOf(term: ColumnTerm): ColumnName[] {
	switch (term.kind) {
		case "and":
		case "or":
			return term.terms.flatMap(columnsOf);
		case "not":
			return columnsOf(term.term);
		case "mark":
			return ["marks"];
		case "place":
			return ["place"];
		case "number":
			return [term.column];
		case "row":
			return [term.table];
	}
}

export interface Scan {
	/** What `finding.open` may be. */
	readonly opens: readonly number[];
	readonly term: ColumnTerm;
	readonly sets: Sets;
	/** Of the keys of the list, the first one first; then ids, as the last of them. */
	readonly keys: readonly (FindingOrder & { readonly descending: boolean })[];
	/** Only what comes after it in the order of the list: a place for each key, and an id. */
	readonly after: readonly number[] | null;
	readonly limit: number;
	/** False: nobody asks how many fit. */
	readonly counted: boolean;
}

/** The columns must have been read with all that the term and the order need. */
export function scanColumns(
	columns: FindingColumns,
	{ opens, term, sets, keys, after, limit, counted }: Scan,
): Scanned {
	const { rows } = columns;
	const marks = columns.column("marks");
	// What marks tell is looked up at once, for the rows that the rest leaves.
	const [byMarks, rest] = partedTerms(term);
	const tests = byMarks.map(({ mark, condition }) => ({ mark, test: testOf(condition) }));
	const wanted = halfTable(
		(mark) =>
			mark > 0 &&
			opens.includes(Number(markOf.open(mark))) &&
			tests.every(({ mark: name, test }) => markFits(name, test, mark)),
	);
	const fill = rest.length === 0 ? null : fillOf(columns, { kind: "and", terms: rest }, sets);
	const all = [...keys, { ...orderById(columns), descending: keys.at(-1)?.descending === true }];
	const [order] = keys;
	const found = new FirstOf(limit, all, after);
	const blocks = Math.ceil(rows / blockRows);
	const bounds = order && columns.bounds(all, opens);
	const inOrder = bounds?.inOrder(blocks);
	const fits = new Uint8Array(blockRows);
	const words = new Uint32Array(fits.buffer);
	const places = new Float64Array(blockRows);
	let total = 0;
	for (let n = 0; n < blocks; n++) {
		const block = inOrder?.[n] ?? n;
		const isLate = bounds === undefined || !found.mayTakeFrom(bounds.firsts, block * all.length);
		// None of those that follow begins before it.
		if (isLate && !counted) break;
		const isPassed = !isLate && !found.isBeyond(bounds.lasts, block * all.length);
		if (isPassed && !counted) continue;
		const from = block * blockRows;
		const to = Math.min(rows, from + blockRows);
		fits.fill(0);
		fill?.(from, to, fits);
		const many =
			fill === null ? fillByMarks(marks, wanted, from, to, fits) : keepByMarks(marks, wanted, from, fits, words);
		total += many;
		if (many === 0 || isLate || isPassed || order === undefined) continue;
		// Where nearly all fit their places are put down at once.
		const isDense = many > (to - from) / 4;
		if (isDense) order.fill(from, to, places);
		for (let w = 0; w < words.length; w++) {
			const word: number = order.descending ? words.length - 1 - w : w;
			// Four at a time: most fit nothing.
			if (words[word] === 0) continue;
			for (let i = 0; i < 4; i++) {
				const at = word * 4 + (order.descending ? 3 - i : i);
				if (fits[at] === 0) continue;
				const place = isDense ? (places[at] ?? 0) : order.at(from + at);
				if (found.mayTake(place)) found.add(from + at, place);
			}
		}
	}
	return { ids: found.ids(), total: counted ? total : null };
}

/** Of what must hold together: what marks tell, and the rest. */
function partedTerms(term: ColumnTerm): [(ColumnTerm & { kind: "mark" })[], ColumnTerm[]] {
	if (term.kind === "mark") return [[term], []];
	if (term.kind !== "and") return [[], [term]];
	const parts = term.terms.map(partedTerms);
	return [parts.flatMap(([marks]) => marks), parts.flatMap(([, rest]) => rest)];
}

/** Those whose mark is wanted; returns how many there are. */
function fillByMarks(marks: Column, wanted: Uint8Array, from: number, to: number, fits: Uint8Array): number {
	let many = 0;
	for (let row = from; row < to; row++) {
		const fit = wanted[marks[row] ?? 0] ?? 0;
		fits[row - from] = fit;
		many += fit;
	}
	return many;
}

/** The same of those that fit so far. */
function keepByMarks(marks: Column, wanted: Uint8Array, from: number, fits: Uint8Array, words: Uint32Array): number {
	let many = 0;
	for (let word = 0; word < words.length; word++) {
		if (words[word] === 0) continue;
		for (let at = word * 4; at < word * 4 + 4; at++) {
			if (fits[at] === 0) continue;
			const fit = wanted[marks[from + at] ?? 0] ?? 0;
			fits[at] = fit;
			many += fit;
		}
	}
	return many;
}

function fillOf(columns: FindingColumns, term: ColumnTerm, sets: Sets): Fill {
	switch (term.kind) {
		case "and": {
			const [one, ...others] = term.terms.map((each) => fillOf(columns, each, sets));
			return one === undefined ? every : others.reduce(both, one);
		}
		case "or": {
			const [one, ...others] = term.terms.map((each) => fillOf(columns, each, sets));
			return one === undefined ? none : others.reduce(either, one);
		}
		case "not":
			return inverted(fillOf(columns, term.term, sets));
		case "mark": {
			const test = testOf(term.condition);
			return fromTable(
				columns.column("marks"),
				0,
				halfTable((mark) => markFits(term.mark, test, mark)),
			);
		}
		case "place": {
			const test = testOf(term.condition);
			if (term.place === "port")
				return fromTable(
					columns.column("place"),
					0,
					halfTable((port) => test(port || null)),
				);
			const table = halfTable((half) => test(((half << 16) & onPort) === 0 ? null : protocolOf(half << 16)));
			return fromTable(columns.column("place"), 16, table);
		}
		case "number":
			return fromRanges(columns.column(term.column), term.ranges, term.orNull);
		case "row":
			return fromSet(columns.column(term.table), sets.get(term) ?? new Uint8Array(0));
	}
}

const every: Fill = (from, to, fits) => void fits.fill(1, 0, to - from);
const none: Fill = (from, to, fits) => void fits.fill(0, 0, to - from);

/** That there is an instance says nothing of which: it may fit. */
function markFits(name: MarkName, test: ValueTest, mark: number): boolean {
	const value = markOf[name](mark);
	return name === "instance" && value === null ? true : test(value);
}

/** By the 16 bits of each that begin at `shift`. */
function fromTable(column: Column, shift: number, table: Uint8Array): Fill {
	return (from, to, fits) => {
		for (let row = from; row < to; row++) fits[row - from] = table[portOf((column[row] ?? 0) >>> shift)] ?? 0;
	};
}

function fromSet(column: Column, set: Uint8Array): Fill {
	return (from, to, fits) => {
		for (let row = from; row < to; row++) {
			const id = column[row] ?? 0;
			fits[row - from] = id < set.length ? (set[id] ?? 0) : 0;
		}
	};
}

function fromRanges(column: Column, ranges: readonly Range[], orNull: boolean): Fill {
	return (from, to, fits) => {
		const [[first, last] = never, ...others] = ranges;
		for (let row = from; row < to; row++) {
			const value = column[row] ?? 0;
			fits[row - from] = value >= first && value <= last ? 1 : 0;
		}
		for (const [least, most] of others) {
			for (let row = from; row < to; row++) {
				const value = column[row] ?? 0;
				if (value >= least && value <= most) fits[row - from] = 1;
			}
		}
		if (!orNull) return;
		for (let row = from; row < to; row++) if (Number.isNaN(column[row] ?? 0)) fits[row - from] = 1;
	};
}

const never: Range = [1, 0];

function both(one: Fill, other: Fill): Fill {
	const spare = new Uint8Array(blockRows);
	return (from, to, fits) => {
		one(from, to, fits);
		other(from, to, spare);
		for (let at = 0; at < to - from; at++) fits[at] = (fits[at] ?? 0) & (spare[at] ?? 0);
	};
}

function either(one: Fill, other: Fill): Fill {
	const spare = new Uint8Array(blockRows);
	return (from, to, fits) => {
		one(from, to, fits);
		other(from, to, spare);
		for (let at = 0; at < to - from; at++) fits[at] = (fits[at] ?? 0) | (spare[at] ?? 0);
	};
}

function inverted(one: Fill): Fill {
	return (from, to, fits) => {
		one(from, to, fits);
		for (let at = 0; at < to - from; at++) fits[at] = (fits[at] ?? 0) ^ 1;
	};
}
