/**
 * Whether the way to a network still begins on this machine: the interface is there and has its carrier, and there is a
 * route. When it does not, silence says nothing about anybody. Reads what Linux says of itself; elsewhere it knows nothing
 * and holds nothing up.
 */
import { readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";

/** What the machine says at one moment. */
export interface LinkState {
	/** Interfaces that are up and have a carrier. */
	readonly running: ReadonlySet<string>;
	readonly routes: readonly Route[];
}

/** A destination in network order with its prefix length; the interface it leaves by. */
export interface Route {
	readonly bytes: Uint8Array;
	readonly prefix: number;
	readonly link: string;
}

/** Shorter than the shortest wait for an answer that is the last word on a pair. */
const lookEveryMs = 100;
/** After a look because of a failure that the machine had no part in. */
const lookAgainMs = 20;
const routesEveryMs = 2_000;
/** Of the time, at most so much for looking: a machine may have thousands of interfaces. */
const mostOfTime = 0.02;
/** A routing table beyond this is a router's: it is not read over and over. */
const mostRouteBytes = 1 << 20;

export class LinkWatch {
	/** Rises whenever something has changed. */
	version = 0;
	private readonly look: (routesToo: boolean) => Partial<LinkState>;
	private running: ReadonlySet<string> = new Set();
	private routes: readonly Route[] = [];
	/** Routes there once were: how a network was reached whose route went with its interface. */
	private readonly once = new Map<string, Route>();
	private nextAtMs = Number.NEGATIVE_INFINITY;
	private routesAtMs = Number.NEGATIVE_INFINITY;
	private failedAtMs = Number.NEGATIVE_INFINITY;

	constructor(look: (routesToo: boolean) => Partial<LinkState> = lookAtMachine) {
		this.look = look;
	}

	/** Looks again when it is time; at once when something has just failed. */
	check(nowMs: number, failed = false): void {
		if (nowMs < this.nextAtMs && !(failed && nowMs >= this.failedAtMs)) return;
		const before = performance.now();
		const routesToo = failed || nowMs >= this.routesAtMs + routesEveryMs;
		let state = this.look(routesToo);
		const { running = this.running } = state;
		const changed = !same(running, this.running);
		// Routes come and go with interfaces.
		if (changed && !routesToo) state = this.look(true);
		const { routes = this.routes } = state;
		if (routesToo || changed) this.routesAtMs = nowMs;
		const other = changed || !sameRoutes(routes, this.routes);
		if (other) this.version++;
		if (failed && !other) this.failedAtMs = nowMs + lookAgainMs;
		this.running = running;
		this.routes = routes;
		for (const route of routes) if (running.has(route.link)) this.once.set(nameOf(route), route);
		this.nextAtMs = nowMs + Math.max(lookEveryMs, (performance.now() - before) / mostOfTime);
	}

	/** The interface that packets to the address leave by, or last did; null when that cannot be told or is this machine. */
	linkTo(address: Uint8Array): string | null {
		// 127/8 has no route in these tables; ::1 has.
		if (isLoopback(address)) return null;
		const route = longest(this.routes, address) ?? longest(this.once.values(), address);
		return route === null || route.link === "lo" ? null : route.link;
	}

	/** There was a way to the address, and at present there is none. */
	isCut(address: Uint8Array): boolean {
		if (this.linkTo(address) === null) return false;
		const now = longest(this.routes, address);
		if (now !== null) return !this.running.has(now.link) && this.wasRunning(now.link);
		return true;
	}

	/** An interface that was never seen running may be of a kind that does not say so. */
	private wasRunning(link: string): boolean {
		for (const route of this.once.values()) if (route.link === link) return true;
		return false;
	}
}

/** Of addresses in network order: whether this machine's main routing table leads there, as it is this moment. */
export function routeReader(): (address: Uint8Array) => boolean {
	const { routes } = lookAtMachine(true);
	// What cannot be read forbids nothing.
	return (address) => routes === undefined || isLoopback(address) || longest(routes, address) !== null;
}

/** IPv4's: it is led to by the kernel's local table, which is not read, also where the main one is empty. */
function isLoopback(address: Uint8Array): boolean {
	return address.length === 4 && address[0] === 127;
}

function longest(routes: Iterable<Route>, address: Uint8Array): Route | null {
	let best: Route | null = null;
	for (const route of routes) {
		if (route.bytes.length !== address.length || (best !== null && best.prefix >= route.prefix)) continue;
		if (covers(route, address)) best = route;
	}
	return best;
}

function covers({ bytes, prefix }: Route, address: Uint8Array): boolean {
	const whole = prefix >> 3;
	for (let i = 0; i < whole; i++) if (bytes[i] !== address[i]) return false;
	const rest = prefix & 7;
	return rest === 0 || (((bytes[whole] ?? 0) ^ (address[whole] ?? 0)) & (0xff << (8 - rest)) & 0xff) === 0;
}

function nameOf({ bytes, prefix, link }: Route): string {
	return `${bytes.join(".")}/${prefix} ${link}`;
}

function same(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
	return a.size === b.size && [...a].every((one) => b.has(one));
}

function sameRoutes(a: readonly Route[], b: readonly Route[]): boolean {
	return a.length === b.length && a.every((route, i) => nameOf(route) === nameOf(b[i] ?? route));
}

function lookAtMachine(routesToo: boolean): Partial<LinkState> {
	if (process.platform !== "linux") return {};
	try {
		const running = new Set(Object.keys(networkInterfaces()));
		if (!routesToo) return { running };
		return {
			running,
			routes: [...readRoutes4(readTable("/proc/net/route")), ...readRoutes6(readTable("/proc/net/ipv6_route"))],
		};
	} catch {
		return {};
	}
}

function readTable(path: string): string {
	try {
		const text = readFileSync(path, "latin1");
		return text.length > mostRouteBytes ? "" : text;
	} catch {
		// A machine without IPv6 has no table for it.
		return "";
	}
}

/** `/proc/net/route`: interface, destination, gateway, flags, …, mask, as host-order hexadecimal of network-order bytes. */
export function readRoutes4(text: string): Route[] {
	const routes: Route[] = [];
	for (const line of text.split("\n").slice(1)) {
		const [link, destination = "", , flags = "", , , , mask = ""] = line.trim().split(/\s+/);
		if (link === undefined || !/^[0-9A-F]{8}$/i.test(destination) || !/^[0-9A-F]{8}$/i.test(mask)) continue;
		if (!isUsable(flags)) continue;
		const bytes = Uint8Array.from(destination.match(/../g)?.reverse() ?? [], (hex) => Number.parseInt(hex, 16));
		routes.push({ bytes, prefix: bitsOf(Number.parseInt(mask, 16)), link });
	}
	return routes;
}

/** `/proc/net/ipv6_route`: destination, prefix length, source, …, flags, interface; hexadecimal. */
export function readRoutes6(text: string): Route[] {
	const routes: Route[] = [];
	for (const line of text.split("\n")) {
		const [destination = "", prefix = "", , , , , , , flags = "", link] = line.trim().split(/\s+/);
		if (link === undefined || !/^[0-9a-f]{32}$/i.test(destination) || !isUsable(flags)) continue;
		const bytes = Uint8Array.from(destination.match(/../g) ?? [], (hex) => Number.parseInt(hex, 16));
		routes.push({ bytes, prefix: Math.min(128, Number.parseInt(prefix, 16) || 0), link });
	}
	return routes;
}

/** linux/route.h: RTF_UP is set and RTF_REJECT is not. */
function isUsable(flags: string): boolean {
	const value = Number.parseInt(flags, 16);
	return (value & 0x1) !== 0 && (value & 0x200) === 0;
}

function bitsOf(mask: number): number {
	let bits = 0;
	for (let rest = mask >>> 0; rest !== 0; rest = (rest & (rest - 1)) >>> 0) bits++;
	return bits;
}
