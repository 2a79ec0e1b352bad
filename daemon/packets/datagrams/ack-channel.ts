/**
 * TCP ACKs for connections there are not: a host answers with a reset whether the port is open or closed (RFC 9293 section
 * 3.10.7), and the reset carries our acknowledgement number, by which it proves itself. Raw sockets only.
 */
import { randomInt } from "node:crypto";
import { constants } from "node:os";
import { type Libc, linux, type NativeMemory } from "../libc.ts";
import { type HashKey, keyedHash } from "../raw/keyed-hash.ts";
import { filterReset } from "../raw/packet-filter.ts";
import { attachFilter } from "../raw/raw-socket.ts";
import type { Routes } from "../raw/routes.ts";
import { type Channel, type Destination, type Heard, isShortage, type SendOutcome } from "./channel.ts";
import { checksum } from "./checksum.ts";
import { openSocket, setOption } from "./datagram-socket.ts";
import { type HostKey, hostKey } from "./host-key.ts";
import { Receiver } from "./receiver.ts";

const { errno } = constants;
const tcpProtocol = 6;
/** IPV6_CHECKSUM: where the kernel writes the checksum of what leaves a raw socket. */
const ipv6Checksum = 7;
const ackBytes = 20;

export class AckChannel implements Channel {
	readonly fds: readonly number[];
	private readonly libc: Libc;
	private readonly routes: Routes;
	private readonly sockets = new Map<4 | 6, number>();
	private readonly receiver: Receiver;
	private readonly address: NativeMemory;
	private readonly packet: NativeMemory;
	private readonly port: number;
	private readonly hashKey: HashKey = [randomInt(2 ** 32), randomInt(2 ** 32)];

	/** `port` is sent from; the kernel must not hand it out. */
	constructor(libc: Libc, routes: Routes, port: number) {
		this.libc = libc;
		this.routes = routes;
		this.port = port;
		this.receiver = new Receiver(libc);
		this.address = libc.allocate(32);
		this.packet = libc.allocate(ackBytes);
		for (const family of [4, 6] as const) this.open(family);
		this.fds = [...this.sockets.values()];
	}

	can(family: 4 | 6): boolean {
		return this.sockets.has(family);
	}

	send({ socketAddress, family, key }: Destination, port: number): SendOutcome {
		const fd = this.sockets.get(family);
		if (fd === undefined) return "never";
		const addresses = this.addressSum(key);
		if (addresses === null) return "never";
		this.packet.bytes.set(ackSegment(this.port, port, this.cookie(key, port), addresses));
		this.address.bytes.set(socketAddress);
		const { libc } = this;
		const { pointer } = this.packet;
		const sent = libc.sendto(fd, pointer, ackBytes, linux.MSG_DONTWAIT, this.address.pointer, socketAddress.length);
		if (sent >= 0) return "sent";
		return isShortage(libc.errno(), errno) ? "full" : "never";
	}

	receive(limit: number, heard: (answer: Heard) => void): number {
		let read = 0;
		for (const [family, fd] of this.sockets) {
			for (; read < limit; read++) {
				const bytes = this.receiver.read(fd);
				if (bytes === null) break;
				const reset = readReset(family === 4 ? bytes.subarray(((bytes[0] ?? 0) & 15) * 4) : bytes, this.port);
				if (reset === null) continue;
				const key = hostKey(this.receiver.name, family === 4 ? 4 : 8, family);
				if (reset.sequence !== this.cookie(key, reset.port)) continue;
				heard({ key, kind: "ack", port: reset.port, state: "open", alive: true, reply: null, mac: null });
			}
		}
		return read;
	}

	close(): void {
		for (const fd of this.fds) this.libc.close(fd);
	}

	private open(family: 4 | 6): void {
		const { libc } = this;
		const fd = openSocket(libc, family === 4 ? linux.AF_INET : linux.AF_INET6, linux.SOCK_RAW, tcpProtocol);
		if (fd < 0) return;
		const ready =
			attachFilter(libc, fd, filterReset(family, this.port)) &&
			(family === 4 || setOption(libc, fd, linux.IPPROTO_IPV6, ipv6Checksum, 16));
		if (ready) this.sockets.set(family, fd);
		else libc.close(fd);
	}

	/** What the addresses add to the checksum; null without a way there. The kernel does it for IPv6. */
	private addressSum(to: HostKey): number | null {
		if (typeof to === "string") return 0;
		const route = this.routes.find(to);
		if (route.kind === "none") return null;
		const from = route.source;
		return (from >>> 16) + (from & 0xffff) + (to >>> 16) + (to & 0xffff) + tcpProtocol + ackBytes;
	}

	private cookie(key: HostKey, port: number): number {
		const words =
			typeof key === "number"
				? Uint32Array.of(key, port)
				: Uint32Array.of(...Array.from(key, (_, i) => key.charCodeAt(i)), port);
		return keyedHash(this.hashKey, words, words.length);
	}
}

/** A segment with nothing but an acknowledgement. `addresses` goes into the checksum, which is 0 where it is 0. */
export function ackSegment(from: number, to: number, acknowledged: number, addresses: number): Uint8Array {
	const bytes = new Uint8Array(ackBytes);
	const view = new DataView(bytes.buffer);
	view.setUint16(0, from);
	view.setUint16(2, to);
	// Any will do: there is no connection it could belong to.
	view.setUint32(4, acknowledged ^ 0x5a5a5a5a);
	view.setUint32(8, acknowledged);
	view.setUint16(12, 0x5010);
	view.setUint16(14, 1_024);
	if (addresses > 0) view.setUint16(16, checksum(bytes, addresses));
	return bytes;
}

/** Port and sequence number of a reset to our port; null for any other segment. */
export function readReset(segment: Uint8Array, ourPort: number): { port: number; sequence: number } | null {
	if (segment.length < ackBytes) return null;
	const view = new DataView(segment.buffer, segment.byteOffset, segment.byteLength);
	if (view.getUint16(2) !== ourPort || (view.getUint8(13) & 0x04) === 0) return null;
	return { port: view.getUint16(0), sequence: view.getUint32(4) };
}
