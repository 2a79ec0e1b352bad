/**
 * A slow and lossy wire: forwards frames between two interfaces of its own namespace, each later, some never. A stand-in
 * for netem, which many kernels lack. Good for 100,000 packets a second and more where a processor is left for it.
 */
import { execFileSync } from "node:child_process";
import { setPriority } from "node:os";
import { createInterface } from "node:readline";
import { type Libc, linux, loadLibc, type NativeMemory } from "../../daemon/packets/libc.ts";
import type { Wire } from "./raw-network.ts";

const say = (word: string) => process.stdout.write(`${word}\n`);
const [solPacket, packetRxRing, packetVersion, ignoreOutgoing] = [263, 5, 10, 23];
const [tpacketV2, everyProtocol, forceReceiveBuffer] = [1, 0x0003, 33];
const [blockSize, blocks, frameSize] = [1 << 20, 32, 2_048];
const frames = (blocks * blockSize) / frameSize;
const [statusKernel, statusUser] = [0, 1];
/** `struct tpacket2_hdr`: captured length, and where the frame begins. */
const [capturedOffset, frameOffset] = [8, 12];
const batch = 256;
const [vectorRoom, headerRoom] = [16, 64];
/** What is due is looked for this often: frames that came meanwhile leave together. */
const restMs = 0.2;

const lines = createInterface({ input: process.stdin });
let orders: Wire | undefined;
lines.on("line", (line) => {
	if (orders === undefined) {
		orders = JSON.parse(line) as Wire;
		say("ready");
	} else forward(orders);
});
lines.once("close", () => process.exit(0));

/** One direction. Frames wait in the ring the kernel has put them in until they are due: they are never copied here. */
class Lane {
	private readonly libc: Libc;
	private readonly wire: Wire;
	private readonly narrow: boolean;
	private readonly to: number;
	private readonly ring: NativeMemory;
	private readonly statuses: Int32Array;
	private readonly messages: NativeMemory;
	/** When a frame goes on; infinite for one that is lost. */
	private readonly due = new Float64Array(frames);
	private taken = 0;
	private released = 0;
	private nextFree = 0;

	constructor(libc: Libc, wire: Wire, from: number, to: number, narrow: boolean) {
		this.libc = libc;
		this.wire = wire;
		this.narrow = narrow;
		this.to = openFrames(libc, to, 0);
		const fd = openFrames(libc, from, everyProtocol);
		// PROT_READ | PROT_WRITE, MAP_SHARED
		this.ring = libc.viewOf(libc.mmap(0, blocks * blockSize, 3, 1, fd, 0), blocks * blockSize);
		this.statuses = new Int32Array(this.ring.view.buffer, this.ring.view.byteOffset, (blocks * blockSize) / 4);
		this.messages = libc.allocate(batch * (vectorRoom + headerRoom));
		const { pointer, view } = this.messages;
		for (let i = 0; i < batch; i++) {
			// struct mmsghdr, 64-bit: its vector and how many there are
			view.setBigUint64(batch * vectorRoom + i * headerRoom + 16, BigInt(pointer + i * vectorRoom), true);
			view.setBigUint64(batch * vectorRoom + i * headerRoom + 24, 1n, true);
		}
	}

	/** Decides on what has come. */
	take(now: number): void {
		while (this.taken - this.released < frames) {
			const place = this.taken % frames;
			if ((Atomics.load(this.statuses, (place * frameSize) >>> 2) & statusUser) === 0) return;
			this.due[place] = this.dueAt(now);
			this.taken++;
		}
	}

	private dueAt(now: number): number {
		const { wire } = this;
		if (Math.random() < wire.loss) return Number.POSITIVE_INFINITY;
		if (!this.narrow || wire.packetsPerSecond === undefined) return now + wire.delayMs;
		const gap = 1_000 / wire.packetsPerSecond;
		if (this.nextFree - now > gap * (wire.queue ?? 500)) return Number.POSITIVE_INFINITY;
		const leaves = Math.max(now, this.nextFree);
		this.nextFree = leaves + gap;
		return leaves + wire.delayMs;
	}

