/**
 * Puts probes on their way: by the kernel's routing to addresses of this machine and over interfaces without hardware
 * addresses, straight to the interface elsewhere. Opens the sockets for it and closes them.
 */
import { type Libc, linux } from "../libc.ts";
import { Neighbours, writeLinkAddress } from "./neighbours.ts";
import type { Route } from "./netlink.ts";
import { filterNothing } from "./packet-filter.ts";
import type { AddressValue, Path, RawHost } from "./raw-host.ts";
import { attachFilter, RawSocketError, widenSendBuffer } from "./raw-socket.ts";
import { Routes } from "./routes.ts";
import { prepareSyn4, prepareSyn6, syn4Length, syn6Length, writeSyn4, writeSyn6 } from "./syn-packet.ts";
import { batchSize, TransmitBatch } from "./transmit-batch.ts";

const ipEtherType = 0x0800;
const [ipprotoTcp, ipprotoRaw, ipprotoIpv6, ipv6Checksum, checksumOffset] = [6, 255, 41, 7, 16];

export class ProbeSender {
	readonly neighbours: Neighbours;
	private readonly libc: Libc;
	private readonly routes: Routes;
	/** Many hosts go the same way: one object for all of them. */
	private readonly ways = new WeakMap<Route, Path>();
	private readonly byIp: TransmitBatch<RawHost>;
	private readonly byLink: TransmitBatch<RawHost>;
	/** Null where this machine has no IPv6. */
	private readonly byIp6: TransmitBatch<RawHost> | null;

	constructor(libc: Libc) {
		this.libc = libc;
		this.byIp = this.open(linux.AF_INET, linux.SOCK_RAW, ipprotoRaw, syn4Length, 16);
		this.byLink = this.open(linux.AF_PACKET, linux.SOCK_DGRAM, 0, syn4Length, 20);
		for (let i = 0; i < batchSize; i++) {
			prepareSyn4(this.byIp.view, this.byIp.packetAt(i));
			prepareSyn4(this.byLink.view, this.byLink.packetAt(i));
		}
		this.byIp6 = this.openIp6();
		this.routes = new Routes(libc);
		this.neighbours = new Neighbours(libc);
	}

	get batches(): readonly TransmitBatch<RawHost>[] {
		return this.byIp6 === null ? [this.byIp, this.byLink] : [this.byIp, this.byLink, this.byIp6];
	}

	get hasIp6(): boolean {
		return this.byIp6 !== null;
	}

	/** A batch is full: `send` before more is added. */
	get isFull(): boolean {
		return this.byIp.isFull || this.byLink.isFull || (this.byIp6?.isFull ?? false);
	}

	/** The way to an address; null while the next hop is being asked for, `found` is then called. */
	findPath(address: AddressValue, nowMs: number, found: (path: Path | "none") => void): Path | "none" | null {
		if (typeof address !== "number") {
			return this.byIp6 === null ? "none" : { kind: "ip6", key: `6 ${address[0]}:${address[1]}` };
		}
		// Every address of 127/8 is this machine: no need to ask.
		if (address >>> 24 === 127) return loopback;
		const route = this.routes.find(address, nowMs);
		if (route.kind === "none") return "none";
		const known = this.ways.get(route);
		if (route.kind === "local") return known ?? this.keep(route, { kind: "ip", key: localKey, source: route.source });
		const link = this.routes.link(route.interface, nowMs);
		const key = known?.key ?? `${route.interface} ${route.gateway ?? "direct"}`;
		if (link === null || !link.ethernet) {
			return known?.kind === "ip" ? known : this.keep(route, { kind: "ip", key, source: route.source });
		}
		const hop = {
			interface: route.interface,
			source: route.source,
			hardwareSource: link.hardwareAddress,
			address: route.gateway ?? address,
		};
		const neighbour = this.neighbours.find(hop, nowMs);
		const path: Path =
			known?.kind === "link" && known.neighbour === neighbour
				? known
				: this.keep(route, { kind: "link", key, source: route.source, interface: route.interface, neighbour });
		if (neighbour.state === "asking") {
			neighbour.waiting.push(() => found(neighbour.state === "known" ? path : "none"));
			return null;
		}
		return neighbour.state === "known" ? path : "none";
	}

	private keep(route: Route, path: Path): Path {
		this.ways.set(route, path);
		return path;
	}

	/** Puts one probe into its batch. */
	add(owner: RawHost, path: Path, fromPort: number, toPort: number, sequence: number): void {
		const { address } = owner;
		if (path.kind === "ip6") {
			const batch = this.byIp6;
			if (batch === null || typeof address === "number") return;
			const place = batch.add(owner);
			const at = batch.addressAt(place);
			batch.view.setUint16(at, linux.AF_INET6, true);
			for (let i = 0; i < 4; i++) batch.view.setUint32(at + 8 + i * 4, address[i] ?? 0);
			writeSyn6(batch.view, batch.packetAt(place), fromPort, toPort, sequence);
			return;
		}
		if (typeof address !== "number") return;
		const batch = path.kind === "ip" ? this.byIp : this.byLink;
		const place = batch.add(owner);
		const at = batch.addressAt(place);
		if (path.kind === "ip") {
			batch.view.setUint16(at, linux.AF_INET, true);
			batch.view.setUint32(at + 4, address);
		} else {
			const { hardwareAddress } = path.neighbour;
			writeLinkAddress(batch.view, batch.bytes, at, ipEtherType, path.interface, hardwareAddress);
		}
		writeSyn4(batch.view, batch.packetAt(place), path.source, address, fromPort, toPort, sequence);
	}

	close(): void {
		for (const { fd } of this.batches) this.libc.close(fd);
		this.routes.close();
		this.neighbours.close();
	}

	private open(
		family: number,
		type: number,
		protocol: number,
		packet: number,
		address: number,
	): TransmitBatch<RawHost> {
		const fd = this.libc.socket(family, type | linux.SOCK_NONBLOCK | linux.SOCK_CLOEXEC, protocol);
		if (fd < 0) throw new RawSocketError("raw socket", this.libc);
		widenSendBuffer(this.libc, fd);
		return new TransmitBatch<RawHost>(this.libc, fd, packet, address);
	}

	/** The kernel finds way and source, and writes the checksum (RFC 3542 3.1). */
	private openIp6(): TransmitBatch<RawHost> | null {
		const { libc } = this;
		const type = linux.SOCK_RAW | linux.SOCK_NONBLOCK | linux.SOCK_CLOEXEC;
		const fd = libc.socket(linux.AF_INET6, type, ipprotoTcp);
		if (fd < 0) return null;
		const option = libc.allocate(4);
		option.view.setInt32(0, checksumOffset, true);
		const ready =
			attachFilter(libc, fd, filterNothing()) &&
			libc.setsockopt(fd, ipprotoIpv6, ipv6Checksum, option.pointer, 4) === 0;
		if (!ready) {
			libc.close(fd);
			return null;
		}
		widenSendBuffer(libc, fd);
		const batch = new TransmitBatch<RawHost>(libc, fd, syn6Length, 28);
		for (let i = 0; i < batchSize; i++) prepareSyn6(batch.view, batch.packetAt(i));
		return batch;
	}
}

/** The key of ways that do not leave this machine. */
const localKey = "local";
const loopback: Path = { kind: "ip", key: localKey, source: 0x7f000001 };
