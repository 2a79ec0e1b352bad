/**
 * Non-blocking connect and edge-triggered epoll. A refused socket goes back to its unconnected state in Linux, so it is
 * used again for the next attempt: a closed port costs one connect to ask and one to hear, no socket, close or epoll_ctl.
 */
import { constants } from "node:os";
import { type Connector, type Destination, maxEagerness, type Outcome, outcome, outcomeOf } from "./connector.ts";
import { descriptorLimit, type Libc, linux, type NativeMemory } from "./libc.ts";
import { portOffset } from "./socket-address.ts";

const { errno } = constants;
const eventsPerWait = 512;
/** Refused sockets kept for reuse, per family; a sixteenth of the descriptors at most. */
const keptSockets = 256;
/** Attempts without a look at once, before one is spent on finding out whether it would pay. */
const patience = 128;
/** `struct epoll_event` is packed on x86-64 only. */
const eventSize = process.arch === "x64" ? 12 : 16;
const eventDataOffset = process.arch === "x64" ? 4 : 8;

export class EpollConnector implements Connector {
	readonly name = "connect-epoll";
	readonly blocks = true;
	readonly capacity: number;
	private readonly kept: number;
	private readonly libc: Libc;
	private readonly epollFd: number;
	private readonly events: NativeMemory;
	private readonly target: NativeMemory;
	private readonly option: NativeMemory;
	/** By slot: the socket of a pending attempt, and how to call connect on it again. */
	private readonly sockets: Int32Array;
	private readonly destinations: (Destination | undefined)[] = [];
	private readonly ports: Uint16Array;
	/** By descriptor: its slot plus one, and whether epoll knows it. */
	private readonly slotOf = new Map<number, number>();
	private readonly watched = new Set<number>();
	private readonly idle4: number[] = [];
	private readonly idle6: number[] = [];

	/** `capacity` is capped so that the rest of the process keeps a quarter of the descriptors, and 64 at least. */
	constructor(libc: Libc, capacity: number) {
		const limit = descriptorLimit(libc);
		this.kept = Math.min(keptSockets, Math.floor(limit / 16));
		this.capacity = Math.max(1, Math.min(capacity, limit - 64 - this.kept * 2, Math.floor(limit * 0.75)));
		this.libc = libc;
		this.epollFd = libc.epollCreate(linux.EPOLL_CLOEXEC);
		if (this.epollFd < 0) throw new Error(`epoll_create1 failed, errno ${libc.errno()}`);
		this.events = libc.allocate(eventSize * eventsPerWait);
		this.target = libc.allocate(32);
		this.option = libc.allocate(64);
		this.sockets = new Int32Array(this.capacity).fill(-1);
		this.ports = new Uint16Array(this.capacity);
	}

	start(slot: number, destination: Destination, port: number): Outcome {
		const v4 = destination.socketAddress.length === 16;
		const recycled = (v4 ? this.idle4 : this.idle6).pop();
		const fd = recycled ?? this.openSocket(v4);
		if (fd < 0) return outcome.shortage;
		let failure = this.connect(fd, destination, port);
		if (failure === errno.EINPROGRESS && isEager(destination)) {
			failure = this.connect(fd, destination, port);
			if (failure !== errno.EALREADY) destination.eagerness = maxEagerness;
		}
		if (failure === errno.EINPROGRESS || failure === errno.EALREADY) return this.watch(slot, fd, destination, port);
		return this.settle(fd, failure, destination, port, recycled !== undefined);
	}

	cancel(slot: number): void {
		const fd = this.release(slot);
		if (fd >= 0) this.closeSocket(fd);
	}

	poll(waitMs: number, finished: (slot: number, result: Outcome) => void): number {
		const count = this.libc.epollWait(this.epollFd, this.events.pointer, eventsPerWait, waitMs);
		let settled = 0;
		for (let i = 0; i < count; i++) {
			const fd = this.events.view.getInt32(i * eventSize + eventDataOffset, true);
			const slot = this.slotOf.get(fd);
			const destination = slot === undefined ? undefined : this.destinations[slot];
			if (slot === undefined || destination === undefined) continue;
			const port = this.ports[slot] ?? 0;
			const failure = this.connect(fd, destination, port);
			if (failure === errno.EALREADY || failure === errno.EINPROGRESS) continue;
			this.release(slot);
			finished(slot, this.settle(fd, failure, destination, port, false));
			settled++;
		}
		return settled;
	}

