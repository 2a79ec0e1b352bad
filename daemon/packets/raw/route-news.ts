/**
 * What the kernel's IPv4 tables tell apart, and when they change: it says so on a socket that listens for it. Where it cannot
 * be known nothing is taken to be alike.
 */
import { constants } from "node:os";
import { type Libc, linux, type NativeMemory } from "../libc.ts";
import { dumpRequest, readDump } from "./netlink.ts";

const noRoom = constants.errno.ENOBUFS;
/** linux/rtnetlink.h, legacy groups: links, IPv4 addresses, routes and rules. */
const groups = 0x01 | 0x10 | 0x40 | 0x80;
/** A table beyond this is a router's: it is not read, and every address is asked for. */
const mostParts = 512;
/** Tables that change all the time are not read all the time. */
const readEveryMs = 1_000;

export class RouteNews {
	private readonly libc: Libc;
	private readonly memory: NativeMemory;
	/** -1 where nothing tells of changes. */
	private readonly fd: number;
	/** First 24 bits of networks with finer routes inside; null when not known. */
	private divided: Set<number> | null = null;
	private heardAtMs = Number.NaN;
	private readAtMs = Number.NEGATIVE_INFINITY;

	/** Uses the memory only within its calls. */
	constructor(libc: Libc, memory: NativeMemory) {
		this.libc = libc;
		this.memory = memory;
		this.fd = libc.socket(linux.AF_NETLINK, linux.SOCK_RAW | linux.SOCK_NONBLOCK | linux.SOCK_CLOEXEC, 0);
		if (this.fd < 0) return;
		// struct sockaddr_nl: family, padding, port id, groups
		memory.bytes.fill(0, 0, 12);
		memory.view.setUint16(0, linux.AF_NETLINK, true);
		memory.view.setUint32(8, groups, true);
		if (libc.bind(this.fd, memory.pointer, 12) === 0) return;
		libc.close(this.fd);
		this.fd = -1;
	}

	/** Something has changed since the last time this was asked. */
	changed(nowMs: number): boolean {
		if (this.fd < 0 || nowMs === this.heardAtMs) return false;
		this.heardAtMs = nowMs;
		const { libc, memory, fd } = this;
		let changed = false;
		for (;;) {
			const length = libc.recv(fd, memory.pointer, memory.bytes.length, linux.MSG_DONTWAIT);
			// ENOBUFS: more has changed than there was room for.
			if (length < 0 && libc.errno() !== noRoom) break;
			changed = true;
		}
		if (changed) this.divided = null;
		return changed;
	}

	/** All addresses with these first 24 bits are reached the same way. */
	isOneWay(network: number, nowMs: number): boolean {
		if (this.fd < 0) return false;
		if (this.divided === null && nowMs >= this.readAtMs + readEveryMs) {
			this.readAtMs = nowMs;
			this.divided = this.read();
		}
		return this.divided !== null && !this.divided.has(network);
	}

	close(): void {
		if (this.fd >= 0) this.libc.close(this.fd);
	}

	private read(): Set<number> | null {
		const divided = new Set<number>();
		let finerRule = false;
		const routes = this.dump("routes", (prefix, first) => {
			if (prefix > 24) divided.add(first >>> 8);
		});
		const rules = this.dump("rules", (prefix) => {
			finerRule ||= prefix > 24;
		});
		return routes && rules && !finerRule ? divided : null;
	}

	/** False when it did not come whole. A socket of its own: what is left of a dump must not answer anything else. */
	private dump(what: "routes" | "rules", each: (prefix: number, first: number) => void): boolean {
		const { libc, memory } = this;
		const fd = libc.socket(linux.AF_NETLINK, linux.SOCK_RAW | linux.SOCK_CLOEXEC, 0);
		if (fd < 0) return false;
		const request = dumpRequest(what);
		memory.bytes.set(request);
		let state = libc.sendto(fd, memory.pointer, request.length, 0, 0, 0) === request.length ? "more" : "failed";
		for (let part = 0; state === "more"; part++) {
			const length = part < mostParts ? libc.recv(fd, memory.pointer, memory.bytes.length, linux.MSG_DONTWAIT) : -1;
			state = length <= 0 ? "failed" : readDump(memory.bytes.subarray(0, length), each);
		}
		libc.close(fd);
		return state === "done";
	}
}
