/** Which UDP ports of one address are settled and what they answered: part of its checkpoint. Pure. */
import { z } from "zod";

export interface UdpProgress {
	/** Ports that answered, and with what; null where the survey itself has to ask. */
	readonly answered: Map<number, Uint8Array | null>;
	/** Ports of which ICMP says that nobody listens. */
	readonly closed: Set<number>;
	/** Ports that were asked to the end, those above among them. */
	readonly settled: Set<number>;
}

export function newUdpProgress(): UdpProgress {
	return { answered: new Map(), closed: new Set(), settled: new Set() };
}

const port = z.int().min(0).max(65_535);
const saved = z.object({
	answered: z.array(z.tuple([port, z.base64().nullable()])),
	closed: z.array(port),
	settled: z.array(port),
});

/** As it stands in a checkpoint. */
export function writeUdpProgress({ answered, closed, settled }: UdpProgress): z.infer<typeof saved> {
	return {
		answered: [...answered].map(([port, reply]) => [
			port,
			reply === null ? null : Buffer.from(reply).toString("base64"),
		]),
		closed: [...closed],
		settled: [...settled],
	};
}

/** Takes up what a checkpoint says; one that cannot be read, or is older, says nothing. */
export function readUdpProgress(progress: UdpProgress, text: unknown): void {
	const read = saved.safeParse(text);
	if (!read.success) return;
	const { answered, closed, settled } = read.data;
	for (const [port, reply] of answered) progress.answered.set(port, reply === null ? null : fromBase64(reply));
	for (const port of closed) progress.closed.add(port);
	for (const port of settled) progress.settled.add(port);
}

/** In memory of its own, for it is handed to another thread. */
function fromBase64(text: string): Uint8Array {
	return Uint8Array.from(Buffer.from(text, "base64"));
}
