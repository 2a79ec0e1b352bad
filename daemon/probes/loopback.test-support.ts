/**
 * For tests only: a dialer over real sockets on loopback, and servers that answer bytes with bytes. The daemon's own
 * dialer has deadlines, budgets and TLS below it; probes cannot tell the two apart.
 */
import { createServer, type Server, type Socket, connect as tcpConnect } from "node:net";
import { connect as tlsConnect } from "node:tls";
import type { Connection, ProbeContext } from "./probe.ts";
import { ProbeFailure } from "./probe.ts";

const patienceMs = 5_000;

export interface FakeServer {
	readonly port: number;
	/** Everything clients sent, one entry a connection. */
	readonly heard: Buffer[];
	close(): Promise<void>;
}

/** A server on a free port of `host`; `onData` gets all bytes heard so far on that connection. */
export async function serve(
	handlers: {
		greet?: (socket: Socket) => void;
		onData?: (socket: Socket, chunk: Buffer, connection: number) => void;
	},
	host = "127.0.0.1",
): Promise<FakeServer> {
	const heard: Buffer[] = [];
	const sockets = new Set<Socket>();
	const server: Server = createServer((socket) => {
		const index = heard.push(Buffer.alloc(0)) - 1;
		sockets.add(socket);
		socket.on("error", () => socket.destroy());
		socket.on("close", () => sockets.delete(socket));
		socket.on("data", (chunk) => {
			heard[index] = Buffer.concat([heard[index] ?? Buffer.alloc(0), chunk]);
			handlers.onData?.(socket, chunk, index);
		});
		handlers.greet?.(socket);
	});
	await new Promise<void>((resolve) => server.listen(0, host, resolve));
	const address = server.address();
	return {
		port: typeof address === "object" && address !== null ? address.port : 0,
		heard,
		close: () =>
			new Promise((resolve) => {
				for (const socket of sockets) socket.destroy();
				server.close(() => resolve());
			}),
	};
}

/** A server of a line protocol: `answer` maps each line (without CR LF) to what is sent back; null hangs up. */
export async function serveLines(
	greeting: string,
	answer: (line: string, session: number) => string | null | Promise<string | null>,
	host = "127.0.0.1",
): Promise<FakeServer> {
	const pending = new Map<number, string>();
	return serve(
		{
			greet: (socket) => {
				if (greeting !== "") socket.write(greeting, "latin1");
			},
			onData: async (socket, chunk, index) => {
				const lines = ((pending.get(index) ?? "") + chunk.toString("latin1")).split(/\r?\n/);
				pending.set(index, lines.pop() ?? "");
				for (const line of lines) {
					const reply = await answer(line, index);
					if (reply === null) socket.end();
					else if (reply !== "") socket.write(reply, "latin1");
				}
			},
		},
		host,
	);
}

/** What a probe is handed, for a port on loopback. */
export function contextFor(port: number, options: { address?: string; tls?: boolean } = {}): ProbeContext {
	const address = options.address ?? "127.0.0.1";
	const tls = options.tls ?? false;
	return {
		address,
		port,
		hostname: null,
		tls,
		signal: AbortSignal.timeout(patienceMs),
		now: () => Date.now(),
		dial: {
			connect: () => dial(address, port, tls),
			connectPort: (other) => dial(address, other, false),
			exchange: async () => null,
		},
	};
}

async function dial(address: string, port: number, tls: boolean): Promise<Connection> {
	const socket: Socket = tls
		? tlsConnect({ host: address, port, rejectUnauthorized: false })
		: tcpConnect({ host: address, port });
	await new Promise<void>((resolve, reject) => {
		socket.once(tls ? "secureConnect" : "connect", () => resolve());
		socket.once("error", () => reject(new ProbeFailure("refused")));
	});
	return new LoopbackConnection(socket);
}

class LoopbackConnection implements Connection {
	bytesRead = 0;
	readonly #socket: Socket;
	#buffer: Buffer = Buffer.alloc(0);
	#ended = false;
	#wake: () => void = () => {};

	constructor(socket: Socket) {
		this.#socket = socket;
		const end = () => {
			this.#ended = true;
			this.#wake();
		};
		socket.on("data", (chunk: Buffer) => {
			this.bytesRead += chunk.length;
			this.#buffer = Buffer.concat([this.#buffer, chunk]);
			this.#wake();
		});
		socket.on("end", end);
		socket.on("error", end);
		socket.on("close", end);
	}

	async write(bytes: Uint8Array | string): Promise<void> {
		if (this.#socket.destroyed) throw new ProbeFailure("closed");
		this.#socket.write(bytes);
	}

	async read(timeoutMs?: number): Promise<Buffer | null> {
		if (this.#buffer.length === 0 && !this.#ended) await this.#more(timeoutMs ?? patienceMs, timeoutMs === undefined);
		if (this.#buffer.length === 0 && this.#ended) return null;
		return this.#take(this.#buffer.length);
	}

	async readExactly(n: number): Promise<Buffer> {
		while (this.#buffer.length < n) await this.#need();
		return this.#take(n);
	}

	async readUntil(delimiter: string | Uint8Array, maxBytes = 65_536): Promise<Buffer> {
		const needle = Buffer.from(delimiter as string);
		for (;;) {
			const at = this.#buffer.indexOf(needle);
			if (at >= 0 && at + needle.length <= maxBytes) return this.#take(at + needle.length);
			if (at >= 0 || this.#buffer.length >= maxBytes) throw new ProbeFailure("budget");
			await this.#need();
		}
	}

	async readLine(maxBytes?: number): Promise<string> {
		return (await this.readUntil("\n", maxBytes)).toString("latin1").replace(/\r?\n$/, "");
	}

	unread(bytes: Uint8Array): void {
		this.#buffer = Buffer.concat([bytes, this.#buffer]);
	}

	close(): void {
		this.#socket.destroy();
	}

	async #need(): Promise<void> {
		if (this.#ended) throw new ProbeFailure("closed");
		await this.#more(patienceMs, true);
	}

	#take(n: number): Buffer {
		const taken = this.#buffer.subarray(0, n);
		this.#buffer = this.#buffer.subarray(n);
		return taken;
	}

	#more(timeoutMs: number, failOnSilence: boolean): Promise<void> {
		return new Promise((resolve, reject) => {
			const timer = setTimeout(() => {
				if (failOnSilence) reject(new ProbeFailure("timeout"));
				else resolve();
			}, timeoutMs);
			this.#wake = () => {
				clearTimeout(timer);
				this.#wake = () => {};
				resolve();
			};
		});
	}
}
