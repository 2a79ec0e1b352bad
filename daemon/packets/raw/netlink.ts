/** Route and interface questions to the kernel as bytes (rtnetlink, little-endian), and its answers read. Pure. */

/** How the kernel would reach an address. */
export type Route =
	| {
			readonly kind: "unicast" | "local";
			readonly interface: number;
			/** The address to send from, and the router to send to; as 32-bit numbers. */
			readonly source: number;
			readonly gateway: number | null;
	  }
	| { readonly kind: "none" };

/** The same for IPv6, as far as anybody needs to know it. */
export interface Route6 {
	readonly kind: "unicast" | "local" | "none";
	readonly interface: number;
	readonly hasGateway: boolean;
}

export interface Link {
	/** Ethernet in the way ARP works on it. */
	readonly ethernet: boolean;
	readonly up: boolean;
	readonly hardwareAddress: Uint8Array;
}

const [newLink, getLink, newRoute, getRoute, newRule, getRule] = [16, 18, 24, 26, 32, 34];
const [endOfDump, requestDump] = [3, 0x301];
const [routeUnicast, routeLocal] = [1, 2];
const [attributeInterface, attributeGateway, attributeSource] = [4, 5, 7];
const headerLength = 16;

/** Length, type, flags (request, and for a dump root and match), sequence number, sender; then the body. */
function message(type: number, body: Uint8Array, flags = 1): Uint8Array {
	const bytes = new Uint8Array(headerLength + body.length);
	const view = new DataView(bytes.buffer);
	view.setUint32(0, bytes.length, true);
	view.setUint16(4, type, true);
	view.setUint16(6, flags, true);
	bytes.set(body, headerLength);
	return bytes;
}

/** Asks for the route to one IPv4 address. */
export function routeRequest(address: number): Uint8Array {
	const body = new Uint8Array(12 + 8);
	const view = new DataView(body.buffer);
	view.setUint8(0, 2);
	view.setUint8(1, 32);
	view.setUint16(12, 8, true);
	view.setUint16(14, 1, true);
	view.setUint32(16, address);
	return message(getRoute, body);
}

/** Asks for the route to one IPv6 address, 16 bytes. */
export function routeRequest6(address: Uint8Array): Uint8Array {
	const body = new Uint8Array(12 + 20);
	const view = new DataView(body.buffer);
	view.setUint8(0, 10);
	view.setUint8(1, 128);
	view.setUint16(12, 20, true);
	view.setUint16(14, 1, true);
	body.set(address.subarray(0, 16), 16);
	return message(getRoute, body);
}

/** Asks for all IPv4 routes of all tables, or for all rules that choose a table. */
export function dumpRequest(what: "routes" | "rules"): Uint8Array {
	const body = new Uint8Array(12);
	body[0] = 2;
	return message(what === "routes" ? getRoute : getRule, body, requestDump);
}

/**
 * Reads one part of a dump: hands over the destinations, prefix length and first address, of its routes or rules. `more`:
 * there are further parts; `failed`: it is none, or cut short.
 */
export function readDump(bytes: Uint8Array, each: (prefix: number, first: number) => void): "more" | "done" | "failed" {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	for (let at = 0; at < bytes.length; ) {
		if (at + headerLength > bytes.length) return "failed";
		const length = view.getUint32(at, true);
		const type = view.getUint16(at + 4, true);
		if (type === endOfDump) return "done";
		if (length < headerLength + 12 || at + length > bytes.length || (type !== newRoute && type !== newRule)) {
			return "failed";
		}
		let first = 0;
		for (const { kind, at: value, length: size } of attributes(view, at + headerLength + 12, at + length)) {
			if (kind === 1 && size === 4) first = view.getUint32(value);
		}
		each(view.getUint8(at + headerLength + 1), first);
		at += (length + 3) & ~3;
	}
	return "more";
}

export function linkRequest(index: number): Uint8Array {
	const body = new Uint8Array(16);
	new DataView(body.buffer).setInt32(4, index, true);
	return message(getLink, body);
}

/** Anything but a route that a packet can take is `none`: unreachable, blackhole, broadcast, an error. */
export function readRoute(bytes: Uint8Array): Route {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const end = endOf(view, newRoute, 12);
	if (end === 0) return { kind: "none" };
	const type = view.getUint8(headerLength + 7);
	if (type !== routeUnicast && type !== routeLocal) return { kind: "none" };
	let [index, source] = [0, 0];
	let gateway: number | null = null;
	for (const { kind, at, length } of attributes(view, headerLength + 12, end)) {
		if (length !== 4) continue;
		if (kind === attributeInterface) index = view.getInt32(at, true);
		else if (kind === attributeGateway) gateway = view.getUint32(at);
		else if (kind === attributeSource) source = view.getUint32(at);
	}
	if (index === 0 || source === 0) return { kind: "none" };
	return { kind: type === routeLocal ? "local" : "unicast", interface: index, source, gateway };
}

export function readRoute6(bytes: Uint8Array): Route6 {
	const none: Route6 = { kind: "none", interface: 0, hasGateway: false };
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const end = endOf(view, newRoute, 12);
	if (end === 0) return none;
	const type = view.getUint8(headerLength + 7);
	if (type !== routeUnicast && type !== routeLocal) return none;
	let index = 0;
	let hasGateway = false;
	for (const { kind, at, length } of attributes(view, headerLength + 12, end)) {
		if (kind === attributeInterface && length === 4) index = view.getInt32(at, true);
		else if (kind === attributeGateway) hasGateway = true;
	}
	return index === 0 ? none : { kind: type === routeLocal ? "local" : "unicast", interface: index, hasGateway };
}

export function readLink(bytes: Uint8Array): Link | null {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const end = endOf(view, newLink, 16);
	if (end === 0) return null;
	const flags = view.getUint32(headerLength + 8, true);
	let hardwareAddress = new Uint8Array(6);
	for (const { kind, at, length } of attributes(view, headerLength + 16, end)) {
		if (kind === 1 && length === 6) hardwareAddress = bytes.slice(at, at + 6);
	}
	// ARPHRD_ETHER 1; IFF_UP 0x1, IFF_LOOPBACK 0x8, IFF_NOARP 0x80.
	const ethernet = view.getUint16(headerLength + 2, true) === 1 && (flags & 0x88) === 0;
	return { ethernet, up: (flags & 1) === 1, hardwareAddress };
}

/** Where the first message ends; 0 when it is not of the type or is cut short. */
function endOf(view: DataView, type: number, bodyLength: number): number {
	if (view.byteLength < headerLength + bodyLength || view.getUint16(4, true) !== type) return 0;
	const length = view.getUint32(0, true);
	return length >= headerLength + bodyLength && length <= view.byteLength ? length : 0;
}

function* attributes(view: DataView, from: number, end: number) {
	for (let at = from; at + 4 <= end; ) {
		const length = view.getUint16(at, true);
		if (length < 4 || at + length > end) return;
		// The highest two bits are flags.
		yield { kind: view.getUint16(at + 2, true) & 0x3fff, at: at + 4, length: length - 4 };
		at += (length + 3) & ~3;
	}
}
