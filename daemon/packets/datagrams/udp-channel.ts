/**
 * UDP without privileges: one socket for each family asks everybody, and the kernel's error queue (IP_RECVERR) tells which
 * ICMP messages came back. A service may answer from another port than it was asked on; two protocols are known to.
 */
import { constants } from "node:os";
import { formatAddress } from "../../scope/address.ts";
import { type Libc, linux, type NativeMemory } from "../libc.ts";
import { portOffset } from "../socket-address.ts";
import { readExtendedError } from "../trace/read-answer.ts";
import { type Channel, type Destination, type Heard, isShortage, type SendOutcome } from "./channel.ts";
import { openSocket, setOption } from "./datagram-socket.ts";
import { type HostKey, hostKey } from "./host-key.ts";
import type { UdpState } from "./job.ts";
import { payloadsOf } from "./payloads/index.ts";
import { Receiver } from "./receiver.ts";

const { errno } = constants;
/** Of a reply so much is kept: enough to recognise it. */
const keptBytes = 1_024;
/** An error about an earlier packet stands in the way of the next call; so many may have piled up. */
const mostPending = 8;

export class UdpChannel implements Channel {
	readonly fds: readonly number[];
	private readonly libc: Libc;
	private readonly sockets = new Map<4 | 6, number>();
	private readonly ownPorts = new Map<4 | 6, number>();
	private readonly receiver: Receiver;
	private readonly address: NativeMemory;
	private readonly payload: NativeMemory;

	constructor(libc: Libc) {
		this.libc = libc;
		this.receiver = new Receiver(libc);
		this.address = libc.allocate(32);
		this.payload = libc.allocate(2_048);
		for (const family of [4, 6] as const) this.open(family);
		this.fds = [...this.sockets.values()];
	}

	send({ socketAddress, family }: Destination, port: number, variant: number): SendOutcome {
		const fd = this.sockets.get(family);
		const payload = payloadsOf(port)[variant];
		if (fd === undefined || payload === undefined) return "never";
		this.payload.bytes.set(payload);
		this.address.bytes.set(socketAddress);
		this.address.view.setUint16(portOffset, port);
		const { libc } = this;
		for (let i = 0; i < mostPending; i++) {
			const sent = libc.sendto(
				fd,
				this.payload.pointer,
				payload.length,
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
		for (const [family, fd] of this.sockets) {
			read += this.readErrors(fd, family, limit, heard);
			read += this.readReplies(fd, family, limit, heard);
		}
		return read;
	}

	close(): void {
		for (const fd of this.fds) this.libc.close(fd);
	}

	private open(family: 4 | 6): void {
		const { libc } = this;
		const fd = openSocket(libc, family === 4 ? linux.AF_INET : linux.AF_INET6, linux.SOCK_DGRAM, 0);
		if (fd < 0) return;
		const told =
			family === 4
				? setOption(libc, fd, linux.IPPROTO_IP, linux.IP_RECVERR, 1)
				: setOption(libc, fd, linux.IPPROTO_IPV6, linux.IPV6_RECVERR, 1) &&
					setOption(libc, fd, linux.IPPROTO_IPV6, ipv6Only, 1);
		this.address.bytes.fill(0);
		this.address.view.setUint16(0, family === 4 ? linux.AF_INET : linux.AF_INET6, true);
		if (!told || libc.bind(fd, this.address.pointer, family === 4 ? 16 : 28) !== 0) {
			libc.close(fd);
			return;
		}
		const length = libc.allocate(4);
		length.view.setUint32(0, 28, true);
		libc.getsockname(fd, this.address.pointer, length.pointer);
		this.sockets.set(family, fd);
		this.ownPorts.set(family, this.address.view.getUint16(portOffset));
	}

	private readErrors(fd: number, family: 4 | 6, limit: number, heard: (answer: Heard) => void): number {
		let read = 0;
		for (; read < limit; read++) {
			const control = this.receiver.readError(fd);
			if (control === null) break;
			const error = readExtendedError(control);
			if (error === null) continue;
			const state = udpStateOf(error.type, error.code, family);
			if (state === null) continue;
			const { name } = this.receiver;
			const to = hostKey(name, family === 4 ? 4 : 8, family);
			heard({
				...{ key: to, kind: "udp", port: name.getUint16(portOffset), state, reply: null, mac: null },
				alive: error.from !== null && isSame(error.from, to, name, family),
			});
		}
		return read;
	}

	private readReplies(fd: number, family: 4 | 6, limit: number, heard: (answer: Heard) => void): number {
		let read = 0;
		// What stands in the way of the first calls may be the errors that have been read already.
		for (let empty = 0; read < limit && empty < mostPending; ) {
			const bytes = this.receiver.read(fd);
			if (bytes === null) {
				if (isShortage(this.libc.errno(), errno)) break;
				empty++;
				continue;
			}
			read++;
			const { name } = this.receiver;
			const from = name.getUint16(portOffset);
			// One of our own datagrams, sent to our own port on this machine.
			if (from === this.ownPorts.get(family)) continue;
			const key: HostKey = hostKey(name, family === 4 ? 4 : 8, family);
			const reply = bytes.slice(0, keptBytes);
			heard({ key, kind: "udp", port: from, state: "open", alive: true, reply, mac: null });
			const asked = askedPort(bytes);
			if (asked !== null && asked !== from) {
				heard({ key, kind: "udp", port: asked, state: "open", alive: true, reply, mac: null });
			}
		}
		return read;
	}
}

const ipv6Only = 26;

/** What an ICMP or ICMPv6 message about a datagram says of the port; null for one that says nothing (RFC 792, RFC 4443). */
export function udpStateOf(type: number, code: number, family: 4 | 6): UdpState | null {
	if (family === 4) {
		if (type !== 3) return null;
		if (code === 3) return "closed";
		// Protocol unreachable, and administratively prohibited: network, host, communication.
		return [2, 9, 10, 13].includes(code) ? "filtered" : "unreachable";
	}
	if (type !== 1) return null;
	if (code === 4) return "closed";
	// Prohibited, failed ingress policy, rejected route.
	return [1, 5, 6].includes(code) ? "filtered" : "unreachable";
}

/**
 * The port whose service answers from another one: TFTP opens a port for each transfer (RFC 1350 section 4), and many
 * devices send the answer to an SSDP search from any. Null for other replies.
 */
export function askedPort(reply: Uint8Array): number | null {
	// DATA, ERROR, or OACK.
	if (reply.length >= 4 && reply[0] === 0 && (reply[1] === 3 || reply[1] === 5 || reply[1] === 6)) return 69;
	const start = String.fromCharCode(...reply.subarray(0, 5));
	return start === "HTTP/" ? 1_900 : null;
}

/** Without a look at the text where it can be helped: an ICMP message for each closed port comes through here. */
function isSame(from: string, to: HostKey, name: DataView, family: 4 | 6): boolean {
	if (family === 4) {
		return from === `${name.getUint8(4)}.${name.getUint8(5)}.${name.getUint8(6)}.${name.getUint8(7)}`;
	}
	const bytes = Array.from({ length: 8 }, (_, i) => name.getUint16(8 + i * 2));
	return typeof to === "string" && canonical(bytes) === from;
}

function canonical(words: readonly number[]): string {
	let value = 0n;
	for (const word of words) value = (value << 16n) | BigInt(word);
	return formatAddress({ family: 6, value });
}
