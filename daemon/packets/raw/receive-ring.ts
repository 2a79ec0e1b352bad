/**
 * A ring of packets that kernel and process share (AF_PACKET, TPACKET_V2): receiving costs no system call. Packets begin
 * with their network header, on every kind of interface. See packet(7) and the kernel's packet_mmap document.
 */
import { type Libc, linux, type NativeMemory } from "../libc.ts";
import { attachFilter, RawSocketError } from "./raw-socket.ts";

const [solPacket, packetRxRing, packetVersion, tpacketV2] = [263, 5, 10, 1];
const blockSize = 1 << 20;
const frameSize = 256;
const [statusKernel, statusUser] = [0, 1];
/** `struct tpacket2_hdr`: status, length, captured length, and where the network header begins. */
const [capturedOffset, networkOffset] = [8, 14];

export type PacketReader = (view: DataView, at: number, length: number) => void;

export class ReceiveRing {
	readonly fd: number;
	private readonly libc: Libc;
	private readonly memory: NativeMemory;
	private readonly statuses: Int32Array;
	private readonly frames: number;
	private next = 0;

	/** Throws `RawSocketError`. Packets of one Ethernet type, from all interfaces, that pass the filter. */
	constructor(libc: Libc, etherType: number, filter: Uint8Array, blocks: number) {
		this.libc = libc;
		this.fd = libc.socket(linux.AF_PACKET, linux.SOCK_DGRAM | linux.SOCK_NONBLOCK | linux.SOCK_CLOEXEC, 0);
		if (this.fd < 0) throw new RawSocketError("AF_PACKET socket", libc);
		const scratch = libc.allocate(32);
		const set = (name: number, values: readonly number[]): void => {
			values.forEach((value, i) => {
				scratch.view.setUint32(i * 4, value, true);
			});
			if (libc.setsockopt(this.fd, solPacket, name, scratch.pointer, values.length * 4) !== 0) {
				this.fail(`packet socket option ${name}`);
			}
		};
		// The filter first and the protocol last: not one packet that is none of ours comes in between.
		if (!attachFilter(libc, this.fd, filter)) this.fail("packet filter");
		set(packetVersion, [tpacketV2]);
		this.frames = (blocks * blockSize) / frameSize;
		set(packetRxRing, [blockSize, blocks, frameSize, this.frames]);
		const length = blocks * blockSize;
		// PROT_READ | PROT_WRITE, MAP_SHARED
		const pointer = libc.mmap(0, length, 3, 1, this.fd, 0);
		if (pointer > Number.MAX_SAFE_INTEGER || pointer <= 0) this.fail("mmap of the packet ring");
		this.memory = libc.viewOf(pointer, length);
		this.statuses = new Int32Array(this.memory.view.buffer, this.memory.view.byteOffset, length / 4);
		// struct sockaddr_ll: family, protocol (network order), interface 0 for all.
		scratch.bytes.fill(0);
		scratch.view.setUint16(0, linux.AF_PACKET, true);
		scratch.view.setUint16(2, etherType, false);
		if (libc.bind(this.fd, scratch.pointer, 20) !== 0) this.fail("bind of the packet socket");
	}

	/** Hands over up to `limit` packets; the reader must be done with the bytes when it returns. */
	drain(limit: number, read: PacketReader): number {
		const { statuses, memory } = this;
		let count = 0;
		while (count < limit) {
			const frame = this.next * frameSize;
			// The kernel writes the status last, and the frame is its own again once it is reset.
			if ((Atomics.load(statuses, frame >>> 2) & statusUser) === 0) break;
			const network = memory.view.getUint16(frame + networkOffset, true);
			const captured = memory.view.getUint32(frame + capturedOffset, true);
			read(memory.view, frame + network, Math.min(captured, frameSize - network));
			Atomics.store(statuses, frame >>> 2, statusKernel);
			this.next = this.next + 1 === this.frames ? 0 : this.next + 1;
			count++;
		}
		return count;
	}

	/** The ring must not be used afterwards: its memory is gone. */
	close(): void {
		this.libc.munmap(this.memory.pointer, this.memory.bytes.length);
		this.libc.close(this.fd);
	}

	private fail(what: string): never {
		const error = new RawSocketError(what, this.libc);
		this.libc.close(this.fd);
		throw error;
	}
}
