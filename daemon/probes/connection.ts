/**
 * A socket as probes see it: a bounded byte stream that is read by pulling. Nothing waits longer than `waitMs`, nothing
 * unread grows past the high-water mark, and no socket error ever goes unhandled.
 */
import type { Socket } from "node:net";
import { failureOf } from "./failure.ts";
import { type Connection, ProbeFailure } from "./probe.ts";

/** Bytes that may still be received; shared by the connections of one conversation. */
export class ByteBudget {
	left: number;
	readonly #parent: ByteBudget | null;

	constructor(bytes: number, parent: ByteBudget | null = null) {
		this.left = bytes;
		this.#parent = parent;
	}

	/** False once more was spent than there was, here or above. */
	spend(bytes: number): boolean {
		this.left -= bytes;
		return (this.#parent?.spend(bytes) ?? true) && this.left >= 0;
	}
}

export interface ConnectionOptions {
	/** Longest wait of one call. */
	readonly waitMs: number;
	readonly budget: ByteBudget;
	/** False for a port whose device acts on every byte: then each write fails. */
	readonly mayWrite: boolean;
}

const defaultMaxBytes = 64 * 1024;
/** The kernel holds back what is not read beyond this. */
const highWaterBytes = 64 * 1024;

export class SocketConnection implements Connection {
	bytesRead = 0;
	readonly #socket: Socket;
	readonly #options: ConnectionOptions;
	readonly #onClose: (connection: SocketConnection) => void;
	#chunks: Buffer[] = [];
	#buffered = 0;
	#ended = false;
	#closed = false;
	#failure: ProbeFailure | null = null;
	readonly #waiters = new Set<() => void>();

	/** Takes over a connected socket; `onClose` is called once. */
	constructor(socket: Socket, options: ConnectionOptions, onClose: (connection: SocketConnection) => void) {
		this.#socket = socket;
		this.#options = options;
		this.#onClose = onClose;
		socket.on("data", (chunk: Buffer) => this.#received(chunk));
		socket.on("end", () => this.#finished());
		socket.on("close", () => this.#finished());
		socket.on("error", (error) => this.fail(failureOf(error)));
		if (socket.destroyed) this.#finished();
	}

	async write(bytes: Uint8Array | string): Promise<void> {
		if (!this.#options.mayWrite) throw new ProbeFailure("aborted", "this port gets a connect and not one byte");
		if (this.#failure !== null) throw this.#failure;
		if (this.#closed || this.#socket.destroyed) throw new ProbeFailure("closed");
		let sent = false;
		let problem: ProbeFailure | null = null;
		this.#socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes, (error) => {
			sent = true;
			if (error) problem = failureOf(error);
			this.#wake();
		});
		const deadline = performance.now() + this.#options.waitMs;
		while (!sent) {
			if (this.#failure !== null) throw this.#failure;
			if (!(await this.#change(deadline - performance.now()))) throw new ProbeFailure("timeout");
		}
		if (problem !== null) throw this.#failure ?? problem;
	}

	async read(timeoutMs?: number): Promise<Buffer | null> {
		const deadline = performance.now() + Math.min(timeoutMs ?? this.#options.waitMs, this.#options.waitMs);
		return this.#next(deadline, timeoutMs !== undefined);
	}

	async readExactly(n: number): Promise<Buffer> {
		if (n > defaultMaxBytes * 16) throw new ProbeFailure("budget", "more was announced than is ever read");
		const deadline = performance.now() + this.#options.waitMs;
		const parts: Buffer[] = [];
		let have = 0;
		while (have < n) {
			const chunk = await this.#next(deadline, false);
			if (chunk === null) throw new ProbeFailure("closed");
			parts.push(chunk);
			have += chunk.length;
		}
		const all = Buffer.concat(parts);
		if (all.length > n) this.unread(all.subarray(n));
		return all.subarray(0, n);
	}

	async readUntil(delimiter: string | Uint8Array, maxBytes: number = defaultMaxBytes): Promise<Buffer> {
		const mark = typeof delimiter === "string" ? Buffer.from(delimiter, "latin1") : Buffer.from(delimiter);
		const deadline = performance.now() + this.#options.waitMs;
		let all: Buffer = Buffer.alloc(0);
		for (;;) {
			const chunk = await this.#next(deadline, false);
			if (chunk === null) throw new ProbeFailure("closed");
			const from = Math.max(0, all.length - mark.length + 1);
			all = all.length === 0 ? chunk : Buffer.concat([all, chunk]);
			const at = all.indexOf(mark, from);
			const end = at + mark.length;
			if (at >= 0 && end <= maxBytes) {
				if (all.length > end) this.unread(all.subarray(end));
				return all.subarray(0, end);
			}
			if (at >= 0 || all.length > maxBytes) throw new ProbeFailure("budget", "a line is too long");
		}
	}

	async readLine(maxBytes?: number): Promise<string> {
		const line = await this.readUntil("\n", maxBytes);
		const end = line[line.length - 2] === 0x0d ? line.length - 2 : line.length - 1;
		return line.toString("latin1", 0, end);
	}

	unread(bytes: Uint8Array): void {
		if (bytes.length === 0) return;
		// A view, not a copy: what is read a byte at a time would be copied as often, and each copy kept by its byte.
		this.#chunks.unshift(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
		this.#buffered += bytes.length;
	}

	close(): void {
		this.fail(new ProbeFailure("closed"));
	}

	/** Ends the connection at once; whoever waits on it gets this failure. Bytes already received stay readable. */
	fail(failure: ProbeFailure): void {
		this.#failure ??= failure;
		this.#socket.destroy();
		if (!this.#closed) {
			this.#closed = true;
			this.#onClose(this);
		}
		this.#wake();
	}

	async #next(deadline: number, silenceIsEmpty: boolean): Promise<Buffer | null> {
		for (;;) {
			const chunk = this.#chunks.shift();
			if (chunk !== undefined) {
				this.#buffered -= chunk.length;
				if (this.#buffered < highWaterBytes && this.#socket.isPaused()) this.#socket.resume();
				return chunk;
			}
			if (this.#failure !== null) throw this.#failure;
			if (this.#ended) return null;
			if (await this.#change(deadline - performance.now())) continue;
			if (silenceIsEmpty) return Buffer.alloc(0);
			throw new ProbeFailure("timeout");
		}
	}

	/** Resolves true at the next event, false when the time is over. */
	#change(waitMs: number): Promise<boolean> {
		if (waitMs <= 0) return Promise.resolve(false);
		return new Promise((resolve) => {
			const waiter = () => {
				clearTimeout(timer);
				resolve(true);
			};
			const timer = setTimeout(() => {
				this.#waiters.delete(waiter);
				resolve(false);
			}, waitMs);
			this.#waiters.add(waiter);
		});
	}

	#wake(): void {
		const waiters = [...this.#waiters];
		this.#waiters.clear();
		for (const waiter of waiters) waiter();
	}

	#received(chunk: Buffer): void {
		if (this.#closed) return;
		this.bytesRead += chunk.length;
		if (!this.#options.budget.spend(chunk.length)) {
			this.fail(new ProbeFailure("budget", "the target sent more than is ever read"));
			return;
		}
		this.#chunks.push(chunk);
		this.#buffered += chunk.length;
		if (this.#buffered >= highWaterBytes) this.#socket.pause();
		this.#wake();
	}

	#finished(): void {
		this.#ended = true;
		this.#wake();
	}
}
