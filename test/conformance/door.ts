/** A real RPC server on a socket of its own with handlers made for testing, and ways to talk to it badly. */
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { WebSocket } from "ws";
import type { Handlers, Streams } from "../../daemon/rpc/handler.ts";
import { createRpcServer, type RpcServer, type RpcServerOptions } from "../../daemon/rpc/server.ts";
import { AppError } from "../../protocol/errors.ts";
import type { Finding } from "../../protocol/model/finding.ts";
import { protocolVersion, rpcHosts, rpcPath } from "../../protocol/wire.ts";

export const theSecret = "connection string with a password in it";

export interface Door {
	readonly folder: string;
	readonly socketPath: string;
	readonly server: RpcServer;
	readonly logLines: Record<string, unknown>[];
	/** Numbers of calls that reached a handler, by method. */
	readonly reached: Map<string, number>;
	/** Emits to every open `findings.watch`. */
	emit(total: number): void;
	openStreams(): number;
	/** Signals of calls to `scans.get`, which answers only when told to. */
	readonly waiting: AbortSignal[];
	close(): Promise<void>;
}

export async function openDoor(options: Partial<RpcServerOptions> = {}): Promise<Door> {
	const folder = mkdtempSync(join(tmpdir(), "vedette-door-"));
	const socketPath = options.socketPath ?? join(folder, "run", "daemon.sock");
	const logLines: Record<string, unknown>[] = [];
	const reached = new Map<string, number>();
	const waiting: AbortSignal[] = [];
	const emitters = new Set<(total: number) => void>();
	const counted = <T>(name: string, result: T): T => {
		reached.set(name, (reached.get(name) ?? 0) + 1);
		return result;
	};
	const handlers = {
		daemon: { stop: () => counted("daemon.stop", { stopping: true }) },
		scans: {
			get: (_params: unknown, { signal }: { signal: AbortSignal }) => {
				waiting.push(signal);
				return new Promise((resolve) => signal.addEventListener("abort", resolve));
			},
			list: () => {
				throw new TypeError(theSecret);
			},
			cancel: ({ scan }: { scan: number }) => {
				throw new AppError("not-found", `There is no scan ${scan}.`, { hint: "List them: vedette scans" });
			},
		},
		signatures: { list: () => counted("signatures.list", { items: [], total: 0, next: null }) },
		knowledge: { status: () => ({ nonsense: true }) },
		findings: { list: ({ limit }: { limit: number }) => findings(limit) },
	};
	const watch = (_params: unknown, emit: (event: unknown) => void) => {
		const listener = (total: number) => emit({ kind: "changed", total });
		emitters.add(listener);
		return { snapshot: { total: 0 }, close: () => void emitters.delete(listener) };
	};
	const refuse = () => {
		throw new AppError("not-found", "There is no such scan.");
	};
	const server = createRpcServer({
		log: pino({ level: "debug" }, { write: (line: string) => void logLines.push(JSON.parse(line)) }),
		version: "1.2.3",
		handlers: handlers as unknown as Handlers,
		streams: { findings: { watch }, scans: { follow: refuse } } as unknown as Streams,
		strict: true,
		...options,
		socketPath,
	});
	await server.listen();
	return {
		folder,
		socketPath,
		server,
		logLines,
		reached,
		waiting,
		emit: (total) => {
			for (const listener of emitters) listener(total);
		},
		openStreams: () => emitters.size,
		async close() {
			await server.close();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

/** Findings of 20,000 bytes each, to fill a frame. */
function findings(count: number): { items: Finding[]; total: number; next: null } {
	const at = "2026-01-01T00:00:00.000Z";
	const item: Finding = {
		...{ id: 1, asset: { id: 1, name: "a" }, address: "127.0.0.1", port: 22, protocol: "tcp", qid: 1 },
		...{ signature: "ssh/x", title: "t", severity: 3, type: "confirmed", status: "NEW", firstFound: at, lastFound: at },
		...{
			lastFixed: null,
			timesFound: 1,
			cves: [],
			cvss: null,
			kev: false,
			epss: null,
			priority: 31.5,
			fix: null,
			excepted: false,
			ignored: false,
			ticket: null,
			result: "x".repeat(20_000),
		},
	};
	return { items: Array.from({ length: count }, () => item), total: count, next: null };
}

/** What comes back for these bytes until the other side closes. A path, or a way to open something else. */
export function rawExchange(
	to: string | (() => Socket),
	bytes: string | Uint8Array,
	onOpen?: (socket: Socket) => void,
) {
	return new Promise<string>((resolve) => {
		const socket = typeof to === "string" ? connect(to) : to();
		let text = "";
		socket.setEncoding("latin1");
		socket.on("data", (chunk: string) => {
			text += chunk;
		});
		// Being cut off while still sending is one of the answers.
		socket.on("error", () => undefined);
		socket.on("close", () => resolve(text));
		socket.on("encrypted" in socket ? "secureConnect" : "connect", () => {
			socket.write(bytes);
			onOpen?.(socket);
		});
	});
}

export function handshake(
	changes: Record<string, string | string[] | null> = {},
	requestLine = `GET ${rpcPath} HTTP/1.1`,
) {
	const headers: Record<string, string | string[] | null> = {
		Host: rpcHosts[0],
		Upgrade: "websocket",
		Connection: "Upgrade",
		"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
		"Sec-WebSocket-Version": "13",
		...changes,
	};
	const lines = Object.entries(headers).flatMap(([name, value]) =>
		value === null ? [] : [value].flat().map((one) => `${name}: ${one}`),
	);
	return `${[requestLine, ...lines].join("\r\n")}\r\n\r\n`;
}

export type Message = {
	id?: unknown;
	result?: Record<string, unknown>;
	error?: { code: number; message: string; data?: Record<string, unknown> };
	method?: string;
	params?: Record<string, unknown>;
};

/** A WebSocket spoken by hand. */
export class Peer {
	readonly socket: WebSocket;
	readonly #queue: Message[] = [];
	readonly #waiting: ((message: Message) => void)[] = [];
	readonly closed: Promise<number>;

	private constructor(socket: WebSocket) {
		this.socket = socket;
		socket.on("message", (data) => {
			const message = JSON.parse(String(data)) as Message;
			const waiter = this.#waiting.shift();
			if (waiter) waiter(message);
			else this.#queue.push(message);
		});
		socket.on("error", () => undefined);
		this.closed = new Promise((resolve) => socket.once("close", resolve));
	}

	static async open(socketPath: string, hello = true): Promise<Peer> {
		const socket = new WebSocket(`ws+unix://${socketPath}:${rpcPath}`, {
			headers: { Host: rpcHosts[0] },
			perMessageDeflate: false,
			skipUTF8Validation: true,
		});
		await new Promise((resolve, reject) => {
			socket.once("open", resolve);
			socket.once("error", reject);
		});
		const peer = new Peer(socket);
		if (hello) await peer.ask("daemon.hello", { protocol: protocolVersion, client: "test 1" });
		return peer;
	}

	next(): Promise<Message> {
		const first = this.#queue.shift();
		if (first) return Promise.resolve(first);
		return new Promise((resolve) => this.#waiting.push(resolve));
	}

	send(value: unknown): void {
		this.socket.send(typeof value === "string" || value instanceof Uint8Array ? value : JSON.stringify(value));
	}

	ask(method: string, params?: unknown, id: unknown = 1): Promise<Message> {
		this.send({ jsonrpc: "2.0", id, method, params });
		return this.next();
	}

	close(): Promise<number> {
		this.socket.close();
		return this.closed;
	}
}

/** The server still answers a newcomer. */
export async function isAlive(socketPath: string): Promise<boolean> {
	const peer = await Peer.open(socketPath);
	const answer = await peer.ask("signatures.list", {});
	await peer.close();
	return answer.result?.total === 0;
}
