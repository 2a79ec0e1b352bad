/**
 * Between what places the rows of each block of columns lie in the order of a list (finding-columns.ts), so that a walk passes over
 * blocks in which nothing can come first. Kept from page to page; blocks that have changed are looked at again.
 */
import type { RowKey } from "./first-of.ts";

/** Rows looked at in one go: what is kept of them stays in the processor's cache. */
export const blockRows = 2_048;

export interface BoundKey extends RowKey {
	/** What it is by. */
	readonly name: string;
	/** What places are looked up in beside the columns: while these are the same, places of rows that have not changed are. */
	readonly tables: readonly Float64Array[];
	/** Places of rows from `from` up to `to`, put down from the beginning on. */
	fill(from: number, to: number, places: Float64Array): void;
}

/** What of columns tells which rows are meant: each has a mark, and marks are meant or not. */
export interface MeantRows {
	readonly rows: number;
	readonly marks: ArrayLike<number>;
	/** By mark: 1 or 0. */
	readonly meant: Uint8Array;
	/** Of each block, another whenever something in it has changed; never 0. */
	readonly versions: Uint32Array;
}

/** Of one list of keys, of which the last is the ids. */
export class OrderBounds {
	readonly #width: number;
	readonly #places: readonly Float64Array[];
	/** As many numbers a block as there are keys, turned round where a key descends: those of its first row, and of its last one. */
	#firsts = new Float64Array(0);
	#lasts = new Float64Array(0);
	/** What `versions` said when each block was looked at. */
	#looked = new Uint32Array(0);
	#tables: readonly Float64Array[] = [];

	constructor(width: number) {
		this.#width = width;
		this.#places = Array.from({ length: width }, () => new Float64Array(blockRows));
	}

	get firsts(): Float64Array {
		return this.#firsts;
	}

	get lasts(): Float64Array {
		return this.#lasts;
	}

	/** The same marks must be meant each time. */
	update(keys: readonly BoundKey[], columns: MeantRows): void {
		const { rows, versions } = columns;
		const blocks = Math.ceil(rows / blockRows);
		const tables = keys.flatMap((key) => key.tables);
		if (blocks > this.#looked.length || !areSame(this.#tables, tables)) {
			this.#looked = new Uint32Array(Math.ceil(blocks * 1.25));
			this.#firsts = new Float64Array(this.#looked.length * this.#width);
			this.#lasts = new Float64Array(this.#looked.length * this.#width);
			this.#tables = tables;
		}
		for (let block = 0; block < blocks; block++) {
			const version = versions[block] ?? 0;
			if (this.#looked[block] === version) continue;
			this.#look(keys, block, columns);
			this.#looked[block] = version;
		}
	}

	/** Numbers of so many blocks, by their first rows. */
	inOrder(blocks: number): Uint32Array {
		const [firsts, width] = [this.#firsts, this.#width];
		const compare = (a: number, b: number) => {
			for (let at = 0; at < width; at++) {
				const [one, other] = [firsts[a * width + at] ?? 0, firsts[b * width + at] ?? 0];
				if (one !== other) return one < other ? -1 : 1;
			}
			return 0;
		};
		return Uint32Array.from({ length: blocks }, (_, block) => block).sort(compare);
	}

	/** What is gone since and left the block as it was only makes the bounds wider. */
	#look(keys: readonly BoundKey[], block: number, { rows, marks, meant }: MeantRows): void {
		const from = block * blockRows;
		const length = Math.min(rows - from, blockRows);
		for (const [at, { descending, fill }] of keys.entries()) {
			const places = this.#places[at] ?? new Float64Array(0);
			fill(from, from + length, places);
			if (descending) for (let n = 0; n < length; n++) places[n] = -(places[n] ?? 0);
		}
		let [first, last] = [-1, -1];
		for (let n = 0; n < length; n++) {
			if (meant[marks[from + n] ?? 0] !== 1) continue;
			if (first < 0) [first, last] = [n, n];
			else if (this.#isBefore(n, first)) first = n;
			else if (this.#isBefore(last, n)) last = n;
		}
		// Where there is none, it is beyond both ends of the order.
		for (const [at, places] of this.#places.entries()) {
			this.#firsts[block * this.#width + at] = first < 0 ? Number.POSITIVE_INFINITY : (places[first] ?? 0);
			this.#lasts[block * this.#width + at] = last < 0 ? Number.NEGATIVE_INFINITY : (places[last] ?? 0);
		}
	}

	#isBefore(one: number, other: number): boolean {
		for (const places of this.#places) {
			const distance = (places[one] ?? 0) - (places[other] ?? 0);
			if (distance !== 0) return distance < 0;
		}
		return false;
	}
}

function areSame(tables: readonly Float64Array[], others: readonly Float64Array[]): boolean {
	return tables.length === others.length && tables.every((table, at) => isSame(table, others[at]));
}

function isSame(table: Float64Array, other: Float64Array | undefined): boolean {
	if (table === other) return true;
	if (table.length !== other?.length) return false;
	for (let at = 0; at < table.length; at++) if (table[at] !== other[at]) return false;
	return true;
}
