/**
 * Packets that leave together: one `sendmmsg` for up to 256 of them. What the kernel does not take at once stays for the
 * next time, in order. Knows nothing of what is in the packets.
 */
import { constants } from "node:os";
import { type Libc, linux, type NativeMemory } from "../libc.ts";

const { errno } = constants;
export const batchSize = 256;
/** Bytes of memory for each packet and for each destination. */
const [packetRoom, addressRoom, vectorRoom, headerRoom] = [64, 32, 16, 64];
const addresses = batchSize * packetRoom;

/** What became of `send`. `full`: the way out is congested, wait. A number: the errno the first packet met. */
export type SendResult = "done" | "full" | number;

export class TransmitBatch<Owner> {
	readonly fd: number;
	/** Packets that wait. */
	count = 0;
	/** Who a packet is for, by its place: what the owner put there. */
	private readonly owners: (Owner | undefined)[] = [];
	readonly view: DataView;
	readonly bytes: Uint8Array;
	private readonly libc: Libc;
	private readonly memory: NativeMemory;
	private readonly headers: number;
	private first = 0;

	constructor(libc: Libc, fd: number, packetLength: number, addressLength: number) {
		this.libc = libc;
		this.fd = fd;
		const room = packetRoom + addressRoom + vectorRoom + headerRoom;
		this.memory = libc.allocate(batchSize * room);
		this.view = this.memory.view;
		this.bytes = this.memory.bytes;
		const { pointer, view } = this.memory;
		const vectors = addresses + batchSize * addressRoom;
		this.headers = vectors + batchSize * vectorRoom;
		for (let i = 0; i < batchSize; i++) {
			// struct iovec { base, length }
			const vector = vectors + i * vectorRoom;
			view.setBigUint64(vector, BigInt(pointer + this.packetAt(i)), true);
			view.setBigUint64(vector + 8, BigInt(packetLength), true);
			// struct mmsghdr { msghdr { name, namelen, iov, iovlen, control, controllen, flags }, len }, 64-bit
			const header = this.headers + i * headerRoom;
			view.setBigUint64(header, BigInt(pointer + this.addressAt(i)), true);
			view.setUint32(header + 8, addressLength, true);
			view.setBigUint64(header + 16, BigInt(pointer + vector), true);
			view.setBigUint64(header + 24, 1n, true);
		}
	}

	get isFull(): boolean {
		return this.first + this.count >= batchSize;
	}

	/** Offsets into `view` of a packet and of its destination. */
	packetAt(place: number): number {
		return place * packetRoom;
	}
	addressAt(place: number): number {
		return addresses + place * addressRoom;
	}

	/** The place of the next packet. Only when not full. */
	add(owner: Owner): number {
		const place = this.first + this.count++;
		this.owners[place] = owner;
		return place;
	}

	/** Who the first packet that waits is for. */
	get nextOwner(): Owner | undefined {
		return this.owners[this.first];
	}

	/** Takes out the first packet unsent. */
	skip(): void {
		if (this.count === 0) return;
		this.owners[this.first++] = undefined;
		if (--this.count === 0) this.first = 0;
	}

	/** Sends what waits as far as the kernel takes it. */
	send(): SendResult {
		while (this.count > 0) {
			const from = this.memory.pointer + this.headers + this.first * headerRoom;
			const sent = this.libc.sendmmsg(this.fd, from, this.count, linux.MSG_DONTWAIT);
			if (sent <= 0) {
				const failure = this.libc.errno();
				return failure === errno.EAGAIN || failure === errno.ENOBUFS || failure === errno.ENOMEM ? "full" : failure;
			}
			this.owners.fill(undefined, this.first, this.first + sent);
			this.first += sent;
			this.count -= sent;
		}
		this.first = 0;
		return "done";
	}

	/** Takes out what waits for this owner: none of it will be sent. */
	drop(isGone: (owner: Owner | undefined) => boolean): void {
		const kept: number[] = [];
		for (let i = this.first; i < this.first + this.count; i++) if (!isGone(this.owners[i])) kept.push(i);
		if (kept.length === this.count) return;
		kept.forEach((place, i) => {
			this.bytes.copyWithin(this.packetAt(i), this.packetAt(place), this.packetAt(place) + packetRoom);
			this.bytes.copyWithin(this.addressAt(i), this.addressAt(place), this.addressAt(place) + addressRoom);
			this.owners[i] = this.owners[place];
		});
		this.owners.length = kept.length;
		this.first = 0;
		this.count = kept.length;
	}
}
