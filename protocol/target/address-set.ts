/**
 * A set of addresses as sorted, merged ranges: a /8 is one range, never sixteen million strings, and a list of millions of
 * scattered addresses eight bytes each. Immutable. IPv4 sorts before IPv6.
 */
import { type Address, formatAddress, parseAddress } from "./address.ts";
import { findRange, type MergedRanges, RangeList, subtractRanges } from "./range-list.ts";

/** Inclusive at both ends; both ends of one family. */
export interface AddressRange {
	readonly family: 4 | 6;
	readonly first: bigint;
	readonly last: bigint;
}

/** A range as text, for crossing a thread or a file: first and last address, inclusive. */
export type TextRange = readonly [first: string, last: string];

interface Range6 {
	readonly first: bigint;
	readonly last: bigint;
}

/** A set as plain data, for crossing a thread: IPv4 and IPv6 ranges, each ascending and merged. */
export interface AddressParts {
	readonly v4: MergedRanges;
	readonly v6: readonly Range6[];
}

export class AddressSet {
	static readonly empty = new AddressSet([]);
	/** How many separate ranges it takes. */
	readonly count: number;
	/** Not copied: whoever takes them leaves them as they are. */
	readonly parts: AddressParts;
	/** How many addresses lie before each range, IPv4 first; made when a place is first asked for. */
	#starts: Float64Array | null = null;
	#size: number | null = null;

	constructor(ranges: Iterable<AddressRange> | AddressParts) {
		this.parts = "v4" in ranges ? ranges : gather(ranges);
		const { v4, v6 } = this.parts;
		this.count = v4.length / 2 + v6.length;
	}

	/**
	 * How many addresses; exact up to 2^53, which every scannable set is far below. Counted when first asked for: of a set
	 * of millions of ranges whoever only looks addresses up does without.
	 */
	get size(): number {
		this.#size ??= sizeOf(this.parts);
		return this.#size;
	}

	/** Reads what `toText` wrote, or takes parts. Pairs that are not two ordered addresses of one family are left out. */
	static fromText(pairs: Iterable<TextRange> | AddressParts): AddressSet {
		if ("v4" in pairs) return new AddressSet(pairs);
		const ranges: AddressRange[] = [];
		for (const [firstText, lastText] of pairs) {
			const first = parseAddress(firstText);
			const last = parseAddress(lastText);
			if (first === null || last === null || first.family !== last.family || first.value > last.value) continue;
			ranges.push({ family: first.family, first: first.value, last: last.value });
		}
		return new AddressSet(ranges);
	}

	/** Made when asked for: of a set of millions of ranges, ask for `blocks` instead. */
	get ranges(): readonly AddressRange[] {
		return [...this.blocks()];
	}

	/** Every range, ascending. */
	*blocks(): Generator<AddressRange> {
		const { v4, v6 } = this.parts;
		for (let i = 0; i < v4.length; i += 2) yield { family: 4, first: BigInt(v4[i] ?? 0), last: BigInt(v4[i + 1] ?? 0) };
		for (const { first, last } of v6) yield { family: 6, first, last };
	}

	toText(): [string, string][] {
		return Array.from(this.blocks(), ({ family, first, last }) => [
			formatAddress({ family, value: first }),
			formatAddress({ family, value: last }),
		]);
	}

	has(address: string | Address): boolean {
		const wanted = typeof address === "string" ? parseAddress(address) : address;
		if (wanted === null) return false;
		const { v4, v6 } = this.parts;
		if (wanted.family === 4) {
			const value = Number(wanted.value);
			const at = findRange(v4, value);
			return at >= 0 && value <= (v4[at * 2 + 1] ?? -1);
		}
		const range = v6[findLast(v6, ({ first }) => first <= wanted.value)];
		return range !== undefined && wanted.value <= range.last;
	}

	/** The address at a position in ascending order; undefined outside 0 … size-1. */
	at(index: number): string | undefined {
		if (!(index >= 0 && index < this.size)) return undefined;
		const { v4, v6 } = this.parts;
		this.#starts ??= startsOf(this.parts);
		const starts = this.#starts;
		const i = findLast(starts, (start) => start <= index);
		const offset = index - (starts[i] ?? 0);
		const count4 = v4.length / 2;
		if (i < count4) return formatAddress({ family: 4, value: BigInt((v4[i * 2] ?? 0) + offset) });
		const range = v6[i - count4];
		return range && formatAddress({ family: 6, value: range.first + BigInt(offset) });
	}

	/** Every address once, ascending. */
	*[Symbol.iterator](): Generator<string> {
		for (const { family, first, last } of this.blocks()) {
			for (let value = first; value <= last; value++) yield formatAddress({ family, value });
		}
	}

