/** The first few of many in the order of a list, by a value and then an id, found in one walk over all. Pure. */

/** A heap with the last of those kept on top: what comes later than it is passed over at once. */
export class FirstOf {
	readonly #limit: number;
	readonly #sign: 1 | -1;
	readonly #after: readonly [value: number, id: number] | null;
	readonly #values: Float64Array<ArrayBuffer>;
	readonly #ids: Float64Array<ArrayBuffer>;
	#length = 0;
	/** The last of those kept, once there are enough. */
	#lastValue = Number.POSITIVE_INFINITY;
	#lastId = Number.POSITIVE_INFINITY;

	/** `after`: only what comes after it is kept. */
	constructor(limit: number, descending: boolean, after: readonly [value: number, id: number] | null) {
		this.#limit = limit;
		// Turned round, the lower always comes first.
		this.#sign = descending ? -1 : 1;
		this.#after = after === null ? null : [after[0] * this.#sign, after[1] * this.#sign];
		this.#values = new Float64Array(limit);
		this.#ids = new Float64Array(limit);
	}

	/** False: whatever its id, one of that value comes too late. */
	mayTake(value: number): boolean {
		return value * this.#sign <= this.#lastValue;
	}

	add(value: number, id: number): void {
		const turned = value * this.#sign;
		const turnedId = id * this.#sign;
		if (turned > this.#lastValue || (turned === this.#lastValue && turnedId >= this.#lastId)) return;
		if (this.#after !== null && !isBefore(this.#after[0], this.#after[1], turned, turnedId)) return;
		if (this.#length < this.#limit) {
			this.#length += 1;
			this.#rise(this.#length - 1, turned, turnedId);
		} else this.#sink(turned, turnedId);
		if (this.#length < this.#limit) return;
		this.#lastValue = this.#values[0] ?? 0;
		this.#lastId = this.#ids[0] ?? 0;
	}

	/** In order. */
	ids(): number[] {
		const places = Array.from({ length: this.#length }, (_, at) => at);
		const [values, ids] = [this.#values, this.#ids];
		places.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || (ids[a] ?? 0) - (ids[b] ?? 0));
		return places.map((at) => (ids[at] ?? 0) * this.#sign);
	}

	#rise(at: number, value: number, id: number): void {
		const [values, ids] = [this.#values, this.#ids];
		while (at > 0) {
			const above = (at - 1) >> 1;
			if (!isBefore(values[above] ?? 0, ids[above] ?? 0, value, id)) break;
			values[at] = values[above] ?? 0;
			ids[at] = ids[above] ?? 0;
			at = above;
		}
		values[at] = value;
		ids[at] = id;
	}

	/** In place of the last one. */
	#sink(value: number, id: number): void {
		const [values, ids] = [this.#values, this.#ids];
		let at = 0;
		for (;;) {
			let below = at * 2 + 1;
			if (below >= this.#length) break;
			const other = below + 1;
			if (other < this.#length && isBefore(values[below] ?? 0, ids[below] ?? 0, values[other] ?? 0, ids[other] ?? 0))
				below = other;
			if (!isBefore(value, id, values[below] ?? 0, ids[below] ?? 0)) break;
			values[at] = values[below] ?? 0;
			ids[at] = ids[below] ?? 0;
			at = below;
		}
		values[at] = value;
		ids[at] = id;
	}
}

function isBefore(value: number, id: number, otherValue: number, otherId: number): boolean {
	return value < otherValue || (value === otherValue && id < otherId);
}
