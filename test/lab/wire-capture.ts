/**
 * What went over an interface, by tcpdump: a witness that shares no code with what it watches, with the kernel's own times.
 * Needs root and a namespace of one's own.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { routerHardwareAddress } from "./raw-network.ts";

/** Nobody else sends to it. */
const markPort = 4;

export interface Packet {
	/** When it left, Unix milliseconds. */
	readonly at: number;
	readonly kind: "arp" | "tcp" | "udp" | "icmp" | "other";
	/** The far end: who it went to, or who answered. */
	readonly to: string;
	/** 0 where there are no ports. */
	readonly port: number;
	/** A TCP SYN without an ACK. */
	readonly isProbe: boolean;
	/** Bytes after the headers. */
	readonly payload: number;
}

export class WireCapture {
	private readonly child: ChildProcess;
	private readonly folder: string;
	private said = "";

	private constructor(folder: string, child: ChildProcess) {
		this.folder = folder;
		this.child = child;
	}

	/** Resolves once it listens. */
	static async open(device: string): Promise<WireCapture> {
		const folder = mkdtempSync(join(tmpdir(), "vedette-capture-"));
		const args = [
			...["-i", device, "-n", "-p", "-s", "96", "-B", "65536", "-Z", "root"],
			// Written as it comes: what lies in a buffer at the end would be lost.
			...["--immediate-mode", "-U", "-w", join(folder, "out.pcap")],
		];
		const child = spawn("tcpdump", args, { stdio: ["ignore", "ignore", "pipe"] });
		const capture = new WireCapture(folder, child);
		const { promise, resolve, reject } = Promise.withResolvers<void>();
		child.once("error", reject);
		child.once("exit", () => reject(new Error(`tcpdump has ended: ${capture.said}`)));
		child.stderr?.on("data", (chunk: Buffer) => {
			capture.said += chunk.toString();
			if (capture.said.includes("listening on")) resolve();
		});
		await promise;
		return capture;
	}

	/** What this side has sent; ends the capture as `exchanged` does. */
	async packets(witness: string): Promise<Packet[]> {
		return (await this.exchanged(witness)).sent;
	}

	/**
	 * Ends the capture once all that was sent before is in it. `witness`: an address over that device, which is sent the
	 * mark of the end. Throws when the kernel has dropped packets, for then it proves nothing.
	 */
	async exchanged(witness: string): Promise<{ sent: Packet[]; heard: Packet[] }> {
		try {
			await this.markSeen(witness);
			await this.stop();
			const dropped = /(\d+) packets dropped by kernel/.exec(this.said)?.[1];
			if (dropped !== "0") throw new Error(`The capture is not whole: ${this.said}`);
			const { sent, heard } = this.read();
			return { sent: sent.filter(({ kind, port }) => kind !== "udp" || port !== markPort), heard };
		} finally {
			rmSync(this.folder, { recursive: true, force: true });
		}
	}

	/** Ends it without reading; safe to call twice. */
	async close(): Promise<void> {
		await this.stop();
		rmSync(this.folder, { recursive: true, force: true });
	}

	private read(): { sent: Packet[]; heard: Packet[] } {
		return readPackets(readFileSync(join(this.folder, "out.pcap")));
	}

	private async markSeen(witness: string): Promise<void> {
		const socket = createSocket("udp4");
		try {
			do {
				await new Promise((resolve) => socket.send("end", markPort, witness, resolve));
			} while (!this.read().sent.some(({ kind, port }) => kind === "udp" && port === markPort));
		} finally {
			socket.close();
		}
	}

	private async stop(): Promise<void> {
		if (this.child.exitCode !== null || this.child.signalCode !== null) return;
		this.child.kill("SIGINT");
		await once(this.child, "exit");
	}
}

/** The packets of a file in the format of libpcap, Ethernet, microseconds. */
function readPackets(file: Buffer): { sent: Packet[]; heard: Packet[] } {
	if (file.readUInt32LE(0) !== 0xa1b2c3d4 || file.readUInt32LE(20) !== 1) throw new Error("Not a capture of Ethernet.");
	const [sent, heard]: [Packet[], Packet[]] = [[], []];
	const far = Buffer.from(routerHardwareAddress.replaceAll(":", ""), "hex");
	for (let at = 24; at + 16 <= file.length; ) {
		const length = file.readUInt32LE(at + 8);
		// Still being written.
		if (at + 16 + length > file.length) break;
		const when = file.readUInt32LE(at) * 1_000 + file.readUInt32LE(at + 4) / 1_000;
		const frame = file.subarray(at + 16, at + 16 + length);
		const isAnswer = frame.subarray(6, 12).equals(far);
		(isAnswer ? heard : sent).push({ at: when, ...readFrame(frame, isAnswer) });
		at += 16 + length;
	}
	return { sent, heard };
}

const protocols: Readonly<Record<number, "tcp" | "udp" | "icmp">> = { 1: "icmp", 6: "tcp", 17: "udp", 58: "icmp" };

function readFrame(frame: Buffer, isAnswer: boolean): Omit<Packet, "at"> {
	const type = frame.readUInt16BE(12);
	const none = { port: 0, isProbe: false, payload: 0 };
	if (type === 0x0806)
		return { kind: "arp", to: [...frame.subarray(isAnswer ? 28 : 38).subarray(0, 4)].join("."), ...none };
	if (type === 0x0800) {
		const start = 14 + ((frame[14] ?? 0) % 16) * 4;
		const to = [...frame.subarray(isAnswer ? 26 : 30).subarray(0, 4)].join(".");
		const rest = frame.readUInt16BE(16) - (start - 14);
		return readTransport(protocols[frame[23] ?? 0] ?? "other", to, frame.subarray(start), rest, isAnswer);
	}
	if (type === 0x86dd) {
		const groups = Array.from({ length: 8 }, (_, i) => frame.readUInt16BE((isAnswer ? 22 : 38) + i * 2).toString(16));
		const kind = protocols[frame[20] ?? 0] ?? "other";
		return readTransport(kind, groups.join(":"), frame.subarray(54), frame.readUInt16BE(18), isAnswer);
	}
	return { kind: "other", to: "", ...none };
}

function readTransport(
	kind: Packet["kind"],
	to: string,
	head: Buffer,
	length: number,
	isAnswer: boolean,
): Omit<Packet, "at"> {
	if (kind === "tcp") {
		const header = (head[12] ?? 0) >> 4;
		const isProbe = ((head[13] ?? 0) & 0x12) === 0x02;
		return { kind, to, port: head.readUInt16BE(isAnswer ? 0 : 2), isProbe, payload: length - header * 4 };
	}
	if (kind === "udp")
		return { kind, to, port: head.readUInt16BE(isAnswer ? 0 : 2), isProbe: false, payload: length - 8 };
	return { kind, to, port: 0, isProbe: false, payload: length };
}