	/**
	 * Every address once, neighbours far apart, so that no subnet gets a burst. A stride coprime to the size is a cyclic
	 * permutation and needs no memory; the same seed gives the same order, so a scan can be taken up again at an index.
	 */
	*permuted(seed: number, from = 0): Generator<string> {
		const stride = coprimeStride(this.size);
		for (let i = from; i < this.size; i++) {
			// BigInt: the product passes 2^53 for sets beyond about 100 million addresses.
			const index = Number((BigInt(Math.abs(Math.trunc(seed))) + BigInt(i) * BigInt(stride)) % BigInt(this.size));
			const address = this.at(index);
			if (address !== undefined) yield address;
		}
	}

	union(other: AddressSet): AddressSet {
		if (other.count === 0) return this;
		if (this.count === 0) return other;
		const v4 = new RangeList();
		for (const pairs of [this.parts.v4, other.parts.v4]) {
			for (let i = 0; i < pairs.length; i += 2) v4.add(pairs[i] ?? 0, pairs[i + 1] ?? 0);
		}
		return new AddressSet({ v4: v4.merged(), v6: merge6([...this.parts.v6, ...other.parts.v6]) });
	}

	subtract(other: AddressSet): AddressSet {
		if (other.count === 0 || this.count === 0) return this;
		return new AddressSet({
			v4: subtractRanges(this.parts.v4, other.parts.v4),
			v6: subtract6(this.parts.v6, other.parts.v6),
		});
	}

	intersect(other: AddressSet): AddressSet {
		return this.subtract(this.subtract(other));
	}
}

function sizeOf({ v4, v6 }: AddressParts): number {
	let size = 0;
	for (let i = 0; i < v4.length; i += 2) size += (v4[i + 1] ?? 0) - (v4[i] ?? 0) + 1;
	for (const { first, last } of v6) size += Number(last - first + 1n);
	return size;
}

function startsOf({ v4, v6 }: AddressParts): Float64Array {
	const count4 = v4.length / 2;
	const starts = new Float64Array(count4 + v6.length);
	let size = 0;
	for (let i = 0; i < count4; i++) {
		starts[i] = size;
		size += (v4[i * 2 + 1] ?? 0) - (v4[i * 2] ?? 0) + 1;
	}
	v6.forEach(({ first, last }, i) => {
		starts[count4 + i] = size;
		size += Number(last - first + 1n);
	});
	return starts;
}

function gather(ranges: Iterable<AddressRange>): AddressParts {
	const v4 = new RangeList();
	const v6: Range6[] = [];
	for (const { family, first, last } of ranges) {
		if (family === 4) v4.add(Number(first), Number(last));
		else v6.push({ first, last });
	}
	return { v4: v4.merged(), v6: merge6(v6) };
}

function merge6(ranges: Range6[]): Range6[] {
	ranges.sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
	const merged: Range6[] = [];
	for (const { first, last } of ranges) {
		const previous = merged.at(-1);
		if (previous !== undefined && first <= previous.last + 1n) {
			if (last > previous.last) merged[merged.length - 1] = { first: previous.first, last };
		} else merged.push({ first, last });
	}
	return merged;
}

function subtract6(ranges: readonly Range6[], holes: readonly Range6[]): Range6[] {
	const left: Range6[] = [];
	let next = 0;
	for (const range of ranges) {
		let { first } = range;
		while ((holes[next]?.last ?? range.first) < range.first) next++;
		for (let i = next; i < holes.length; i++) {
			const hole = holes[i];
			if (hole === undefined || hole.first > range.last) break;
			if (hole.first > first) left.push({ first, last: hole.first - 1n });
			if (hole.last + 1n > first) first = hole.last + 1n;
		}
		if (first <= range.last) left.push({ first, last: range.last });
	}
	return left;
}

/** Index of the last element for which the (true … true false … false) test holds; -1 when none. */
function findLast<T>(items: ArrayLike<T>, test: (item: T) => boolean): number {
	let low = 0;
	let high = items.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (test(items[middle] as T)) low = middle + 1;
		else high = middle;
	}
	return low - 1;
}

/** A step near the golden section of the size, coprime to it. */
function coprimeStride(size: number): number {
	let stride = Math.max(1, Math.floor(size * 0.6180339887));
	while (greatestCommonDivisor(stride, size) !== 1) stride++;
	return stride;
}

function greatestCommonDivisor(a: number, b: number): number {
	while (b !== 0) [a, b] = [b, a % b];
	return a;
}
