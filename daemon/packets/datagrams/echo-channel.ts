/**
 * Echo requests (RFC 792, RFC 4443): over a datagram ICMP socket where the administrator lets this process have one
 * (`net.ipv4.ping_group_range`), else over a raw one. What comes back proves itself by what it carries.
 */
import { randomBytes } from "node:crypto";
import { constants } from "node:os";
import { type Libc, linux, type NativeMemory } from "../libc.ts";
import { type Channel, type Destination, type Heard, isShortage, type SendOutcome } from "./channel.ts";
import { checksum } from "./checksum.ts";
import { openSocket } from "./datagram-socket.ts";
import { hostKey } from "./host-key.ts";
import { Receiver } from "./receiver.ts";

const { errno } = constants;
const tokenBytes = 8;
const headerBytes = 8;
const echoBytes = headerBytes + tokenBytes;

interface Socket {
	readonly fd: number;
	/** Sees whole packets, and everybody's. */
	readonly raw: boolean;
}

export class EchoChannel implements Channel {
	readonly fds: readonly number[];
	private readonly libc: Libc;
	private readonly sockets = new Map<4 | 6, Socket>();
	private readonly receiver: Receiver;
	private readonly address: NativeMemory;
	private readonly request: NativeMemory;
	private readonly token = randomBytes(tokenBytes);
	private readonly requests = { 4: echoRequest(4, this.token), 6: echoRequest(6, this.token) };

	/** Without `mayBeRaw` only the kind that needs no privilege. */
	constructor(libc: Libc, mayBeRaw = true) {
		this.libc = libc;
		this.receiver = new Receiver(libc);
		this.address = libc.allocate(32);
		this.request = libc.allocate(echoBytes);
		for (const family of [4, 6] as const) {
			const socket = this.open(family, mayBeRaw);
			if (socket !== null) this.sockets.set(family, socket);
		}
		this.fds = [...this.sockets.values()].map(({ fd }) => fd);
	}

	/** False where neither kind of socket can be had. */
	can(family: 4 | 6): boolean {
		return this.sockets.has(family);
	}

	send({ socketAddress, family }: Destination): SendOutcome {
		const socket = this.sockets.get(family);
		if (socket === undefined) return "never";
		this.request.bytes.set(this.requests[family]);
		this.address.bytes.set(socketAddress);
		const { libc } = this;
		// An error about an earlier packet may stand before the first call.
		for (let i = 0; i < 3; i++) {
			const sent = libc.sendto(
				socket.fd,
				this.request.pointer,
				echoBytes,
				linux.MSG_DONTWAIT,
				this.address.pointer,
				socketAddress.length,
			);
			if (sent >= 0) return "sent";
			if (isShortage(libc.errno(), errno)) return "full";
		}
		return "never";
	}

	receive(limit: number, heard: (answer: Heard) => void): number {
		let read = 0;
		for (const [family, { fd, raw }] of this.sockets) {
			for (; read < limit; read++) {
				const bytes = this.receiver.read(fd);
				if (bytes === null) break;
				const at = raw && family === 4 ? ((bytes[0] ?? 0) & 15) * 4 : 0;
				if (!isEchoReply(bytes.subarray(at), family, this.token)) continue;
				const key = hostKey(this.receiver.name, family === 4 ? 4 : 8, family);
				heard({ key, kind: "echo", port: 0, state: "open", alive: true, reply: null, mac: null });
			}
		}
		return read;
	}

	close(): void {
		for (const fd of this.fds) this.libc.close(fd);
	}

	private open(family: 4 | 6, mayBeRaw: boolean): Socket | null {
		const { libc } = this;
		const [domain, protocol] =
			family === 4 ? [linux.AF_INET, linux.IPPROTO_ICMP] : [linux.AF_INET6, linux.IPPROTO_ICMPV6];
		const ping = openSocket(libc, domain, linux.SOCK_DGRAM, protocol);
		if (ping >= 0) return { fd: ping, raw: false };
		if (!mayBeRaw) return null;
		const fd = openSocket(libc, domain, linux.SOCK_RAW, protocol);
		if (fd < 0) return null;
		filterIcmp(libc, fd, family, family === 4 ? 0 : 129);
		return { fd, raw: true };
	}
}

const solRaw = 255;

/** Lets a raw socket see one type of message only: a bit for each type, set for what is kept away (icmp(7), RFC 3542). */
export function filterIcmp(libc: Libc, fd: number, family: 4 | 6, type: number): void {
	const memory = libc.allocate(32);
	memory.bytes.fill(0xff);
	const word = (type >>> 5) * 4;
	memory.view.setUint32(word, ~(1 << (type & 31)), true);
	if (family === 4) libc.setsockopt(fd, solRaw, 1, memory.pointer, 4);
	else libc.setsockopt(fd, linux.IPPROTO_ICMPV6, 1, memory.pointer, 32);
}

/** A request that carries the token. The kernel writes identifier and checksum where the socket is not raw, and for IPv6. */
export function echoRequest(family: 4 | 6, token: Uint8Array): Uint8Array {
	const bytes = new Uint8Array(headerBytes + token.length);
	bytes[0] = family === 4 ? 8 : 128;
	bytes.set(token.subarray(0, 4), 4);
	bytes.set(token, headerBytes);
	if (family === 4) new DataView(bytes.buffer).setUint16(2, checksum(bytes));
	return bytes;
}

/** True for the answer to one of our requests, from its ICMP header on. */
export function isEchoReply(bytes: Uint8Array, family: 4 | 6, token: Uint8Array): boolean {
	if (bytes.length < headerBytes + token.length || bytes[0] !== (family === 4 ? 0 : 129) || bytes[1] !== 0)
		return false;
	for (let i = 0; i < token.length; i++) if (bytes[headerBytes + i] !== token[i]) return false;
	return true;
}
