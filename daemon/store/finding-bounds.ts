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

	/** `versions`: of each block of rows, another whenever something in it has changed; never 0. */
	update(keys: readonly BoundKey[], rows: number, versions: Uint32Array): void {
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
			this.#look(keys, block, Math.min(rows, (block + 1) * blockRows));
			this.#looked[block] = version;
		}
	}

	/** Numbers of so many blocks, by their first rows. */
	inOrder(blocks: number): Uint32Array {
		const [firsts, width] = [this.#firsts, this.#width];
		const compare = (a: number, b: number) => {
			for (let at = 0; at < width; at++) {
				const distance = (firsts[a * width + at] ?? 0) - (firsts[b * width + at] ?? 0);
				if (distance !== 0) return distance;
			}
			return 0;
		};
		return Uint32Array.from({ length: blocks }, (_, block) => block).sort(compare);
	}

	/** Those that nothing is in any more among them: they only make the bounds wider. */
	#look(keys: readonly BoundKey[], block: number, to: number): void {
		const from = block * blockRows;
		for (const [at, { descending, fill }] of keys.entries()) {
			const places = this.#places[at] ?? new Float64Array(0);
			fill(from, to, places);
			if (descending) for (let n = 0; n < to - from; n++) places[n] = -(places[n] ?? 0);
		}
		let [first, last] = [0, 0];
		for (let n = 1; n < to - from; n++) {
			if (this.#isBefore(n, first)) first = n;
			else if (this.#isBefore(last, n)) last = n;
		}
		for (const [at, places] of this.#places.entries()) {
			this.#firsts[block * this.#width + at] = places[first] ?? 0;
			this.#lasts[block * this.#width + at] = places[last] ?? 0;
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
