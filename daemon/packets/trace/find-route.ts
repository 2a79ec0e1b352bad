/**
 * Finds the routers on the way to many addresses with few probes: a trace begins about where the last one ended, and
 * ends as soon as it meets a router whose own way is known, since the ways from one place form a tree (Doubletree,
 * Donnet et al. 2005). Knows no sockets: `ask` sends one probe that lives for so many hops.
 */

/** `router`: its time was up there. `host`: it arrived. `refusal`: a router says that it goes no further. */
export type HopAnswer =
	| { readonly kind: "router"; readonly address: string }
	| { readonly kind: "host" }
	| { readonly kind: "refusal"; readonly address: string }
	| { readonly kind: "silence" };

export interface Route {
	/** Routers from here on, nearest first; null: one that kept silent. Without the host itself. */
	readonly hops: readonly (string | null)[];
	/** The host answered at the end of them. */
	readonly reached: boolean;
}

/** No way is longer; 30 is what route tracers have always taken. */
const mostHops = 30;
/** So many silent hops one after the other are the end of what can be seen. */
const mostSilent = 3;

export class RouteFinder {
	readonly #ask: (address: string, hops: number) => Promise<HopAnswer>;
	/** By router and its distance: the hops before it. */
	readonly #ways = new Map<string, readonly (string | null)[]>();
	readonly #distances = new Map<string, number>();
	#lastDistance = 1;

	constructor(ask: (address: string, hops: number) => Promise<HopAnswer>) {
		this.#ask = ask;
	}

	/** `network` names what lies together: addresses of one network are expected at one distance. */
	async find(address: string, network: string): Promise<Route> {
		const start = this.#distances.get(network) ?? this.#lastDistance;
		const hops = new Map<number, string>();
		const times = new Map<string, number>();
		let end: number | null = null;
		let silent = 0;
		for (let at = start; at <= mostHops && end === null && silent < mostSilent; at++) {
			const answer = await this.#ask(address, at);
			if (answer.kind === "host") end = at;
			silent = answer.kind === "silence" ? silent + 1 : 0;
			if (answer.kind !== "router" && answer.kind !== "refusal") continue;
			hops.set(at, answer.address);
			const seen = (times.get(answer.address) ?? 0) + 1;
			times.set(answer.address, seen);
			// A router that comes again and again sends it round in a circle.
			if (answer.kind === "refusal" || seen === mostSilent) break;
		}
		let before = this.#wayOf(hops, start);
		for (let at = start - 1; at >= 1 && before === undefined; at--) {
			const answer = await this.#ask(address, at);
			if (answer.kind === "host") end = at;
			if (answer.kind !== "router" && answer.kind !== "refusal") continue;
			hops.set(at, answer.address);
			before = this.#wayOf(hops, at);
		}
		return this.#remember(network, hops, end, before ?? []);
	}

	#wayOf(hops: ReadonlyMap<number, string>, at: number): readonly (string | null)[] | undefined {
		const address = hops.get(at);
		return address === undefined ? undefined : this.#ways.get(`${at} ${address}`);
	}

	#remember(
		network: string,
		hops: ReadonlyMap<number, string>,
		end: number | null,
		before: readonly (string | null)[],
	): Route {
		const last = end === null ? Math.max(before.length, ...hops.keys()) : end - 1;
		const way = Array.from({ length: last }, (_, index) => hops.get(index + 1) ?? before[index] ?? null);
		for (const [index, address] of way.entries()) {
			const key = `${index + 1} ${address}`;
			// A way with fewer silent hops is the better one to remember.
			if (address !== null && gaps(way.slice(0, index)) < gaps(this.#ways.get(key)))
				this.#ways.set(key, way.slice(0, index));
		}
		if (end !== null) {
			this.#distances.set(network, end);
			this.#lastDistance = end;
		}
		return { hops: way, reached: end !== null };
	}
}

function gaps(way: readonly (string | null)[] | undefined): number {
	return way === undefined ? Number.POSITIVE_INFINITY : way.filter((hop) => hop === null).length;
}
