/** Reads packets one by one with where they came from, and the kernel's error queue with what it says. One buffer, reused. */
import { type Libc, linux, type NativeMemory } from "../libc.ts";

/** More of a datagram than any recogniser looks at. */
const dataBytes = 2_048;
const nameBytes = 32;
const controlBytes = 512;
/** struct msghdr { name, namelen, iov, iovlen, control, controllen, flags }, 64-bit; then one iovec, then the name. */
const [vectorAt, nameAt] = [56, 72];

export class Receiver {
	private readonly libc: Libc;
	private readonly message: NativeMemory;
	private readonly data: NativeMemory;
	private readonly control: NativeMemory;

	constructor(libc: Libc) {
		this.libc = libc;
		this.message = libc.allocate(nameAt + nameBytes);
		this.data = libc.allocate(dataBytes);
		this.control = libc.allocate(controlBytes);
		const { view, pointer } = this.message;
		view.setBigUint64(0, BigInt(pointer + nameAt), true);
		view.setBigUint64(16, BigInt(pointer + vectorAt), true);
		view.setBigUint64(24, 1n, true);
		view.setBigUint64(32, BigInt(this.control.pointer), true);
		view.setBigUint64(vectorAt, BigInt(this.data.pointer), true);
		view.setBigUint64(vectorAt + 8, BigInt(dataBytes), true);
	}

	/** The packet's bytes, valid until the next call; null when there is none, or an error stood in its place. */
	read(fd: number): Uint8Array | null {
		const length = this.take(fd, linux.MSG_DONTWAIT);
		return length < 0 ? null : this.data.bytes.subarray(0, Math.min(length, dataBytes));
	}

	/** The control data of the next error, valid until the next call; null when there is none. */
	readError(fd: number): Uint8Array | null {
		const length = this.take(fd, linux.MSG_DONTWAIT | linux.MSG_ERRQUEUE);
		if (length < 0) return null;
		return this.control.bytes.subarray(0, Math.min(controlBytes, Number(this.message.view.getBigUint64(40, true))));
	}

	/** sockaddr of the sender, or in the error queue of whom the packet was for. */
	get name(): DataView {
		return new DataView(this.message.view.buffer, this.message.view.byteOffset + nameAt, nameBytes);
	}

	private take(fd: number, flags: number): number {
		const { view, pointer } = this.message;
		view.setUint32(8, nameBytes, true);
		view.setBigUint64(40, BigInt(controlBytes), true);
		return this.libc.recvmsg(fd, pointer, flags);
	}
}
