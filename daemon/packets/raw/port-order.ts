/** The ports of a job: the order in which each host is asked, and which place a port has. Pure. */

export class PortOrder {
	/** Ascending. */
	private readonly ports: Uint16Array;
	/** Positions in the order of asking, and the place of each in it. */
	private readonly positions: Uint16Array;
	private readonly places: Uint16Array;
	private readonly asGiven: boolean;
	private readonly contiguous: boolean;

	/** `asGiven`: the likeliest come first and stay first; else neighbours are far apart and every host begins elsewhere. */
	constructor(ports: readonly number[], asGiven: boolean) {
		this.ports = Uint16Array.from(ports).sort();
		this.asGiven = asGiven;
		const count = this.ports.length;
		this.contiguous = count > 0 && (this.ports[count - 1] ?? 0) - (this.ports[0] ?? 0) === count - 1;
		const stride = coprimeStride(count);
		this.positions = asGiven
			? Uint16Array.from(ports, (port) => this.positionOf(port))
			: Uint16Array.from({ length: count }, (_, i) => (i * stride) % count);
		this.places = new Uint16Array(count);
		this.positions.forEach((position, place) => {
			this.places[position] = place;
		});
	}

	/** What a host is asked at a step, from 0 to the number of ports. */
	portAt(step: number, hostIndex: number): number {
		const { ports, positions } = this;
		return ports[positions[(step + this.startOf(hostIndex)) % ports.length] ?? 0] ?? 0;
	}

	/** The step at which a host is asked this port; -1 when it is not. */
	stepOf(port: number, hostIndex: number): number {
		const position = this.positionOf(port);
		if (position < 0) return -1;
		const step = (this.places[position] ?? 0) - this.startOf(hostIndex);
		return step < 0 ? step + this.ports.length : step;
	}

	/** Where a host begins in the order. */
	private startOf(hostIndex: number): number {
		return this.asGiven ? 0 : (Math.imul(hostIndex + 1, 0x9e3779b1) >>> 16) % this.ports.length;
	}

	private positionOf(port: number): number {
		const { ports } = this;
		if (this.contiguous) {
			const position = port - (ports[0] ?? 0);
			return position >= 0 && position < ports.length ? position : -1;
		}
		let low = 0;
		let high = ports.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((ports[middle] ?? 0) < port) low = middle + 1;
			else high = middle;
		}
		return ports[low] === port ? low : -1;
	}
}

/** A step near the golden section of the size, coprime to it: walking by it visits every place once. */
export function coprimeStride(size: number): number {
	if (size < 3) return 1;
	let stride = Math.floor(size * 0.6180339887);
	while (greatestCommonDivisor(stride, size) !== 1) stride++;
	return stride;
}

function greatestCommonDivisor(a: number, b: number): number {
	let [high, low] = [a, b];
	while (low !== 0) [high, low] = [low, high % low];
	return high;
}
