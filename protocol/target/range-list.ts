/**
 * IPv4 ranges in one typed array, eight bytes each: ten million scattered addresses are 80 MB and not a gigabyte. Gathered
 * in any order, with repeats, and merged as room is needed.
 */

/** Ascending, neither overlapping nor adjacent: first, last, first, last, … */
export type MergedRanges = Uint32Array;

/** The high half of a 64-bit word is what it is sorted by first. */
const littleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
const firstAt = littleEndian ? 1 : 0;
const lastAt = 1 - firstAt;

/** Ranges as they come. Bounded: `add` returns false when, merged, more than `most` are left, and takes nothing. */
export class RangeList {
	/** Addresses added, repeats counted each time. */
	added = 0;
	#pairs = new Uint32Array(2 * 16);
	#count = 0;
	readonly #most: number;

	constructor(most = Number.POSITIVE_INFINITY) {
		this.#most = most;
	}

	/** Both ends inclusive, as 32-bit numbers, `first` not above `last`. */
	add(first: number, last: number): boolean {
		if (this.#count * 2 === this.#pairs.length && !this.#makeRoom()) return false;
		this.#pairs[this.#count * 2 + firstAt] = first;
		this.#pairs[this.#count * 2 + lastAt] = last;
		this.#count++;
		this.added += last - first + 1;
		return true;
	}

	/** Everything added so far. */
	merged(): MergedRanges {
		this.#merge();
		const ranges = new Uint32Array(this.#count * 2);
		for (let i = 0; i < this.#count; i++) {
			ranges[i * 2] = this.#pairs[i * 2 + firstAt] ?? 0;
			ranges[i * 2 + 1] = this.#pairs[i * 2 + lastAt] ?? 0;
		}
		return ranges;
	}

	/** Merging comes first; only what it does not shrink gets a larger array, so that repeats cost no memory. */
	#makeRoom(): boolean {
		this.#merge();
		if (this.#count >= this.#most) return false;
		if (this.#count * 2 < this.#pairs.length * 0.75) return true;
		const larger = new Uint32Array(this.#pairs.length * 2);
		larger.set(this.#pairs);
		this.#pairs = larger;
		return true;
	}

	#merge(): void {
		const pairs = this.#pairs;
		new BigUint64Array(pairs.buffer, 0, this.#count).sort();
		let kept = 0;
		for (let i = 0; i < this.#count; i++) {
			const first = pairs[i * 2 + firstAt] ?? 0;
			const last = pairs[i * 2 + lastAt] ?? 0;
			const before = kept === 0 ? -2 : (pairs[(kept - 1) * 2 + lastAt] ?? 0);
			if (kept > 0 && first <= before + 1) {
				if (last > before) pairs[(kept - 1) * 2 + lastAt] = last;
				continue;
			}
			pairs[kept * 2 + firstAt] = first;
			pairs[kept * 2 + lastAt] = last;
			kept++;
		}
		this.#count = kept;
	}
}

/** What is in `left` and in none of `right`. */
export function subtractRanges(left: MergedRanges, right: MergedRanges): MergedRanges {
	if (left.length === 0 || right.length === 0 || isApart(left, right)) return left;
	// Each hole splits one range in two at most.
	const out = new Uint32Array(left.length + right.length);
	let length = 0;
	const keep = (first: number, last: number) => {
		out[length++] = first;
		out[length++] = last;
	};
	let hole = 0;
	for (let i = 0; i < left.length; i += 2) {
		let first = left[i] ?? 0;
		const last = left[i + 1] ?? 0;
		while (hole < right.length && (right[hole + 1] ?? 0) < first) hole += 2;
		let past = false;
		for (let h = hole; h < right.length && (right[h] ?? 0) <= last; h += 2) {
			const from = right[h] ?? 0;
			const to = right[h + 1] ?? 0;
			if (from > first) keep(first, from - 1);
			if (to >= last) {
				past = true;
				break;
			}
			if (to >= first) first = to + 1;
		}
		if (!past) keep(first, last);
	}
	return out.slice(0, length);
}

/** A few holes, none of which touches anything: then a list of millions need not be copied. */
function isApart(left: MergedRanges, right: MergedRanges): boolean {
	if (right.length > left.length / 16) return false;
	for (let i = 0; i < right.length; i += 2) {
		const [first = 0, last = 0] = [right[i], right[i + 1]];
		const at = findRange(left, last);
		if (at >= 0 && (left[at * 2 + 1] ?? 0) >= first) return false;
	}
	return true;
}

/** Index of the pair that begins at or before `value`; -1 when none does. */
export function findRange(ranges: MergedRanges, value: number): number {
	let low = 0;
	let high = ranges.length / 2;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if ((ranges[middle * 2] ?? 0) <= value) low = middle + 1;
		else high = middle;
	}
	return low - 1;
}
