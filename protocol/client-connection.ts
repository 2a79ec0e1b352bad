/** One connection of a client, from open socket to close: requests with timeouts and cancelling, and notifications in. */
import { JSONRPCClient, JSONRPCErrorException, JSONRPCServer, JSONRPCServerAndClient } from "json-rpc-2.0";
import { AppError, rpcNumberOf } from "./errors.ts";
import { fromRpcError } from "./rpc-error.ts";
import { control, isDeeperThan, wireLimits } from "./wire.ts";

/** What a client needs of a WebSocket that is already open; `ws` and the browser's both are one. */
export interface WebSocketLike {
	send(text: string): void;
	close(code?: number, reason?: string): void;
	addEventListener(type: "message", listener: (event: { data: unknown }) => void): void;
	addEventListener(type: "close", listener: () => void): void;
}

export interface ConnectionListeners {
	onNotification(method: string, params: unknown): void;
	/** Once, however the connection ended. */
	onClose(): void;
}

const lost = () =>
	new AppError("unavailable", "The connection to the daemon was lost.", { hint: "The answer may still take effect." });

export class Connection {
	readonly #socket: WebSocketLike;
	readonly #listeners: ConnectionListeners;
	readonly #rpc: JSONRPCServerAndClient;
	#nextId = 0;
	#closed = false;
	/** When the last message came, as `performance.now` has it. */
	heardAt = Number.NEGATIVE_INFINITY;
	/** What pending requests are told when the connection ends. */
	#ending: AppError | null = null;

	constructor(socket: WebSocketLike, listeners: ConnectionListeners) {
		this.#socket = socket;
		this.#listeners = listeners;
		const errorListener = () => undefined;
		this.#rpc = new JSONRPCServerAndClient(
			new JSONRPCServer({ errorListener }),
			new JSONRPCClient(
				(payload) => socket.send(JSON.stringify(payload)),
				() => ++this.#nextId,
			),
			{ errorListener },
		);
		for (const method of [control.event, control.lost]) {
			this.#rpc.addMethod(method, (params: unknown) => listeners.onNotification(method, params));
		}
		socket.addEventListener("message", ({ data }) => this.#receive(data));
		socket.addEventListener("close", () => this.close("closed by the daemon"));
	}

	/** The raw result. Raises the daemon's AppError, `unavailable` on time-out or loss, `cancelled` when aborted. */
	async request(method: string, params: unknown, timeoutMs: number, signal?: AbortSignal): Promise<unknown> {
		if (this.#closed) throw this.#ending ?? lost();
		if (signal?.aborted) throw cancelled(method);
		const timed = this.#rpc.client.timeout(timeoutMs, (id) => {
			this.notify(control.cancel, { id });
			return {
				jsonrpc: "2.0",
				id,
				error: { code: rpcNumberOf("unavailable"), message: `${method} was not answered within ${timeoutMs} ms.` },
			};
		});
		const pending = timed.request(method, params);
		const id = this.#nextId;
		let onAbort: (() => void) | undefined;
		const aborted = new Promise<never>((_resolve, reject) => {
			onAbort = () => {
				this.notify(control.cancel, { id });
				reject(cancelled(method));
			};
			signal?.addEventListener("abort", onAbort, { once: true });
		});
		try {
			return await Promise.race([pending, aborted]);
		} catch (err) {
			if (!(err instanceof JSONRPCErrorException)) throw err;
			// Number 0 is what the library gives requests that were pending when we rejected them all.
			throw err.code === 0 ? (this.#ending ?? lost()) : fromRpcError(err);
		} finally {
			if (onAbort) signal?.removeEventListener("abort", onAbort);
		}
	}

	notify(method: string, params: unknown): void {
		if (!this.#closed) this.#rpc.notify(method, params);
	}

	/** `error` is what pending requests fail with; without it they are told the connection was lost. */
	close(reason: string, error?: AppError): void {
		if (this.#closed) return;
		this.#closed = true;
		this.#ending = error ?? null;
		this.#socket.close(1000, reason);
		this.#rpc.rejectAllPendingRequests(reason);
		this.#listeners.onClose();
	}

	#receive(data: unknown): void {
		if (this.#closed) return;
		this.heardAt = performance.now();
		const text = typeof data === "string" ? data : null;
		let message: unknown;
		try {
			if (text !== null && !isDeeperThan(text, wireLimits.depth)) message = JSON.parse(text);
		} catch {
			message = undefined;
		}
		// What is no message at all is refused by the library, too.
		this.#rpc.receiveAndSend(message, undefined, undefined).catch(() => this.close("not a message"));
	}
}

function cancelled(method: string): AppError {
	return new AppError("cancelled", `${method} was cancelled.`);
}
