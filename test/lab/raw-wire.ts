/**
 * A slow and lossy wire: forwards frames between two interfaces of its own namespace, each later, some never. A stand-in
 * for netem, which many kernels lack. Good for several ten thousand packets a second.
 */
import { execFileSync } from "node:child_process";
import { createInterface } from "node:readline";
import { type Libc, linux, loadLibc, type NativeMemory } from "../../daemon/packets/libc.ts";
import type { Wire } from "./raw-network.ts";

const say = (word: string) => process.stdout.write(`${word}\n`);
const frameRoom = 2_048;
const solPacket = 263;
const [ignoreOutgoing, everyProtocol] = [23, 0x0003];

const lines = createInterface({ input: process.stdin });
let orders: Wire | undefined;
lines.on("line", (line) => {
	if (orders === undefined) {
		orders = JSON.parse(line) as Wire;
		say("ready");
	} else forward(orders);
});
lines.once("close", () => process.exit(0));

/** One direction: what waits, and when it may go on. Frames are kept in a ring of fixed places. */
class Lane {
	private readonly times: Float64Array;
	private readonly lengths: Uint16Array;
	private readonly places: NativeMemory;
	private readonly room: number;
	private head = 0;
	private count = 0;
	private nextFree = 0;

	constructor(libc: Libc, room: number) {
		this.room = room;
		this.places = libc.allocate(room * frameRoom);
		this.times = new Float64Array(room);
		this.lengths = new Uint16Array(room);
	}

	/** Where the next frame is to be put; null when there is no place. */
	get vacancy(): number | null {
		return this.count >= this.room ? null : this.places.pointer + ((this.head + this.count) % this.room) * frameRoom;
	}

	/** The frame at `vacancy` stays, unless chance, the bottleneck or its queue takes it. */
	accept(length: number, now: number, wire: Wire, narrow: boolean): void {
		if (Math.random() < wire.loss) return;
		let leaves = now;
		if (narrow && wire.packetsPerSecond !== undefined) {
			const gap = 1_000 / wire.packetsPerSecond;
			if (this.nextFree - now > gap * (wire.queue ?? 500)) return;
			leaves = Math.max(now, this.nextFree);
			this.nextFree = leaves + gap;
		}
		const place = (this.head + this.count++) % this.room;
		this.times[place] = leaves + wire.delayMs;
		this.lengths[place] = length;
	}

	/** Sends on what is due. */
	release(libc: Libc, fd: number, now: number): void {
		while (this.count > 0 && (this.times[this.head] ?? 0) <= now) {
			const from = this.places.pointer + this.head * frameRoom;
			libc.sendto(fd, from, this.lengths[this.head] ?? 0, linux.MSG_DONTWAIT, 0, 0);
			this.head = (this.head + 1) % this.room;
			this.count--;
		}
	}
}

function forward(wire: Wire): void {
	const { libc, reason } = loadLibc();
	if (libc === null) throw new Error(reason);
	const ends = ["wire0", "wire1"].map((name) => {
		execFileSync("ethtool", ["-K", name, "gro", "off", "tso", "off", "gso", "off"], { stdio: "ignore" });
		execFileSync("ip", ["link", "set", name, "promisc", "on", "up"]);
		return openFrames(libc, Number.parseInt(execFileSync("ip", ["-o", "link", "show", name]).toString(), 10));
	}) as [number, number];
	const room = 65_536;
	const lanes = [new Lane(libc, room), new Lane(libc, room)] as const;
	const turn = (): void => {
		for (let round = 0; round < 64; round++) {
			for (const side of [0, 1] as const) {
				const lane = lanes[side];
				let now = performance.now();
				for (let i = 0; i < 128; i++) {
					const place = lane.vacancy;
					if (place === null) break;
					const length = libc.recv(ends[side], place, frameRoom, linux.MSG_DONTWAIT);
					if (length <= 0) break;
					lane.accept(length, now, wire, side === 0);
				}
				now = performance.now();
				lane.release(libc, ends[side === 0 ? 1 : 0], now);
			}
		}
		setImmediate(turn);
	};
	turn();
	say("up");
}

/** A packet socket for whole frames of one interface. */
function openFrames(libc: Libc, index: number): number {
	const fd = libc.socket(linux.AF_PACKET, linux.SOCK_RAW | linux.SOCK_NONBLOCK, 0);
	const memory = libc.allocate(32);
	memory.view.setInt32(0, 1, true);
	libc.setsockopt(fd, solPacket, ignoreOutgoing, memory.pointer, 4);
	memory.view.setInt32(0, 32 << 20, true);
	// SO_RCVBUFFORCE
	libc.setsockopt(fd, linux.SOL_SOCKET, 33, memory.pointer, 4);
	libc.setsockopt(fd, linux.SOL_SOCKET, linux.SO_SNDBUFFORCE, memory.pointer, 4);
	memory.bytes.fill(0);
	memory.view.setUint16(0, linux.AF_PACKET, true);
	memory.view.setUint16(2, everyProtocol, false);
	memory.view.setInt32(4, index, true);
	if (fd < 0 || libc.bind(fd, memory.pointer, 20) !== 0) throw new Error("A frame socket cannot be opened.");
	return fd;
}
