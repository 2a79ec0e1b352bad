/**
 * The client of the daemon: typed calls, subscriptions that heal themselves, reconnecting, latency. How the bytes travel
 * is handed in as `dial`, so a local socket, SSH and a test differ only there. Nothing here needs Node.
 */
import { Connection, type WebSocketLike } from "./client-connection.ts";
import { Pulse } from "./client-pulse.ts";
import { type LiveSubscription, LiveSubscriptions } from "./client-subscriptions.ts";
import type {
	Method,
	MethodParams,
	MethodResult,
	Stream,
	StreamEvent,
	StreamParams,
	StreamSnapshot,
} from "./define.ts";
import { AppError } from "./errors.ts";
import { hello } from "./methods/daemon.ts";
import { validate } from "./validate.ts";
import { cannotSpeak, canSpeak, notKnownThere, notUnderstood, type Speaker } from "./versions.ts";
import { discoverMethod, protocolVersion } from "./wire.ts";

export type { WebSocketLike };

/** `reconnecting`: calls fail with `unavailable`, subscriptions come back by themselves. `closed` is final. */
export type ClientState = "connected" | "reconnecting" | "closed";

export interface ClientOptions {
	/** Resolves to an open socket. Raise `unavailable` or `busy` to be asked again later, anything else to give up. */
	dial(): Promise<WebSocketLike>;
	/** Name and version, for the daemon's log. */
	client: string;
	/** Ask for no more than read access. */
	readOnly?: boolean | undefined;
	/** How long the first connection is tried for. Default 3,000 ms; 0: one try. Later ones are tried until `close`. */
	retryMs?: number | undefined;
	/** How often the latency is measured, from shortly after connecting on. Default 5,000 ms. A ping unanswered for two such periods ends the connection. */
	pingMs?: number | undefined;
}

export interface SubscribeHandlers<S extends Stream> {
	/** Replaces everything known so far. Called again whenever a number was missed or the connection was lost. */
	onSnapshot(snapshot: StreamSnapshot<S>): void;
	onEvent(event: StreamEvent<S>): void;
	/** What is shown may be stale until the next snapshot. */
	onLost?(reason: "slow" | "gap" | "disconnected"): void;
	/** The subscription has ended for good, for example because its subject is gone. */
	onError?(error: AppError): void;
}

export interface Subscription {
	/** Resolves with the first snapshot; rejects when the subscription is refused. Need not be looked at. */
	readonly ready: Promise<void>;
	close(): void;
}

export type HelloResult = MethodResult<typeof hello>;

export interface Client {
	readonly state: ClientState;
	/** What the daemon said last: version, access, user, capabilities. */
	readonly hello: HelloResult;
	/** Tries to connect again since the connection was lost; 0 while it is there. */
	readonly attempts: number;
	/** Round trip of the last ping in milliseconds; null before the first. */
	readonly latencyMs: number | null;
	/** Calls back on every change from now on; `error` says why, where there is a reason. Returns the way to stop. */
	onState(listener: (state: ClientState, error?: AppError) => void): () => void;
	onLatency(listener: (latencyMs: number) => void): () => void;
	/** Raises AppError with the daemon's code; `invalid` without asking when params do not fit; `unavailable` when not
	 * connected or not answered within the method's timeout; `cancelled` when `signal` aborts. */
	call<M extends Method>(
		method: M,
		params: MethodParams<M>,
		options?: { signal?: AbortSignal },
	): Promise<MethodResult<M>>;
	subscribe<S extends Stream>(stream: S, params: StreamParams<S>, handlers: SubscribeHandlers<S>): Subscription;
	/** Connects again at once where it would wait before its next try. */
	retry(): void;
	/** The daemon's OpenRPC document. */
	discover(): Promise<unknown>;
	/** Ends everything, pending calls fail with `cancelled`. */
	close(): Promise<void>;
}