	close(): void {
		for (let slot = 0; slot < this.capacity; slot++) this.cancel(slot);
		for (const fd of [...this.idle4, ...this.idle6]) this.closeSocket(fd);
		this.idle4.length = 0;
		this.idle6.length = 0;
		this.libc.close(this.epollFd);
	}

	/** 0 when connected, else the errno. On a socket that is connecting it tells how that stands. */
	private connect(fd: number, destination: Destination, port: number): number {
		const address = destination.socketAddress;
		this.target.bytes.set(address);
		this.target.bytes[portOffset] = port >>> 8;
		this.target.bytes[portOffset + 1] = port & 255;
		return this.libc.connect(fd, this.target.pointer, address.length) === 0 ? 0 : this.libc.errno();
	}

	private openSocket(v4: boolean): number {
		const type = linux.SOCK_STREAM | linux.SOCK_NONBLOCK | linux.SOCK_CLOEXEC;
		return this.libc.socket(v4 ? linux.AF_INET : linux.AF_INET6, type, 0);
	}

	/** Leaves an attempt to epoll. Edge-triggered: an idle socket must not be reported over and over. */
	private watch(slot: number, fd: number, destination: Destination, port: number): Outcome {
		if (!this.watched.has(fd)) {
			this.option.view.setUint32(0, (linux.EPOLLOUT | linux.EPOLLET) >>> 0, true);
			this.option.view.setInt32(eventDataOffset, fd, true);
			if (this.libc.epollControl(this.epollFd, linux.EPOLL_CTL_ADD, fd, this.option.pointer) !== 0) {
				this.closeSocket(fd);
				return outcome.shortage;
			}
			this.watched.add(fd);
		}
		this.sockets[slot] = fd;
		this.destinations[slot] = destination;
		this.ports[slot] = port;
		this.slotOf.set(fd, slot);
		return outcome.pending;
	}

	private release(slot: number): number {
		const fd = this.sockets[slot] ?? -1;
		if (fd < 0) return -1;
		this.sockets[slot] = -1;
		this.destinations[slot] = undefined;
		this.slotOf.delete(fd);
		return fd;
	}

	/** Turns a finished connect into its outcome, and keeps or closes the socket. */
	private settle(fd: number, failure: number, to: Destination, port: number, recycled: boolean): Outcome {
		if (failure === errno.ECONNREFUSED) {
			const idle = to.socketAddress.length === 16 ? this.idle4 : this.idle6;
			if (idle.length < this.kept) idle.push(fd);
			else this.closeSocket(fd);
			return outcome.closed;
		}
		const self = failure === 0 && this.isSelfConnected(fd, to, port);
		if (failure === 0) this.resetOnClose(fd);
		this.closeSocket(fd);
		if (self) return outcome.again;
		return recycled && failure === errno.EINVAL ? outcome.again : outcomeOf(failure);
	}

	/** A connect to an own address may pick the wanted port as its source and meet itself (simultaneous open, RFC 9293 3.5). */
	private isSelfConnected(fd: number, to: Destination, port: number): boolean {
		const lengthOffset = 48;
		this.option.view.setUint32(lengthOffset, 28, true);
		if (this.libc.getsockname(fd, this.option.pointer, this.option.pointer + lengthOffset) !== 0) return false;
		if (this.option.view.getUint16(portOffset, false) !== port) return false;
		const from = to.socketAddress.length === 16 ? 4 : 8;
		const end = from === 4 ? 8 : 24;
		for (let i = from; i < end; i++) if (this.option.bytes[i] !== to.socketAddress[i]) return false;
		return true;
	}

	/** SO_LINGER with 0 seconds: a reset instead of a FIN, so that neither side keeps the connection. */
	private resetOnClose(fd: number): void {
		this.option.view.setInt32(0, 1, true);
		this.option.view.setInt32(4, 0, true);
		this.libc.setsockopt(fd, linux.SOL_SOCKET, linux.SO_LINGER, this.option.pointer, 8);
	}

	private closeSocket(fd: number): void {
		this.watched.delete(fd);
		this.libc.close(fd);
	}
}

/** Spends one look; a destination that never answered at once gets another chance every so often. */
function isEager(destination: Destination): boolean {
	destination.eagerness--;
	if (destination.eagerness < -patience) destination.eagerness = 0;
	return destination.eagerness >= 0;
}
