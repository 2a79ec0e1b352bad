/**
 * A long line in this process: a TCP proxy on loopback that holds each byte back for its time of travel, carries only so many a
 * second, counts them, and can be cut. Connecting takes a round trip, as it does on a real line.
 */
import { connect, createServer, type Socket } from "node:net";

export interface SlowLineOptions {
	/** Port on 127.0.0.1 at the far end. */
	readonly to: number;
	/** One way. Milliseconds. */
	readonly delayMs: number;
	/** Each way; unlimited when absent. */
	readonly bytesPerSecond?: number;
}

export interface SlowLine {
	/** On 127.0.0.1. */
	readonly port: number;
	/** Bytes carried so far: to the far end, and from it. */
	readonly bytes: { up: number; down: number };
	/** Connections that were made over it. */
	readonly connections: number;
	/** The line drops: every connection over it ends at both ends, and so does each new one until it is mended. */
	cut(): void;
	mend(): void;
	close(): Promise<void>;
}

export async function openSlowLine({ to, delayMs, bytesPerSecond }: SlowLineOptions): Promise<SlowLine> {
	const bytes = { up: 0, down: 0 };
	const sockets = new Set<Socket>();
	let connections = 0;
	let isCut = false;
	const server = createServer((near) => {
		if (isCut) return void near.destroy();
		connections++;
		const far = connect(to, "127.0.0.1");
		for (const socket of [near, far]) {
			sockets.add(socket);
			socket.setNoDelay(true);
			socket.on("error", () => socket.destroy());
			socket.on("close", () => sockets.delete(socket));
		}
		const openedAt = performance.now() + 2 * delayMs;
		carry(near, far, "up", openedAt);
		carry(far, near, "down", openedAt);
	});

	function carry(from: Socket, into: Socket, way: keyof typeof bytes, openedAt: number): void {
		let freeAt = openedAt;
		from.on("data", (chunk) => {
			bytes[way] += chunk.length;
			const takesMs = bytesPerSecond === undefined ? 0 : (chunk.length * 1_000) / bytesPerSecond;
			freeAt = Math.max(freeAt, performance.now()) + takesMs;
			const inMs = Math.max(0, freeAt + delayMs - performance.now());
			// No more than a second's worth waits here: whoever sends is held back, as by a real line.
			if (freeAt - performance.now() > 1_000) {
				from.pause();
				setTimeout(() => from.resume(), takesMs);
			}
			setTimeout(() => !into.destroyed && into.write(chunk), inMs);
		});
		// The end travels behind what was sent before it.
		from.on("close", () => {
			setTimeout(() => into.end(() => into.destroy()), Math.max(0, freeAt + delayMs - performance.now()));
		});
	}

	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const bound = server.address();
	if (bound === null || typeof bound === "string") throw new Error("no address");
	const cut = () => {
		isCut = true;
		for (const socket of sockets) socket.destroy();
	};
	return {
		port: bound.port,
		bytes,
		get connections() {
			return connections;
		},
		cut,
		mend() {
			isCut = false;
		},
		close() {
			cut();
			return new Promise((resolve) => server.close(() => resolve()));
		},
	};
}