const backOffMs = { first: 100, most: 5_000 };

/** Connects and says hello. Raises `unavailable` (nobody answers), `forbidden`, `version-mismatch`. */
export async function connectClient(options: ClientOptions): Promise<Client> {
	const client = new RpcClient(options);
	await client.open();
	return client;
}

class RpcClient implements Client {
	state: ClientState = "reconnecting";
	latencyMs: number | null = null;
	attempts = 0;
	readonly #options: ClientOptions;
	readonly #subscriptions = new LiveSubscriptions();
	readonly #stateListeners = new Set<(state: ClientState, error?: AppError) => void>();
	readonly #latencyListeners = new Set<(latencyMs: number) => void>();
	#connection: Connection | null = null;
	#hello: HelloResult | null = null;
	#pulse: Pulse | null = null;
	/** The next try to connect again, while it is waited for. */
	#nextTry: (() => void) | null = null;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(options: ClientOptions) {
		this.#options = options;
	}

	get hello(): HelloResult {
		if (this.#hello === null) throw new AppError("unavailable", "Not yet connected.");
		return this.#hello;
	}

	/** The first connection, tried for `retryMs`. */
	async open(): Promise<void> {
		const deadline = Date.now() + (this.#options.retryMs ?? 3_000);
		for (let waitMs = 25; ; waitMs = Math.min(waitMs * 1.5, 150)) {
			try {
				return await this.#connect();
			} catch (err) {
				if (!mayRetry(err) || Date.now() + waitMs > deadline) {
					this.state = "closed";
					throw asAppError(err);
				}
				await new Promise((resolve) => setTimeout(resolve, waitMs));
			}
		}
	}

	onState(listener: (state: ClientState, error?: AppError) => void): () => void {
		this.#stateListeners.add(listener);
		return () => this.#stateListeners.delete(listener);
	}

	onLatency(listener: (latencyMs: number) => void): () => void {
		this.#latencyListeners.add(listener);
		return () => this.#latencyListeners.delete(listener);
	}

	async call<M extends Method>(
		method: M,
		params: MethodParams<M>,
		options: { signal?: AbortSignal } = {},
	): Promise<MethodResult<M>> {
		const checked = validate(method.params, params, `What ${method.name} was given`);
		const connection = this.#connected();
		try {
			const result = await connection.request(method.name, checked, method.timeoutMs, options.signal);
			return validate(method.result, result, `The daemon's answer to ${method.name}`, "internal") as MethodResult<M>;
		} catch (err) {
			const { client } = this.#options;
			if (isUnknownMethod(err)) throw notKnownThere(method.name, this.#daemon, client);
			throw err instanceof AppError && err.details?.incident === undefined
				? notUnderstood(err, this.#daemon, client)
				: err;
		}
	}

	subscribe<S extends Stream>(stream: S, params: StreamParams<S>, handlers: SubscribeHandlers<S>): Subscription {
		const checked = validate(stream.params, params, `What ${stream.name} was given`) as Record<string, unknown>;
		if (this.state === "closed") throw new AppError("unavailable", "The connection to the daemon is closed.");
		const live: LiveSubscription = this.#subscriptions.add(stream, checked, handlers as SubscribeHandlers<Stream>);
		if (this.#connection !== null) this.#subscriptions.start(live, this.#connection);
		return { ready: live.ready, close: () => this.#subscriptions.remove(live) };
	}

	retry(): void {
		if (this.#nextTry === null) return;
		clearTimeout(this.#timer);
		this.#nextTry();
	}

	discover(): Promise<unknown> {
		return this.#connected().request(discoverMethod, {}, 10_000);
	}

	async close(): Promise<void> {
		this.#end(new AppError("cancelled", "The connection was closed."), false);
	}

	get #daemon(): Speaker {
		const { version, protocol } = this.hello;
		return { program: version, protocol };
	}

	#connected(): Connection {
		if (this.#connection !== null) return this.#connection;
		throw new AppError("unavailable", "The connection to the daemon is down.", {
			hint:
				this.state === "closed"
					? "Start the daemon with: vedette daemon start"
					: "It is being opened again; try again when it is back.",
		});
	}

	async #connect(): Promise<void> {
		const connection = new Connection(await this.#options.dial(), {
			onNotification: (method, params) => this.#subscriptions.receive(method, params, connection),
			onClose: () => this.#lost(connection),
		});
		try {
			const greeting = {
				protocol: protocolVersion,
				client: this.#options.client,
				readOnly: this.#options.readOnly ?? false,
			};
			const answer = await connection.request(hello.name, greeting, hello.timeoutMs);
			this.#hello = greetingOf(answer, { program: this.#options.client, protocol: protocolVersion });
		} catch (err) {
			connection.close("greeting failed");
			throw err;
		}
		// `close` may have been called while the greeting was on its way.
		if (this.state === "closed") {
			connection.close("closed");
			return;
		}
		this.#connection = connection;
		this.#pulse = new Pulse(connection, {
			everyMs: this.#options.pingMs ?? 5_000,
			onLatency: (latencyMs) => this.#measured(latencyMs),
		});
		this.attempts = 0;
		this.#setState("connected");
		this.#subscriptions.startAll(connection);
	}

	#measured(latencyMs: number): void {
		this.latencyMs = latencyMs;
		for (const listener of this.#latencyListeners) listener(latencyMs);
	}

	#lost(connection: Connection): void {
		if (this.#connection !== connection) return;
		this.#connection = null;
		this.#pulse?.stop();
		this.#subscriptions.interrupt();
		this.#setState("reconnecting", new AppError("unavailable", "The connection to the daemon was lost."));
		this.#reconnect(backOffMs.first);
	}

	#reconnect(waitMs: number): void {
		this.#nextTry = () => {
			this.#nextTry = null;
			this.attempts++;
			this.#connect().catch((err: unknown) => {
				if (this.state === "closed") return;
				if (!mayRetry(err)) return this.#end(asAppError(err), true);
				this.#reconnect(Math.min(waitMs * 2, backOffMs.most));
			});
		};
		this.#timer = setTimeout(this.#nextTry, waitMs);
	}

	#end(error: AppError, tell: boolean): void {
		if (this.state === "closed") return;
		this.#pulse?.stop();
		clearTimeout(this.#timer);
		this.#nextTry = null;
		const connection = this.#connection;
		this.#connection = null;
		this.#setState("closed", tell ? error : undefined);
		connection?.close("closed", error);
		this.#subscriptions.end(error, tell);
	}

	#setState(state: ClientState, error?: AppError): void {
		this.state = state;
		for (const listener of [...this.#stateListeners]) listener(state, error);
	}
}

/** A daemon of another time may greet otherwise; what it says of itself is looked for before the rest. */
function greetingOf(answer: unknown, client: Speaker): HelloResult {
	const said = hello.result.pick({ version: true, protocol: true }).safeParse(answer);
	if (said.success && !canSpeak(said.data.protocol, client.protocol)) {
		throw cannotSpeak({ program: said.data.version, protocol: said.data.protocol }, client);
	}
	return validate(hello.result, answer, "The daemon's greeting", "version-mismatch");
}

function isUnknownMethod(err: unknown): boolean {
	return err instanceof AppError && err.details?.isUnknownMethod === true;
}

/** A daemon that is not there yet, or full, may be there later; one that refuses will refuse again. */
function mayRetry(err: unknown): boolean {
	return !(err instanceof AppError) || err.code === "unavailable" || err.code === "busy";
}

function asAppError(err: unknown): AppError {
	if (err instanceof AppError) return err;
	return new AppError(
		"unavailable",
		`The daemon cannot be reached: ${err instanceof Error ? err.message : String(err)}`,
	);
}
