/**
 * Asks the local link who has an address: ARP (RFC 826) and IPv6 neighbour solicitation (RFC 4861). A host answers that
 * whatever its firewall drops. Addresses beyond a router, and this machine's own, cannot be asked. Raw sockets only.
 */
import { constants } from "node:os";
import { type Libc, linux, type NativeMemory } from "../libc.ts";
import { writeLinkAddress } from "../raw/neighbours.ts";
import { filterArp } from "../raw/packet-filter.ts";
import { attachFilter } from "../raw/raw-socket.ts";
import type { Routes } from "../raw/routes.ts";
import { type Channel, type Destination, type Heard, isShortage, type SendOutcome } from "./channel.ts";
import { openSocket, setOption } from "./datagram-socket.ts";
import { filterIcmp } from "./echo-channel.ts";
import { type HostKey, hostKey } from "./host-key.ts";
import {
	arpBytes,
	arpRequest,
	neighbourAdvertisement,
	neighbourSolicitation,
	readArpReply,
	solicitedNode,
} from "./link-packets.ts";
import { Receiver } from "./receiver.ts";

const { errno } = constants;
const arpEtherType = 0x0806;
const linkAddressBytes = 20;
const broadcast = new Uint8Array(6).fill(0xff);
const multicastHops = 18;
const advertisement = 136;

export class LinkChannel implements Channel {
	readonly fds: readonly number[];
	private readonly libc: Libc;
	private readonly routes: Routes;
	private readonly arp: number;
	private readonly neighbours: number;
	private readonly receiver: Receiver;
	private readonly address: NativeMemory;
	private readonly packet: NativeMemory;
	private readonly now: () => number;

	constructor(libc: Libc, routes: Routes, now: () => number) {
		this.libc = libc;
		this.routes = routes;
		this.now = now;
		this.receiver = new Receiver(libc);
		this.address = libc.allocate(32);
		this.packet = libc.allocate(64);
		this.arp = this.openArp();
		this.neighbours = this.openNeighbours();
		this.fds = [this.arp, this.neighbours].filter((fd) => fd >= 0);
	}

	can(family: 4 | 6): boolean {
		return (family === 4 ? this.arp : this.neighbours) >= 0;
	}

	/** `never` for whoever is not on the link. */
	send({ key, socketAddress }: Destination): SendOutcome {
		return typeof key === "number" ? this.askArp(key) : this.solicit(socketAddress.subarray(8, 24));
	}

	receive(limit: number, heard: (answer: Heard) => void): number {
		return this.hearArp(limit, heard) + this.hearNeighbours(limit, heard);
	}

	close(): void {
		for (const fd of this.fds) this.libc.close(fd);
	}

	private openArp(): number {
		const { libc, address } = this;
		const fd = openSocket(libc, linux.AF_PACKET, linux.SOCK_DGRAM, 0);
		if (fd < 0) return -1;
		address.bytes.fill(0);
		address.view.setUint16(0, linux.AF_PACKET, true);
		address.view.setUint16(2, arpEtherType, false);
		// The filter first and the protocol last: nothing that is not ARP comes in between.
		if (attachFilter(libc, fd, filterArp()) && libc.bind(fd, address.pointer, linkAddressBytes) === 0) return fd;
		libc.close(fd);
		return -1;
	}

	private openNeighbours(): number {
		const { libc } = this;
		const fd = openSocket(libc, linux.AF_INET6, linux.SOCK_RAW, linux.IPPROTO_ICMPV6);
		if (fd < 0) return -1;
		filterIcmp(libc, fd, 6, advertisement);
		// RFC 4861 section 7.1.1: anything that has crossed a router is not believed, so it starts at 255.
		setOption(libc, fd, linux.IPPROTO_IPV6, multicastHops, 255);
		return fd;
	}

	private askArp(target: number): SendOutcome {
		const { routes } = this;
		if (this.arp < 0) return "never";
		const route = routes.find(target, this.now());
		if (route.kind !== "unicast" || route.gateway !== null) return "never";
		const link = routes.link(route.interface, this.now());
		if (link === null || !link.ethernet || !link.up) return "never";
		this.packet.bytes.set(arpRequest(link.hardwareAddress, route.source, target));
		writeLinkAddress(this.address.view, this.address.bytes, 0, arpEtherType, route.interface, broadcast);
		return this.sent(this.arp, arpBytes, linkAddressBytes);
	}

	private solicit(target: Uint8Array): SendOutcome {
		if (this.neighbours < 0) return "never";
		const route = this.routes.find6(target);
		if (route.kind !== "unicast" || route.hasGateway) return "never";
		const link = this.routes.link(route.interface, this.now());
		if (link === null || !link.ethernet || !link.up) return "never";
		const message = neighbourSolicitation(target, link.hardwareAddress);
		this.packet.bytes.set(message);
		const { view, bytes } = this.address;
		// struct sockaddr_in6: family, port, flow label, address, and the interface that a link-local group needs.
		bytes.fill(0);
		view.setUint16(0, linux.AF_INET6, true);
		bytes.set(solicitedNode(target), 8);
		view.setUint32(24, route.interface, true);
		return this.sent(this.neighbours, message.length, 28);
	}

	private sent(fd: number, length: number, addressLength: number): SendOutcome {
		const { libc, packet, address } = this;
		if (libc.sendto(fd, packet.pointer, length, linux.MSG_DONTWAIT, address.pointer, addressLength) >= 0) return "sent";
		return isShortage(libc.errno(), errno) ? "full" : "never";
	}

	private hearArp(limit: number, heard: (answer: Heard) => void): number {
		if (this.arp < 0) return 0;
		let read = 0;
		for (; read < limit; read++) {
			const bytes = this.receiver.read(this.arp);
			if (bytes === null) break;
			const reply = readArpReply(bytes);
			if (reply !== null) heard(found(reply.address, reply.mac));
		}
		return read;
	}

	private hearNeighbours(limit: number, heard: (answer: Heard) => void): number {
		if (this.neighbours < 0) return 0;
		let read = 0;
		for (; read < limit; read++) {
			const bytes = this.receiver.read(this.neighbours);
			if (bytes === null) break;
			const reply = neighbourAdvertisement(bytes);
			if (reply === null) continue;
			const view = new DataView(reply.address.buffer, reply.address.byteOffset, 16);
			heard(found(hostKey(view, 0, 6), reply.mac));
		}
		return read;
	}
}

function found(key: HostKey, mac: string): Heard {
	return { key, kind: "link", port: 0, state: "open", alive: true, reply: null, mac };
}
