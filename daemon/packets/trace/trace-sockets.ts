/**
 * Sockets that send one probe with few hops to live and hear of what became of it, without privileges: the kernel queues
 * the ICMP errors about a connected datagram socket (IP_RECVERR). Linux, 64 bits.
 */
import { constants } from "node:os";
import { type Libc, linux, type NativeMemory } from "../libc.ts";
import { portOffset, socketAddress } from "../socket-address.ts";
import {
	datagram,
	echoReplyNumber,
	echoRequest,
	meaningOf,
	type ProbeKind,
	quotedNumber,
	readExtendedError,
} from "./read-answer.ts";

export interface TraceSocket {
	readonly fd: number;
	readonly kind: ProbeKind;
	readonly family: 4 | 6;
	readonly target: string;
}

export interface Heard {
	/** Of the probe it answers; null when the answer does not say. */
	readonly number: number | null;
	readonly meaning: "router" | "host" | "refusal";
	readonly from: string | null;
}

const { errno } = constants;
/** Answers read from one socket in one go; more are a flood. */
const mostAtOnce = 16;
const quoteBytes = 128;
const controlBytes = 256;

export class TraceSockets {
	readonly #libc: Libc;
	readonly #id: number;
	/** A datagram goes to this port; null: none may be sent. */
	readonly #udpPort: number | null;
	readonly #target: NativeMemory;
	readonly #option: NativeMemory;
	readonly #probe: NativeMemory;
	readonly #message: NativeMemory;
	readonly #quote: NativeMemory;
	readonly #control: NativeMemory;
	#entries: NativeMemory;

