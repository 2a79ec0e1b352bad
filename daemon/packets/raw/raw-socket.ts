/** What the raw engine's sockets have in common. */
import { getSystemErrorName } from "node:util";
import { type Libc, linux } from "../libc.ts";

/** The system refused something the raw engine needs; the message is a clause. */
export class RawSocketError extends Error {
	constructor(what: string, libc: Libc) {
		const errno = libc.errno();
		let name = String(errno);
		try {
			name = getSystemErrorName(-errno);
		} catch {}
		super(`the system refused it (${what}: ${name})`);
	}
}

/** Attaches a classic BPF program. `struct sock_fprog`: how many instructions, and where. */
export function attachFilter(libc: Libc, fd: number, program: Uint8Array): boolean {
	const memory = libc.allocate(16 + program.length);
	memory.bytes.set(program, 16);
	memory.view.setUint16(0, program.length / 8, true);
	memory.view.setBigUint64(8, BigInt(memory.pointer + 16), true);
	return libc.setsockopt(fd, linux.SOL_SOCKET, linux.SO_ATTACH_FILTER, memory.pointer, 16) === 0;
}

/** As much room for packets on their way out as this process may have. */
export function widenSendBuffer(libc: Libc, fd: number): void {
	const value = libc.allocate(4);
	value.view.setInt32(0, 4 << 20, true);
	if (libc.setsockopt(fd, linux.SOL_SOCKET, linux.SO_SNDBUFFORCE, value.pointer, 4) === 0) return;
	libc.setsockopt(fd, linux.SOL_SOCKET, linux.SO_SNDBUF, value.pointer, 4);
}
