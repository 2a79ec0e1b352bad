/** The first few of many rows in the order of a list, which may have several keys, found in one walk over all. Pure. */

/** What rows are ordered by: a number each. The last key of a list is its ids, all different. */
export interface RowKey {
	readonly descending: boolean;
	at(row: number): number;
}

/** A heap with the last of those kept on top: what comes later than it is passed over at once. */
export class FirstOf {
	readonly #limit: number;
	readonly #keys: readonly RowKey[];
	/** 1, or -1 for a key that descends: turned round, the lower always comes first. */
	readonly #signs: Float64Array<ArrayBuffer>;
	readonly #after: Float64Array<ArrayBuffer> | null;
	/** As many numbers a row as there are keys. */
	readonly #kept: Float64Array<ArrayBuffer>;
	readonly #candidate: Float64Array<ArrayBuffer>;
	/** The last of those kept, once there are enough. */
	readonly #last: Float64Array<ArrayBuffer>;
	#length = 0;

	/** `after`: only what comes after it is kept; a number for each key. */
	constructor(limit: number, keys: readonly RowKey[], after: readonly number[] | null) {
		this.#limit = limit;
		this.#keys = keys;
		this.#signs = Float64Array.from(keys, ({ descending }) => (descending ? -1 : 1));
		this.#after = after && this.#signs.map((sign, at) => sign * (after[at] ?? 0));
		this.#kept = new Float64Array(limit * keys.length);
		this.#candidate = new Float64Array(keys.length);
		this.#last = new Float64Array(keys.length).fill(limit > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY);
	}

	/** False: whatever its other keys, a row whose first one is that comes too late. */
	mayTake(first: number): boolean {
		return first * (this.#signs[0] ?? 1) <= (this.#last[0] ?? 0);
	}

	/** False: rows of which none comes before that one all come too late. `places`, from `at` on: its keys, turned round where they descend. */
	mayTakeFrom(places: Float64Array, at: number): boolean {
		return isBefore(places, at, this.#last, 0, this.#last.length);
	}

	/** False: rows of which none comes after that one were all before `after`. */
	isBeyond(places: Float64Array, at: number): boolean {
		return this.#after === null || isBefore(this.#after, 0, places, at, this.#after.length);
	}

	/** `first`: the first key of the row. */
	add(row: number, first: number): void {
		const candidate = this.#candidate;
		let before = false;
		for (let at = 0; at < candidate.length; at++) {
			const value = (at === 0 ? first : (this.#keys[at]?.at(row) ?? 0)) * (this.#signs[at] ?? 1);
			const last = this.#last[at] ?? 0;
			if (!before && value > last) return;
			before ||= value < last;
			candidate[at] = value;
		}
		if (!before || (this.#after !== null && !isBefore(this.#after, 0, candidate, 0, candidate.length))) return;
		if (this.#length < this.#limit) this.#rise(this.#length++);
		else this.#sink();
		if (this.#length === this.#limit) this.#last.set(this.#kept.subarray(0, candidate.length));
	}

	/** The last key of each, in order. */
	ids(): number[] {
		const width = this.#signs.length;
		const places = Array.from({ length: this.#length }, (_, at) => at * width);
		places.sort((a, b) => (isBefore(this.#kept, a, this.#kept, b, width) ? -1 : 1));
		return places.map((at) => (this.#kept[at + width - 1] ?? 0) * (this.#signs[width - 1] ?? 1));
	}

	#rise(length: number): void {
		const [kept, candidate] = [this.#kept, this.#candidate];
		const width = candidate.length;
		let at = length;
		while (at > 0) {
			const above = (at - 1) >> 1;
			if (!isBefore(kept, above * width, candidate, 0, width)) break;
			kept.copyWithin(at * width, above * width, (above + 1) * width);
			at = above;
		}
		kept.set(candidate, at * width);
	}

	/** In place of the last one. */
	#sink(): void {
		const [kept, candidate] = [this.#kept, this.#candidate];
		const width = candidate.length;
		let at = 0;
		for (;;) {
			let below = at * 2 + 1;
			if (below >= this.#length) break;
			if (below + 1 < this.#length && isBefore(kept, below * width, kept, (below + 1) * width, width)) below += 1;
			if (!isBefore(candidate, 0, kept, below * width, width)) break;
			kept.copyWithin(at * width, below * width, (below + 1) * width);
			at = below;
		}
		kept.set(candidate, at * width);
	}
}

/** Of numbers from one place in each on. */
function isBefore(one: Float64Array, from: number, other: Float64Array, otherFrom: number, width: number): boolean {
	for (let at = 0; at < width; at++) {
		const distance = (one[from + at] ?? 0) - (other[otherFrom + at] ?? 0);
		if (distance !== 0) return distance < 0;
	}
	return false;
}
