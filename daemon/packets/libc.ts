/**
 * The one table of C library calls, through koffi: synchronous calls only, no callbacks, Linux only. Everything else that
 * talks to the kernel directly goes through here, so another FFI can take koffi's place in this file.
 */
import { createRequire } from "node:module";
import { endianness } from "node:os";

/** Calls return what C returns; after -1 `errno()` says why. Pointers are numbers into memory from `allocate`. */
export interface Libc {
	socket(domain: number, type: number, protocol: number): number;
	connect(fd: number, address: number, length: number): number;
	getsockname(fd: number, address: number, length: number): number;
	getsockopt(fd: number, level: number, name: number, value: number, length: number): number;
	setsockopt(fd: number, level: number, name: number, value: number, length: number): number;
	close(fd: number): number;
	epollCreate(flags: number): number;
	epollControl(epollFd: number, operation: number, fd: number, event: number): number;
	epollWait(epollFd: number, events: number, maxEvents: number, timeoutMs: number): number;
	getrlimit(resource: number, limit: number): number;
	bind(fd: number, address: number, length: number): number;
	/** How many of the messages were sent, or -1 when not even the first was. */
	sendmmsg(fd: number, messages: number, count: number, flags: number): number;
	sendto(fd: number, bytes: number, length: number, flags: number, address: number, addressLength: number): number;
	recv(fd: number, bytes: number, length: number, flags: number): number;
	recvmsg(fd: number, message: number, flags: number): number;
	poll(entries: number, count: number, timeoutMs: number): number;
	/** A number no pointer has (all bits set) after a failure. */
	mmap(hint: number, length: number, protection: number, flags: number, fd: number, offset: number): number;
	munmap(pointer: number, length: number): number;
	madvise(pointer: number, length: number, advice: number): number;
	errno(): number;
	/** Gives memory that was freed back to the kernel; nothing where the C library has no such call (musl). */
	trimHeap(): void;
	/** Zeroed memory that is never freed: nothing can point into it too late. */
	allocate(bytes: number): NativeMemory;
	/** Memory the kernel mapped; not to be touched after `munmap`. */
	viewOf(pointer: number, bytes: number): NativeMemory;
}

export interface NativeMemory {
	readonly pointer: number;
	readonly view: DataView;
	readonly bytes: Uint8Array;
}

/** Linux values that are the same on every architecture Node runs on there (x86, arm, riscv, loong, ppc, s390). */
export const linux = {
	AF_INET: 2,
	AF_INET6: 10,
	AF_NETLINK: 16,
	AF_PACKET: 17,
	SOCK_STREAM: 1,
	SOCK_DGRAM: 2,
	SOCK_RAW: 3,
	SOCK_NONBLOCK: 0o4000,
	SOCK_CLOEXEC: 0o2000000,
	SOL_SOCKET: 1,
	SO_SNDBUF: 7,
	SO_LINGER: 13,
	SO_PEERCRED: 17,
	SO_PEERGROUPS: 59,
	SO_ATTACH_FILTER: 26,
	SO_SNDBUFFORCE: 32,
	IPPROTO_IP: 0,
	IPPROTO_ICMP: 1,
	IPPROTO_IPV6: 41,
	IPPROTO_ICMPV6: 58,
	IP_TTL: 2,
	IP_RECVERR: 11,
	IPV6_UNICAST_HOPS: 16,
	IPV6_RECVERR: 25,
	MSG_DONTWAIT: 0x40,
	MSG_ERRQUEUE: 0x2000,
	POLLIN: 0x1,
	EPOLL_CTL_ADD: 1,
	EPOLLOUT: 0x4,
	EPOLLET: 0x8000_0000,
	EPOLL_CLOEXEC: 0o2000000,
	RLIMIT_NOFILE: 7,
	MADV_DONTNEED: 4,
} as const;

let loaded: { libc: Libc | null; reason: string } | undefined;

/** The table, loaded once per thread; `libc` is null with a reason (a clause) where it cannot be had. */
export function loadLibc(): { readonly libc: Libc | null; readonly reason: string } {
	loaded ??= tryLoad();
	return loaded;
}

function tryLoad(): { libc: Libc | null; reason: string } {
	if (process.platform !== "linux")
		return { libc: null, reason: `epoll is a Linux call and this is ${process.platform}` };
	if (endianness() !== "LE")
		return { libc: null, reason: "the calls' layouts are known for little-endian machines only" };
	try {
		// Not an import: it throws where koffi has no build for the platform, and that must not stop the daemon.
		return { libc: bind(createRequire(import.meta.url)("koffi") as typeof import("koffi").default), reason: "" };
	} catch (err) {
		const message = err instanceof Error ? (err.message.split("\n")[0] ?? "") : String(err);
		return { libc: null, reason: `koffi could not be loaded (${message})` };
	}
}

