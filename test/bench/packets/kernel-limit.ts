/**
 * What this machine's kernel can do at most: how many probes a second it sends and hands back the answers of, when next to
 * nothing is done with them. The same packets, sockets and batches as the engine's, and no bookkeeping at all.
 */
import { execFileSync } from "node:child_process";
import { linux, loadLibc } from "../../../daemon/packets/libc.ts";
import { writeLinkAddress } from "../../../daemon/packets/raw/neighbours.ts";
import { filter4 } from "../../../daemon/packets/raw/packet-filter.ts";
import { widenSendBuffer } from "../../../daemon/packets/raw/raw-socket.ts";
import { ReceiveRing } from "../../../daemon/packets/raw/receive-ring.ts";
import { prepareSyn4, syn4Length, writeSyn4 } from "../../../daemon/packets/raw/syn-packet.ts";
import { batchSize, TransmitBatch } from "../../../daemon/packets/raw/transmit-batch.ts";
import { routerHardwareAddress, sourceAddress } from "../../lab/raw-network.ts";

const portBlock = 61_440;
const ipv4 = 0x0800;
/** Answers that may be outstanding: more overflow the queue between two processors, and what is lost is no answer. */
export const windows = [500, 1_000, 2_000, Number.POSITIVE_INFINITY] as const;

/** Answers a second, with at most so many probes unanswered. */
export function measureKernel(addresses: readonly string[], ports: number, window: number, forMs: number): number {
	const { libc, reason } = loadLibc();
	if (libc === null) throw new Error(reason);
	const ring = new ReceiveRing(libc, ipv4, filter4(portBlock), 8);
	const fd = libc.socket(linux.AF_PACKET, linux.SOCK_DGRAM | linux.SOCK_NONBLOCK, 0);
	widenSendBuffer(libc, fd);
	const batch = new TransmitBatch<null>(libc, fd, syn4Length, 20);
	const device = Number.parseInt(execFileSync("ip", ["-o", "link", "show", "near0"]).toString(), 10);
	const gateway = Uint8Array.from(routerHardwareAddress.split(":"), (byte) => Number.parseInt(byte, 16));
	for (let i = 0; i < batchSize; i++) {
		prepareSyn4(batch.view, batch.packetAt(i));
		writeLinkAddress(batch.view, batch.bytes, batch.addressAt(i), ipv4, device, gateway);
	}
	const targets = Uint32Array.from(addresses, asNumber);
	const source = asNumber(sourceAddress);
	let [sent, heard, given, next] = [0, 0, 0, 0];
	const count = () => {
		heard++;
	};
	const startedAt = performance.now();
	let heardAt = startedAt;
	let now = startedAt;
	for (; now - startedAt < forMs; now = performance.now()) {
		if (sent - heard - given + batchSize <= window) {
			for (let i = 0; i < batchSize; i++, next++) {
				const target = targets[next % targets.length] ?? 0;
				const port = 1 + (Math.floor(next / targets.length) % ports);
				writeSyn4(batch.view, batch.packetAt(batch.add(null)), source, target, portBlock, port, next);
			}
			// Congested: what is left of the batch goes out after what has come in is heard.
			while (batch.send() === "full") ring.drain(4_096, count);
			sent += batchSize;
		}
		if (ring.drain(4_096, count) > 0) heardAt = now;
		else if (now - heardAt > 5) {
			// They are lost; nobody asks again here.
			given = sent - heard;
			heardAt = now;
		}
	}
	ring.close();
	libc.close(fd);
	return (heard / (now - startedAt)) * 1_000;
}

function asNumber(address: string): number {
	return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}