	/** `id` tells our echo requests from those of others on a raw socket. 16 bits. */
	constructor(libc: Libc, options: { id: number; udpPort: number | null }) {
		this.#libc = libc;
		this.#id = options.id;
		this.#udpPort = options.udpPort;
		this.#target = libc.allocate(32);
		this.#option = libc.allocate(8);
		this.#probe = libc.allocate(64);
		this.#quote = libc.allocate(quoteBytes);
		this.#control = libc.allocate(controlBytes);
		this.#entries = libc.allocate(8 * 64);
		this.#message = libc.allocate(56 + 16 + 32);
		const { view, pointer } = this.#message;
		view.setBigUint64(56, BigInt(this.#quote.pointer), true);
		view.setBigUint64(64, BigInt(quoteBytes), true);
		view.setBigUint64(0, BigInt(pointer + 72), true);
		view.setBigUint64(16, BigInt(pointer + 56), true);
		view.setBigUint64(24, 1n, true);
		view.setBigUint64(32, BigInt(this.#control.pointer), true);
	}

	/** Null where this kind cannot be had here, or the target cannot be reached at all. */
	open(kind: ProbeKind, target: string): TraceSocket | null {
		const address = socketAddress(target);
		if (address === null || (kind === "udp" && this.#udpPort === null)) return null;
		const family = address.length === 16 ? 4 : 6;
		const icmp = family === 4 ? linux.IPPROTO_ICMP : linux.IPPROTO_ICMPV6;
		const type = (kind === "raw-echo" ? linux.SOCK_RAW : linux.SOCK_DGRAM) | linux.SOCK_NONBLOCK | linux.SOCK_CLOEXEC;
		const domain = family === 4 ? linux.AF_INET : linux.AF_INET6;
		const fd = this.#libc.socket(domain, type, kind === "udp" ? 0 : icmp);
		if (fd < 0) return null;
		this.#target.bytes.set(address);
		if (kind === "udp") this.#target.view.setUint16(portOffset, this.#udpPort ?? 0, false);
		const socket: TraceSocket = { fd, kind, family, target };
		const heard = family === 4 ? linux.IP_RECVERR : linux.IPV6_RECVERR;
		if (this.#set(socket, heard, 1) && this.#libc.connect(fd, this.#target.pointer, address.length) === 0)
			return socket;
		this.close(socket);
		return null;
	}

	/** `shortage`: the machine has no buffer to spare just now. `never`: it cannot be sent there. */
	send(socket: TraceSocket, hops: number, number: number): "sent" | "shortage" | "never" {
		const option = socket.family === 4 ? linux.IP_TTL : linux.IPV6_UNICAST_HOPS;
		if (!this.#set(socket, option, hops)) return "never";
		const bytes = socket.kind === "udp" ? datagram(number) : echoRequest(socket.family, this.#id, number);
		this.#probe.bytes.set(bytes);
		// An error that an earlier probe has brought stands before the first call that comes after it.
		for (let attempt = 0; attempt < 3; attempt++) {
			const sent = this.#libc.sendto(socket.fd, this.#probe.pointer, bytes.length, linux.MSG_DONTWAIT, 0, 0);
			if (sent === bytes.length) return "sent";
			const failure = this.#libc.errno();
			if (failure === errno.ENOBUFS || failure === errno.EAGAIN || failure === errno.ENOMEM) return "shortage";
			if (failure === errno.ENETUNREACH || failure === errno.EPERM || failure === errno.EACCES) return "never";
		}
		return "never";
	}

	/** Waits for the first answer to any of them; those that have something, by their place. */
	wait(sockets: readonly TraceSocket[], waitMs: number): number[] {
		if (sockets.length * 8 > this.#entries.bytes.length) this.#entries = this.#libc.allocate(sockets.length * 16);
		for (const [index, { fd }] of sockets.entries()) {
			this.#entries.view.setInt32(index * 8, fd, true);
			this.#entries.view.setUint32(index * 8 + 4, linux.POLLIN, true);
		}
		if (this.#libc.poll(this.#entries.pointer, sockets.length, waitMs) <= 0) return [];
		return sockets.flatMap((_, index) => (this.#entries.view.getUint16(index * 8 + 6, true) === 0 ? [] : [index]));
	}

	read(socket: TraceSocket): Heard[] {
		return [...this.#readErrors(socket), ...this.#readReplies(socket)];
	}

	close(socket: TraceSocket): void {
		this.#libc.close(socket.fd);
	}

	#readErrors(socket: TraceSocket): Heard[] {
		const heard: Heard[] = [];
		for (let count = 0; count < mostAtOnce; count++) {
			this.#message.view.setUint32(8, 28, true);
			this.#message.view.setBigUint64(40, BigInt(controlBytes), true);
			const length = this.#libc.recvmsg(socket.fd, this.#message.pointer, linux.MSG_ERRQUEUE | linux.MSG_DONTWAIT);
			if (length < 0) break;
			const written = Math.min(controlBytes, Number(this.#message.view.getBigUint64(40, true)));
			const error = readExtendedError(this.#control.bytes.subarray(0, written));
			if (error === null) continue;
			const number = quotedNumber(socket.kind, this.#quote.bytes.subarray(0, Math.min(quoteBytes, length)));
			heard.push({ number, meaning: meaningOf(error, socket.family, socket.target), from: error.from });
		}
		return heard;
	}

	#readReplies(socket: TraceSocket): Heard[] {
		const heard: Heard[] = [];
		for (let count = 0; count < mostAtOnce; count++) {
			const length = this.#libc.recv(socket.fd, this.#quote.pointer, quoteBytes, linux.MSG_DONTWAIT);
			if (length < 0) break;
			const bytes = this.#quote.bytes.subarray(0, Math.min(quoteBytes, length));
			const number = socket.kind === "udp" ? null : echoReplyNumber(socket.kind, socket.family, bytes, this.#id);
			if (socket.kind === "udp" || number !== null) heard.push({ number, meaning: "host", from: socket.target });
		}
		return heard;
	}

	#set(socket: TraceSocket, option: number, value: number): boolean {
		this.#option.view.setInt32(0, value, true);
		const level = socket.family === 4 ? linux.IPPROTO_IP : linux.IPPROTO_IPV6;
		return this.#libc.setsockopt(socket.fd, level, option, this.#option.pointer, 4) === 0;
	}
}
