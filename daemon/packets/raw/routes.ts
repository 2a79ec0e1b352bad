/**
 * Asks the kernel how it would reach an address, so that a packet we address ourselves takes the same way. Where its tables
 * tell no two addresses of a /24 apart, one answer is good for all of them until the kernel says that something changed.
 */
import { type Libc, linux, type NativeMemory } from "../libc.ts";
import {
	type Link,
	linkRequest,
	type Route,
	type Route6,
	readLink,
	readRoute,
	readRoute6,
	routeRequest,
	routeRequest6,
} from "./netlink.ts";
import { RawSocketError } from "./raw-socket.ts";
import { RouteNews } from "./route-news.ts";

const replyRoom = 8_192;
const linkLifeMs = 2_000;
const mostNetworks = 65_536;

export class Routes {
	private readonly libc: Libc;
	private readonly fd: number;
	private readonly memory: NativeMemory;
	private readonly links = new Map<number, { link: Link | null; until: number }>();
	private readonly news: RouteNews;
	/** By the first 24 bits of the address. */
	private readonly byNetwork = new Map<number, Route>();

	constructor(libc: Libc) {
		this.libc = libc;
		this.fd = libc.socket(linux.AF_NETLINK, linux.SOCK_RAW | linux.SOCK_CLOEXEC, 0);
		if (this.fd < 0) throw new RawSocketError("netlink socket", libc);
		this.memory = libc.allocate(replyRoom);
		this.news = new RouteNews(libc, this.memory);
	}

	/**
	 * The way to an IPv4 address; `none` when there is none, or none a packet of ours could take. The same object as long as
	 * it is the same way.
	 */
	find(address: number, nowMs = performance.now()): Route {
		const network = address >>> 8;
		if (this.news.changed(nowMs)) this.byNetwork.clear();
		const known = this.byNetwork.get(network);
		if (known !== undefined) return known;
		const reply = this.ask(routeRequest(address));
		const route: Route = reply === null ? { kind: "none" } : readRoute(reply);
		if (this.news.isOneWay(network, nowMs)) {
			if (this.byNetwork.size >= mostNetworks) this.byNetwork.clear();
			this.byNetwork.set(network, route);
		}
		return route;
	}

	/** The way to an IPv6 address, 16 bytes. */
	find6(address: Uint8Array): Route6 {
		const reply = this.ask(routeRequest6(address));
		return reply === null ? { kind: "none", interface: 0, hasGateway: false } : readRoute6(reply);
	}

	link(index: number, nowMs: number): Link | null {
		const known = this.links.get(index);
		if (known !== undefined && nowMs < known.until) return known.link;
		const reply = this.ask(linkRequest(index));
		const link = reply === null ? null : readLink(reply);
		this.links.set(index, { link, until: nowMs + linkLifeMs });
		return link;
	}

	close(): void {
		this.news.close();
		this.libc.close(this.fd);
	}

	/** The kernel answers within the call, so nothing is waited for. */
	private ask(request: Uint8Array): Uint8Array | null {
		const { libc, fd, memory } = this;
		memory.bytes.set(request);
		if (libc.sendto(fd, memory.pointer, request.length, 0, 0, 0) !== request.length) return null;
		const length = libc.recv(fd, memory.pointer, replyRoom, linux.MSG_DONTWAIT);
		return length <= 0 ? null : memory.bytes.subarray(0, length);
	}
}
