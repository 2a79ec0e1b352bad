/**
 * A set of addresses as sorted, merged ranges: a /8 is one range, never sixteen million strings. Immutable. IPv4 sorts
 * before IPv6.
 */
import { type Address, formatAddress, parseAddress } from "./address.ts";

/** Inclusive at both ends; both ends of one family. */
export interface AddressRange {
	readonly family: 4 | 6;
	readonly first: bigint;
	readonly last: bigint;
}

/** A range as text, for crossing a thread or a file: first and last address, inclusive. */
export type TextRange = readonly [first: string, last: string];

export class AddressSet {
	static readonly empty = new AddressSet([]);
	readonly ranges: readonly AddressRange[];
	/** How many addresses; exact up to 2^53, which every scannable set is far below. */
	readonly size: number;
	/** `starts[i]` is how many addresses lie before range i. */
	private readonly starts: readonly number[];

	constructor(ranges: Iterable<AddressRange>) {
		this.ranges = merge([...ranges]);
		const starts: number[] = [];
		let size = 0;
		for (const range of this.ranges) {
			starts.push(size);
			size += Number(range.last - range.first + 1n);
		}
		this.starts = starts;
		this.size = size;
	}

	/** Reads what `toText` wrote. Pairs that are not two ordered addresses of one family are left out. */
	static fromText(pairs: Iterable<TextRange>): AddressSet {
		const ranges: AddressRange[] = [];
		for (const [firstText, lastText] of pairs) {
			const first = parseAddress(firstText);
			const last = parseAddress(lastText);
			if (first === null || last === null || first.family !== last.family || first.value > last.value) continue;
			ranges.push({ family: first.family, first: first.value, last: last.value });
		}
		return new AddressSet(ranges);
	}

	toText(): [string, string][] {
		return this.ranges.map(({ family, first, last }) => [
			formatAddress({ family, value: first }),
			formatAddress({ family, value: last }),
		]);
	}

	has(address: string | Address): boolean {
		const wanted = typeof address === "string" ? parseAddress(address) : address;
		if (wanted === null) return false;
		const range =
			this.ranges[findLast(this.ranges, (r) => compare(r.family, r.first, wanted.family, wanted.value) <= 0)];
		return range !== undefined && range.family === wanted.family && wanted.value <= range.last;
	}

	/** The address at a position in ascending order; undefined outside 0 … size-1. */
	at(index: number): string | undefined {
		const i = findLast(this.starts, (start) => start <= index);
		const range = this.ranges[i];
		const start = this.starts[i];
		if (range === undefined || start === undefined || index >= this.size) return undefined;
		return formatAddress({ family: range.family, value: range.first + BigInt(index - start) });
	}

	/** Every address once, ascending. */
	*[Symbol.iterator](): Generator<string> {
		for (const { family, first, last } of this.ranges) {
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
		return new AddressSet([...this.ranges, ...other.ranges]);
	}

	subtract(other: AddressSet): AddressSet {
		const left: AddressRange[] = [];
		let next = 0;
		for (const range of this.ranges) {
			let first = range.first;
			while (next < other.ranges.length && isBefore(other.ranges[next], range)) next++;
			for (let i = next; i < other.ranges.length; i++) {
				const hole = other.ranges[i];
				if (hole === undefined || hole.family !== range.family || hole.first > range.last) break;
				if (hole.first > first) left.push({ family: range.family, first, last: hole.first - 1n });
				if (hole.last + 1n > first) first = hole.last + 1n;
			}
			if (first <= range.last) left.push({ family: range.family, first, last: range.last });
		}
		return new AddressSet(left);
	}

	intersect(other: AddressSet): AddressSet {
		return this.subtract(this.subtract(other));
	}
}

function merge(ranges: AddressRange[]): AddressRange[] {
	ranges.sort((a, b) => compare(a.family, a.first, b.family, b.first));
	const merged: AddressRange[] = [];
	for (const range of ranges) {
		const previous = merged.at(-1);
		if (previous !== undefined && previous.family === range.family && range.first <= previous.last + 1n) {
			if (range.last > previous.last) merged[merged.length - 1] = { ...previous, last: range.last };
		} else merged.push(range);
	}
	return merged;
}

function compare(familyA: number, valueA: bigint, familyB: number, valueB: bigint): number {
	if (familyA !== familyB) return familyA - familyB;
	return valueA < valueB ? -1 : valueA > valueB ? 1 : 0;
}

function isBefore(a: AddressRange | undefined, b: AddressRange): boolean {
	return a !== undefined && (a.family < b.family || (a.family === b.family && a.last < b.first));
}

/** Index of the last element for which the (true … true false … false) test holds; -1 when none. */
function findLast<T>(items: readonly T[], test: (item: T) => boolean): number {
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
