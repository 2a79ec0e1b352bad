/**
 * Reads what comes back to a probe that was given few hops to live: the kernel's extended errors, and echo replies. Pure;
 * never throws on any bytes.
 */
import { type Address, formatAddress } from "../../scope/address.ts";
import { linux } from "../libc.ts";

/** How a hop is asked. `udp` to a port where nobody listens; `echo` over a ping socket; `raw-echo` over a raw one. */
export type ProbeKind = "udp" | "echo" | "raw-echo";

/** An ICMP message about one of our packets. */
export interface ExtendedError {
	readonly type: number;
	readonly code: number;
	/** Who sent it; null when the kernel does not say. */
	readonly from: string | null;
}

const originIcmp = 2;
const originIcmp6 = 3;
/** `struct cmsghdr` on 64-bit machines: length, level, type. */
const headerBytes = 16;

/** The first ICMP error in the control data of a `recvmsg` from the error queue; null when there is none. */
export function readExtendedError(control: Uint8Array): ExtendedError | null {
	const view = new DataView(control.buffer, control.byteOffset, control.byteLength);
	for (let at = 0; at + headerBytes <= control.length; ) {
		const length = Number(view.getBigUint64(at, true));
		if (length < headerBytes || at + length > control.length) return null;
		const level = view.getInt32(at + 8, true);
		const type = view.getInt32(at + 12, true);
		const isError =
			(level === linux.IPPROTO_IP && type === linux.IP_RECVERR) ||
			(level === linux.IPPROTO_IPV6 && type === linux.IPV6_RECVERR);
		if (isError && length >= headerBytes + 16) return readError(view, at + headerBytes, at + length);
		at += Math.ceil(length / 8) * 8;
	}
	return null;
}

/** `struct sock_extended_err`, and after it the address of whoever sent the message. */
function readError(view: DataView, at: number, end: number): ExtendedError | null {
	const origin = view.getUint8(at + 4);
	if (origin !== originIcmp && origin !== originIcmp6) return null;
	return { type: view.getUint8(at + 5), code: view.getUint8(at + 6), from: readSocketAddress(view, at + 16, end) };
}

function readSocketAddress(view: DataView, at: number, end: number): string | null {
	if (at + 16 > end) return null;
	const family = view.getUint16(at, true);
	if (family === linux.AF_INET) return formatAddress({ family: 4, value: BigInt(view.getUint32(at + 4, false)) });
	if (family !== linux.AF_INET6 || at + 24 > end) return null;
	const value = (view.getBigUint64(at + 8, false) << 64n) | view.getBigUint64(at + 16, false);
	const address: Address = value >> 32n === 0xffffn ? { family: 4, value: value & 0xffffffffn } : { family: 6, value };
	return formatAddress(address);
}

/** What an ICMP error means on the way to `target`. RFC 792, RFC 4443. */
export function meaningOf(error: ExtendedError, family: 4 | 6, target: string): "router" | "host" | "refusal" {
	const isTimeUp = family === 4 ? error.type === 11 : error.type === 3;
	if (isTimeUp) return "router";
	const isUnreachable = family === 4 ? error.type === 3 : error.type === 1;
	const isPort = isUnreachable && error.code === (family === 4 ? 3 : 4);
	// A host with several addresses may answer from another one: only a host has closed ports.
	return isPort || error.from === target ? "host" : "refusal";
}

/** The number our probe carried, as the error quotes it; null when it quotes too little of it (RFC 792: 8 bytes). */
export function quotedNumber(kind: ProbeKind, quoted: Uint8Array): number | null {
	// Of a datagram the payload is quoted, of an echo the ICMP header.
	const at = kind === "udp" ? 0 : 6;
	if (quoted.length < at + 2) return null;
	return ((quoted[at] ?? 0) << 8) | (quoted[at + 1] ?? 0);
}

/**
 * The number of an echo reply. A raw IPv4 socket sees whole packets, and replies to others' requests too: `id` tells ours.
 * Null for anything else.
 */
export function echoReplyNumber(
	kind: "echo" | "raw-echo",
	family: 4 | 6,
	bytes: Uint8Array,
	id: number,
): number | null {
	const header = kind === "raw-echo" && family === 4 ? ((bytes[0] ?? 0) & 15) * 4 : 0;
	if (bytes.length < header + 8 || bytes[header] !== (family === 4 ? 0 : 129)) return null;
	const word = (at: number) => ((bytes[header + at] ?? 0) << 8) | (bytes[header + at + 1] ?? 0);
	// The kernel gives a ping socket an id of its own and hands it only its replies.
	return kind === "raw-echo" && word(4) !== id ? null : word(6);
}

/** An echo request with a checksum (RFC 792); IPv6 and ping sockets have theirs written by the kernel. */
export function echoRequest(family: 4 | 6, id: number, number: number): Uint8Array {
	const bytes = new Uint8Array(16);
	bytes[0] = family === 4 ? 8 : 128;
	bytes.set([id >> 8, id & 255, number >> 8, number & 255], 4);
	let sum = 0;
	for (let at = 0; at < bytes.length; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
	sum = (sum & 0xffff) + (sum >> 16);
	const check = ~((sum & 0xffff) + (sum >> 16)) & 0xffff;
	bytes.set([check >> 8, check & 255], 2);
	return bytes;
}

/** The payload of a datagram: the number, and nothing that any service would take for a request. */
export function datagram(number: number): Uint8Array {
	return Uint8Array.of(number >> 8, number & 255, 0, 0, 0, 0, 0, 0);
}