	/** Sends on what is due. */
	release(now: number): void {
		while (this.released < this.taken) {
			let last = this.released;
			let count = 0;
			for (; last < this.taken && count < batch; last++) {
				const place = last % frames;
				const due = this.due[place] ?? 0;
				if (due === Number.POSITIVE_INFINITY) continue;
				if (due > now) break;
				const at = place * frameSize;
				const { view } = this.messages;
				setPointer(view, count * vectorRoom, this.ring.pointer + at + this.ring.view.getUint16(at + frameOffset, true));
				view.setUint32(count * vectorRoom + 8, this.ring.view.getUint32(at + capturedOffset, true), true);
				count++;
			}
			if (last === this.released) return;
			this.send(count);
			for (; this.released < last; this.released++) {
				Atomics.store(this.statuses, ((this.released % frames) * frameSize) >>> 2, statusKernel);
			}
		}
	}

	/** What the kernel has no room for is lost, as on any wire. */
	private send(count: number): void {
		for (let first = 0; first < count; ) {
			const from = this.messages.pointer + batch * vectorRoom + first * headerRoom;
			first += Math.max(1, this.libc.sendmmsg(this.to, from, count - first, linux.MSG_DONTWAIT));
		}
	}
}

function setPointer(view: DataView, at: number, pointer: number): void {
	view.setUint32(at, pointer % 0x1_0000_0000, true);
	view.setUint32(at + 4, Math.floor(pointer / 0x1_0000_0000), true);
}

function forward(wire: Wire): void {
	// A wire does not wait until somebody's other work leaves it a processor.
	setPriority(-15);
	const { libc, reason } = loadLibc();
	if (libc === null) throw new Error(reason);
	const [near = 0, far = 0] = ["wire0", "wire1"].map((name) => {
		execFileSync("ethtool", ["-K", name, "gro", "off", "tso", "off", "gso", "off"], { stdio: "ignore" });
		execFileSync("ip", ["link", "set", name, "txqueuelen", "10000", "promisc", "on", "up"]);
		return Number.parseInt(execFileSync("ip", ["-o", "link", "show", name]).toString(), 10);
	});
	const lanes = [new Lane(libc, wire, near, far, true), new Lane(libc, wire, far, near, false)];
	const pause = new Int32Array(new SharedArrayBuffer(4));
	const turn = (): void => {
		for (let round = 0; round < 64; round++) {
			for (const lane of lanes) {
				const now = performance.now();
				lane.take(now);
				lane.release(now);
			}
			Atomics.wait(pause, 0, 0, restMs);
		}
		setImmediate(turn);
	};
	turn();
	say("up");
}

/** A packet socket for whole frames of one interface; it receives into a ring, unless the protocol is 0. */
function openFrames(libc: Libc, index: number, protocol: number): number {
	const fd = libc.socket(linux.AF_PACKET, linux.SOCK_RAW | linux.SOCK_NONBLOCK, 0);
	const memory = libc.allocate(32);
	const set = (level: number, name: number, ...values: readonly number[]): number => {
		values.forEach((value, i) => {
			memory.view.setInt32(i * 4, value, true);
		});
		return libc.setsockopt(fd, level, name, memory.pointer, values.length * 4);
	};
	set(linux.SOL_SOCKET, forceReceiveBuffer, 32 << 20);
	set(linux.SOL_SOCKET, linux.SO_SNDBUFFORCE, 32 << 20);
	set(solPacket, ignoreOutgoing, 1);
	set(solPacket, packetVersion, tpacketV2);
	const ring = protocol === 0 ? 0 : set(solPacket, packetRxRing, blockSize, blocks, frameSize, frames);
	memory.bytes.fill(0);
	memory.view.setUint16(0, linux.AF_PACKET, true);
	memory.view.setUint16(2, protocol, false);
	memory.view.setInt32(4, index, true);
	if (fd < 0 || ring !== 0 || libc.bind(fd, memory.pointer, 20) !== 0) {
		throw new Error("A frame socket cannot be opened.");
	}
	return fd;
}
