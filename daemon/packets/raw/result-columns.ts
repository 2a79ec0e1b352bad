/** Results on their way to the main thread, as columns ordered by address and port. Pure. */
import type { AnswerColumns } from "../messages.ts";

const smallest = 64;
/** So many are sorted sooner by comparing them. */
const few = 128;
/** Numbers are put in order by so many bits at a time: all of them are looked at once for each part that differs. */
const digitBits = 11;
const digits = 1 << digitBits;
const portParts = 2;
const hostParts = 3;

export class ResultColumns {
	length = 0;
	private hosts = new Uint32Array(smallest);
	private ports = new Uint16Array(smallest);
	private states = new Uint8Array(smallest);
	private rtts = new Float32Array(smallest);

	add(host: number, port: number, state: number, rttMs: number): void {
		if (this.length === this.hosts.length) this.resize(this.length * 2);
		const place = this.length++;
		this.hosts[place] = host;
		this.ports[place] = port;
		this.states[place] = state;
		this.rtts[place] = rttMs;
	}

	/** Everything since the last time. */
	drain(): AnswerColumns {
		const { hosts, ports, states, rtts, length } = this;
		const columns = {
			hosts: new Uint32Array(length),
			ports: new Uint16Array(length),
			states: new Uint8Array(length),
			rtts: new Float32Array(length),
		};
		this.ordered().forEach((place, i) => {
			columns.hosts[i] = hosts[place] ?? 0;
			columns.ports[i] = ports[place] ?? 0;
			columns.states[i] = states[place] ?? 0;
			columns.rtts[i] = rtts[place] ?? Number.NaN;
		});
		this.length = 0;
		// A burst must not hold its memory for as long as the job takes.
		if (length * 4 < hosts.length) this.resize(Math.max(smallest, hosts.length / 2));
		return columns;
	}

	/** Places in the order of address and port. */
	private ordered(): Uint32Array {
		const { hosts, ports, length } = this;
		let order = new Uint32Array(length);
		for (let i = 0; i < length; i++) order[i] = i;
		if (length <= few) {
			return order.sort((a, b) => (hosts[a] ?? 0) - (hosts[b] ?? 0) || (ports[a] ?? 0) - (ports[b] ?? 0));
		}
		let spare = new Uint32Array(length);
		const sortBy = (numbers: Uint32Array | Uint16Array, parts: number) => {
			for (let part = 0; part < parts; part++) {
				if (!sortByDigit(numbers, part * digitBits, order, spare)) continue;
				[order, spare] = [spare, order];
			}
		};
		// The least significant first: what is sorted stays so where the next part is equal.
		sortBy(ports, portParts);
		sortBy(hosts, hostParts);
		return order;
	}

	private resize(room: number): void {
		const { hosts, ports, states, rtts, length } = this;
		this.hosts = new Uint32Array(room);
		this.ports = new Uint16Array(room);
		this.states = new Uint8Array(room);
		this.rtts = new Float32Array(room);
		this.hosts.set(hosts.subarray(0, length));
		this.ports.set(ports.subarray(0, length));
		this.states.set(states.subarray(0, length));
		this.rtts.set(rtts.subarray(0, length));
	}
}

const counts = new Uint32Array(digits);

/** False, and nothing done, when this part of all numbers is the same. */
function sortByDigit(numbers: Uint32Array | Uint16Array, shift: number, from: Uint32Array, into: Uint32Array): boolean {
	counts.fill(0);
	for (let i = 0; i < from.length; i++) {
		const digit = ((numbers[from[i] ?? 0] ?? 0) >>> shift) & (digits - 1);
		counts[digit] = (counts[digit] ?? 0) + 1;
	}
	if (from.length === 0 || counts[((numbers[0] ?? 0) >>> shift) & (digits - 1)] === from.length) return false;
	let place = 0;
	for (let digit = 0; digit < digits; digit++) {
		const count = counts[digit] ?? 0;
		counts[digit] = place;
		place += count;
	}
	for (let i = 0; i < from.length; i++) {
		const one = from[i] ?? 0;
		const digit = ((numbers[one] ?? 0) >>> shift) & (digits - 1);
		const at = counts[digit] ?? 0;
		into[at] = one;
		counts[digit] = at + 1;
	}
	return true;
}
