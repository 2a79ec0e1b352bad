/**
 * Hardware addresses of next hops, asked for by ARP (RFC 826) without the kernel's table, which holds a thousand and then
 * fails. Only what was asked for is believed.
 */
import { type Libc, linux, type NativeMemory } from "../libc.ts";
import { filterArp } from "./packet-filter.ts";
import { attachFilter, RawSocketError } from "./raw-socket.ts";
import { TransmitBatch } from "./transmit-batch.ts";

/** When a request is repeated, and when the address counts as dead: milliseconds after the one before. */
const patienceMs = [150, 350, 600];
const knownForMs = 60_000;
const deadForMs = 3_000;
const arpEtherType = 0x0806;
const arpLength = 28;

export interface NextHop {
	readonly interface: number;
	/** Who asks: our address there, as a number and as hardware address. */
	readonly source: number;
	readonly hardwareSource: Uint8Array;
	readonly address: number;
}

export class Neighbour {
	state: "asking" | "known" | "dead" = "asking";
	readonly hardwareAddress = new Uint8Array(6);
	readonly hop: NextHop;
	tries = 0;
	dueMs = 0;
	/** Told once, when the state is no longer `asking`. */
	readonly waiting: (() => void)[] = [];

	constructor(hop: NextHop) {
		this.hop = hop;
	}
}

export class Neighbours {
	private readonly libc: Libc;
	private readonly batch: TransmitBatch<null>;
	private readonly reply: NativeMemory;
	private readonly byInterface = new Map<number, Map<number, Neighbour>>();
	private asking: Neighbour[] = [];

	constructor(libc: Libc) {
		this.libc = libc;
		const fd = libc.socket(linux.AF_PACKET, linux.SOCK_DGRAM | linux.SOCK_NONBLOCK | linux.SOCK_CLOEXEC, 0);
		if (fd < 0) throw new RawSocketError("ARP socket", libc);
		this.reply = libc.allocate(128);
		this.reply.view.setUint16(0, linux.AF_PACKET, true);
		this.reply.view.setUint16(2, arpEtherType, false);
		if (!attachFilter(libc, fd, filterArp()) || libc.bind(fd, this.reply.pointer, 20) !== 0) {
			const error = new RawSocketError("ARP socket", libc);
			libc.close(fd);
			throw error;
		}
		this.batch = new TransmitBatch<null>(libc, fd, arpLength, 20);
	}

	get fd(): number {
		return this.batch.fd;
	}
	/** Requests are out, or wait to be sent. */
	get busy(): boolean {
		return this.asking.length > 0;
	}

	/** The neighbour, asked for when it is not known or was long ago. */
	find(hop: NextHop, nowMs: number): Neighbour {
		const onInterface = this.byInterface.get(hop.interface) ?? new Map<number, Neighbour>();
		this.byInterface.set(hop.interface, onInterface);
		const known = onInterface.get(hop.address);
		if (known !== undefined && (known.state === "asking" || nowMs < known.dueMs)) return known;
		const neighbour = new Neighbour(hop);
		onInterface.set(hop.address, neighbour);
		neighbour.dueMs = nowMs;
		this.asking.push(neighbour);
		return neighbour;
	}

	/** Hears replies, then asks what is due, up to `allowance` packets. Returns how many were sent. */
	turn(nowMs: number, allowance: number): number {
		if (!this.busy) return 0;
		this.hear(nowMs);
		let sent = 0;
		const still: Neighbour[] = [];
		for (const neighbour of this.asking) {
			if (neighbour.state !== "asking") continue;
			if (nowMs >= neighbour.dueMs) {
				const wait = patienceMs[neighbour.tries];
				if (wait === undefined) {
					this.conclude(neighbour, "dead", nowMs + deadForMs);
					continue;
				}
				if (sent < allowance && !this.batch.isFull) {
					this.request(neighbour);
					neighbour.tries++;
					neighbour.dueMs = nowMs + wait;
					sent++;
				}
			}
			still.push(neighbour);
		}
		this.asking = still;
		// A request that the kernel refuses is like one that is lost: it is repeated, then given up.
		if (typeof this.batch.send() === "number") this.batch.skip();
		return sent;
	}

	close(): void {
		this.libc.close(this.fd);
	}

	private hear(nowMs: number): void {
		const { view, bytes, pointer } = this.reply;
		for (let i = 0; i < 512; i++) {
			const length = this.libc.recv(this.fd, pointer, 128, linux.MSG_DONTWAIT);
			if (length < arpLength) {
				if (length < 0) return;
				continue;
			}
			// Ethernet and IPv4, by the lengths of their addresses.
			if (view.getUint16(0) !== 1 || view.getUint16(2) !== 0x0800 || view.getUint16(4) !== 0x0604) continue;
			const address = view.getUint32(14);
			for (const onInterface of this.byInterface.values()) {
				const neighbour = onInterface.get(address);
				if (neighbour === undefined || neighbour.hop.source !== view.getUint32(24)) continue;
				neighbour.hardwareAddress.set(bytes.subarray(8, 14));
				if (neighbour.state === "asking") this.conclude(neighbour, "known", nowMs + knownForMs);
			}
		}
	}

	private conclude(neighbour: Neighbour, state: "known" | "dead", untilMs: number): void {
		neighbour.state = state;
		neighbour.dueMs = untilMs;
		for (const tell of neighbour.waiting.splice(0)) tell();
	}

	private request({ hop }: Neighbour): void {
		const { batch } = this;
		const place = batch.add(null);
		const [packet, address] = [batch.packetAt(place), batch.addressAt(place)];
		const { view, bytes } = batch;
		view.setUint16(packet, 1);
		view.setUint16(packet + 2, 0x0800);
		view.setUint16(packet + 4, 0x0604);
		view.setUint16(packet + 6, 1);
		bytes.set(hop.hardwareSource, packet + 8);
		view.setUint32(packet + 14, hop.source);
		bytes.fill(0, packet + 18, packet + 24);
		view.setUint32(packet + 24, hop.address);
		writeLinkAddress(view, bytes, address, arpEtherType, hop.interface, broadcast);
	}
}

const broadcast = new Uint8Array(6).fill(0xff);

/** `struct sockaddr_ll`: family, protocol, interface, type, packet type, length and hardware address. */
export function writeLinkAddress(
	view: DataView,
	bytes: Uint8Array,
	at: number,
	etherType: number,
	index: number,
	hardwareAddress: Uint8Array,
): void {
	view.setUint16(at, linux.AF_PACKET, true);
	view.setUint16(at + 2, etherType, false);
	view.setInt32(at + 4, index, true);
	view.setUint32(at + 8, 0);
	bytes[at + 11] = 6;
	// Six stores are quicker than a copy, and this is done for each packet.
	for (let i = 0; i < 6; i++) bytes[at + 12 + i] = hardwareAddress[i] ?? 0;
}
