/**
 * Texts of findings as numbers of 32 bits, for a column of them (finding-columns.ts): each text once, with its place among all
 * others in SQLite's order. Pure.
 */

/** As much as is kept of one kind, by the lengths of the texts. Bytes. */
const mostBytes = 16 * 1024 * 1024;
/** What the runtime takes for a text beside its characters. Bytes. */
const eachBytes = 100;
/** Numbers from here on stand for texts by their number; those below are IPv4 addresses. */
const firstNumber = 0xf000_0000;
const ipv4Key = /^4[0-9a-f]{8}$/;

export interface TextNumbers {
	/** What is kept of them in memory, nearly. */
	readonly bytes: number;
	/** How many have a place among others: they only become more. */
	readonly size: number;
	/** The number of a text, the same for the same one. Throws RangeError where it would be one too many. */
	numberOf(text: string): number;
	/** Tells of each number where its text comes, as things are now. */
	places(): (number: number) => number;
	/** Where a text comes or would come among them. */
	placeOf(text: string): number;
}

/** Texts of any kind. */
export class KeptTexts implements TextNumbers {
	readonly #numbers = new Map<string, number>();
	/** In order: as far as they have been put in order. */
	#sorted: string[] = [];
	#later: string[] = [];
	#ranks = new Uint32Array(0);
	#bytes = 0;

	get bytes(): number {
		return this.#bytes;
	}

	get size(): number {
		return this.#numbers.size;
	}

	numberOf(text: string): number {
		const known = this.#numbers.get(text);
		if (known !== undefined) return known;
		this.#bytes += eachBytes + text.length;
		if (this.#bytes > mostBytes) throw new RangeError("There are too many texts to be kept.");
		const number = this.#numbers.size;
		this.#numbers.set(text, number);
		this.#later.push(text);
		return number;
	}

	places(): (number: number) => number {
		this.#putInOrder();
		const ranks = this.#ranks;
		return (number) => ranks[number] ?? 0;
	}

	/** Between two, where it is none of them. */
	placeOf(text: string): number {
		this.#putInOrder();
		const at = firstNotBefore(this.#sorted, text);
		return this.#sorted[at] === text ? at : at - 0.5;
	}

	/** In order. */
	sorted(): readonly string[] {
		this.#putInOrder();
		return this.#sorted;
	}

	#putInOrder(): void {
		if (this.#later.length === 0) return;
		this.#sorted = merged(this.#sorted, this.#later.sort(compareTexts));
		this.#later = [];
		this.#ranks = new Uint32Array(this.#sorted.length);
		for (const [rank, text] of this.#sorted.entries()) this.#ranks[this.#numbers.get(text) ?? 0] = rank;
	}
}

/** Keys of addresses (address-key.ts): those of IPv4 are numbers by themselves and in order; others are kept among them. */
export class AddressTexts implements TextNumbers {
	readonly #others = new KeptTexts();
	/** The findings of an asset are at one address, mostly. */
	#last = { text: "", number: -1 };

	get bytes(): number {
		return this.#others.bytes;
	}

	get size(): number {
		return this.#others.size;
	}

	numberOf(text: string): number {
		if (this.#last.text !== text || this.#last.number < 0) this.#last = { text, number: this.#find(text) };
		return this.#last.number;
	}

	#find(text: string): number {
		const number = ipv4Of(text);
		return number ?? firstNumber + this.#others.numberOf(text);
	}

	places(): (number: number) => number {
		const rankOf = this.#others.places();
		const all = this.#others.sorted();
		const byRank = Float64Array.from(all, (text, rank) => between(text, rank, all.length));
		return (number) => (number < firstNumber ? number : (byRank[rankOf(number - firstNumber)] ?? 0));
	}

	placeOf(text: string): number {
		return ipv4Of(text) ?? between(text, this.#others.placeOf(text), this.#others.size);
	}
}

function ipv4Of(text: string): number | null {
	if (!ipv4Key.test(text)) return null;
	const number = Number.parseInt(text.slice(1), 16);
	return number < firstNumber ? number : null;
}

/** Behind the greatest key of IPv4 that does not come after it, by its rank among those that are no such key. */
function between(text: string, rank: number, size: number): number {
	let [low, high] = [0, 2 ** 32];
	while (low < high) {
		const middle = Math.floor((low + high) / 2);
		if (compareTexts(`4${middle.toString(16).padStart(8, "0")}`, text) > 0) high = middle;
		else low = middle + 1;
	}
	return low - 1 + (rank + 1) / (size + 2);
}

/** As SQLite compares them, by the bytes of UTF-8: surrogates come last, unlike in JavaScript. */
function compareTexts(one: string, other: string): number {
	if (one === other) return 0;
	const length = Math.min(one.length, other.length);
	for (let at = 0; at < length; at++) {
		const [a, b] = [one.charCodeAt(at), other.charCodeAt(at)];
		if (a === b) continue;
		const [isPair, isOtherPair] = [a >= 0xd800 && a < 0xe000, b >= 0xd800 && b < 0xe000];
		return isPair === isOtherPair ? a - b : isPair ? 1 : -1;
	}
	return one.length - other.length;
}

function firstNotBefore(sorted: readonly string[], text: string): number {
	let [low, high] = [0, sorted.length];
	while (low < high) {
		const middle = (low + high) >> 1;
		if (compareTexts(sorted[middle] ?? "", text) < 0) low = middle + 1;
		else high = middle;
	}
	return low;
}

function merged(one: readonly string[], other: readonly string[]): string[] {
	if (one.length === 0) return [...other];
	const all: string[] = [];
	let at = 0;
	for (const text of other) {
		while (at < one.length && compareTexts(one[at] ?? "", text) < 0) all.push(one[at++] ?? "");
		all.push(text);
	}
	return [...all, ...one.slice(at)];
}
