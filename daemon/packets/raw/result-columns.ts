/** Results on their way to the main thread, as columns ordered by address and port. Pure. */
import type { AnswerColumns } from "../messages.ts";

/** Beyond it a key of host, port and place would not fit a number exactly. */
const hostsForKeys = 1 << 21;
const placesForKeys = 1 << 16;

export class ResultColumns {
	private hosts: number[] = [];
	private ports: number[] = [];
	private states: number[] = [];
	private rtts: number[] = [];
	private highestHost = 0;

	get length(): number {
		return this.ports.length;
	}

	add(host: number, port: number, state: number, rttMs: number): void {
		this.hosts.push(host);
		this.ports.push(port);
		this.states.push(state);
		this.rtts.push(rttMs);
		if (host > this.highestHost) this.highestHost = host;
	}

	/** Everything since the last time. */
	drain(): AnswerColumns {
		const { hosts, ports, states, rtts } = this;
		const order = this.sorted();
		const count = order.length;
		const columns = {
			hosts: new Uint32Array(count),
			ports: new Uint16Array(count),
			states: new Uint8Array(count),
			rtts: new Float32Array(count),
		};
		for (let i = 0; i < count; i++) {
			const place = order[i] ?? 0;
			columns.hosts[i] = hosts[place] ?? 0;
			columns.ports[i] = ports[place] ?? 0;
			columns.states[i] = states[place] ?? 0;
			columns.rtts[i] = rtts[place] ?? Number.NaN;
		}
		this.hosts = [];
		this.ports = [];
		this.states = [];
		this.rtts = [];
		this.highestHost = 0;
		return columns;
	}

	/** Numbers sort several times faster than a comparing function does. */
	private sorted(): Uint32Array {
		const { hosts, ports } = this;
		const count = ports.length;
		if (this.highestHost >= hostsForKeys || count > placesForKeys) {
			return Uint32Array.from(ports.keys()).sort(
				(a, b) => (hosts[a] ?? 0) - (hosts[b] ?? 0) || (ports[a] ?? 0) - (ports[b] ?? 0),
			);
		}
		const keys = new Float64Array(count);
		for (let i = 0; i < count; i++) keys[i] = ((hosts[i] ?? 0) * 65_536 + (ports[i] ?? 0)) * placesForKeys + i;
		keys.sort();
		return Uint32Array.from(keys, (key) => key % placesForKeys);
	}
}
