/** Opening the sockets that datagrams go out of, and giving them room. */
import { type Libc, linux } from "../libc.ts";

const soReceiveBuffer = 8;
const soReceiveBufferForce = 33;
const wantedRoom = 4 << 20;

/** -1 where this process may not have one. Does not block. */
export function openSocket(libc: Libc, domain: number, type: number, protocol: number): number {
	const fd = libc.socket(domain, type | linux.SOCK_NONBLOCK | linux.SOCK_CLOEXEC, protocol);
	if (fd < 0) return -1;
	const value = libc.allocate(4);
	value.view.setInt32(0, wantedRoom, true);
	// The first needs CAP_NET_ADMIN; the second gives what everybody may have.
	if (libc.setsockopt(fd, linux.SOL_SOCKET, soReceiveBufferForce, value.pointer, 4) !== 0) {
		libc.setsockopt(fd, linux.SOL_SOCKET, soReceiveBuffer, value.pointer, 4);
	}
	return fd;
}

export function setOption(libc: Libc, fd: number, level: number, name: number, value: number): boolean {
	const memory = libc.allocate(4);
	memory.view.setInt32(0, value, true);
	return libc.setsockopt(fd, level, name, memory.pointer, 4) === 0;
}