function bind(koffi: typeof import("koffi").default): Libc {
	const library = koffi.load(null);
	const call = <T>(definition: string) => library.func(definition) as unknown as T;
	return {
		socket: call("int socket(int, int, int)"),
		connect: call("int connect(int, uintptr_t, uint32_t)"),
		getsockname: call("int getsockname(int, uintptr_t, uintptr_t)"),
		getsockopt: call("int getsockopt(int, int, int, uintptr_t, uintptr_t)"),
		setsockopt: call("int setsockopt(int, int, int, uintptr_t, uint32_t)"),
		close: call("int close(int)"),
		epollCreate: call("int epoll_create1(int)"),
		epollControl: call("int epoll_ctl(int, int, int, uintptr_t)"),
		epollWait: call("int epoll_wait(int, uintptr_t, int, int)"),
		getrlimit: call("int getrlimit(int, uintptr_t)"),
		bind: call("int bind(int, uintptr_t, uint32_t)"),
		sendmmsg: call("int sendmmsg(int, uintptr_t, uint32_t, int)"),
		sendto: call("intptr_t sendto(int, uintptr_t, size_t, int, uintptr_t, uint32_t)"),
		recv: call("intptr_t recv(int, uintptr_t, size_t, int)"),
		recvmsg: call("intptr_t recvmsg(int, uintptr_t, int)"),
		poll: call("int poll(uintptr_t, uint64_t, int)"),
		mmap: call("uintptr_t mmap(uintptr_t, size_t, int, int, int, long)"),
		munmap: call("int munmap(uintptr_t, size_t)"),
		madvise: call("int madvise(uintptr_t, size_t, int)"),
		errno: koffi.errno,
		trimHeap: heapTrimmer(library),
		allocate(bytes) {
			const reference: unknown = koffi.alloc("uint8_t", bytes);
			const buffer = koffi.view(reference, bytes);
			const array = new Uint8Array(buffer);
			array.fill(0);
			return { pointer: Number(koffi.address(reference)), view: new DataView(buffer), bytes: array };
		},
		viewOf(pointer, bytes) {
			const buffer = koffi.view(pointer, bytes);
			return { pointer, view: new DataView(buffer), bytes: new Uint8Array(buffer) };
		},
	};
}

/** glibc's own call; looked for when it is first wanted. */
function heapTrimmer(library: ReturnType<typeof import("koffi").default.load>): () => void {
	return () => {
		try {
			(library.func("int malloc_trim(size_t)") as unknown as (pad: number) => number)(0);
		} catch {}
	};
}

/** Who is at the other end of a unix socket, as the kernel knew it when the connection was made. */
export interface SocketPeer {
	readonly uid: number;
	/** Its group and the further ones. */
	readonly gids: readonly number[];
}

/** NGROUPS_MAX, of four bytes each (limits.h). */
const groupBytes = 65_536 * 4;
let peerMemory: { readonly user: NativeMemory; readonly groups: NativeMemory } | undefined;

/** SO_PEERCRED and SO_PEERGROUPS of unix(7); null where the system cannot say. */
export function getPeer(fd: number): SocketPeer | null {
	const { libc } = loadLibc();
	if (libc === null) return null;
	peerMemory ??= { user: libc.allocate(16), groups: libc.allocate(groupBytes + 4) };
	const { user, groups } = peerMemory;
	// struct ucred { pid_t pid; uid_t uid; gid_t gid; }, and the length after it.
	user.view.setUint32(12, 12, true);
	const result = libc.getsockopt(fd, linux.SOL_SOCKET, linux.SO_PEERCRED, user.pointer, user.pointer + 12);
	// A socket that is not a unix one answers with pid 0 and uid -1.
	if (result !== 0 || user.view.getUint32(0, true) === 0) return null;
	groups.view.setUint32(groupBytes, groupBytes, true);
	const { pointer } = groups;
	const told = libc.getsockopt(fd, linux.SOL_SOCKET, linux.SO_PEERGROUPS, pointer, pointer + groupBytes) === 0;
	const further = told ? groups.view.getUint32(groupBytes, true) / 4 : 0;
	return {
		uid: user.view.getUint32(4, true),
		gids: [
			user.view.getUint32(8, true),
			...Array.from({ length: further }, (_, i) => groups.view.getUint32(i * 4, true)),
		],
	};
}

/** How many descriptors this process may hold. */
export function descriptorLimit(libc: Libc): number {
	const memory = libc.allocate(16);
	if (libc.getrlimit(linux.RLIMIT_NOFILE, memory.pointer) !== 0) return 1_024;
	return Number(memory.view.getBigUint64(0, true));
}
