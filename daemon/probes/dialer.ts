/**
 * The dialers probes are handed: TCP, TCP inside TLS that accepts any server, one UDP exchange, and STARTTLS. They keep
 * the limits (time, bytes, connections at once) and close whatever a probe leaves open.
 */
import { constants } from "node:crypto";
import { createSocket } from "node:dgram";
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls, createSecureContext, type SecureContext } from "node:tls";
import { mayTalk } from "../scope/scope.ts";
import { ByteBudget, SocketConnection } from "./connection.ts";
import { failureOf, failureOfSignal } from "./failure.ts";
import { type Connection, type Dialer, type Probe, type ProbeContext, ProbeFailure } from "./probe.ts";
import { noTurns, type Turns } from "./turns.ts";

export interface DialerLimits {
	readonly connectMs: number;
	/** Longest wait of one read or write. */
	readonly waitMs: number;
	readonly connectionBytes: number;
	/** Over all connections of this dialer. */
	readonly totalBytes: number;
	/** Connections opened in all. */
	readonly connections: number;
	readonly connectionsAtOnce: number;
}

export const defaultDialerLimits: DialerLimits = {
	connectMs: 5_000,
	waitMs: 5_000,
	connectionBytes: 1024 * 1024,
	totalBytes: 4 * 1024 * 1024,
	connections: 64,
	connectionsAtOnce: 3,
};

export interface DialerOptions {
	readonly address: string;
	readonly port: number;
	/** Name sent as SNI; null sends none. */
	readonly hostname: string | null;
	readonly tls: boolean;
	readonly signal: AbortSignal;
	readonly limits?: Partial<DialerLimits>;
	/** Given to the first `connect` instead of a new connection: one that has been opened but not written to. */
	readonly opened?: Connection | null;
	/** Taken before each connect and each datagram. Default: nothing is waited for. */
	readonly turns?: Turns;
}

/** A dialer and its end: `close` destroys every connection still open. */
export interface OwnedDialer extends Dialer {
	close(): void;
}

export function openDialer(options: DialerOptions): OwnedDialer {
	return new SocketDialer(options);
}

class SocketDialer implements OwnedDialer {
	readonly #options: DialerOptions;
	readonly #limits: DialerLimits;
	readonly #turns: Turns;
	readonly #budget: ByteBudget;
	readonly #open = new Set<SocketConnection>();
	readonly #queue: (() => void)[] = [];
	#opened: Connection | null;
	#adopted: Connection | null = null;
	#busy = 0;
	#count = 0;
	#ended: ProbeFailure | null = null;
	readonly #onAbort = () => this.#end(failureOfSignal(this.#options.signal));

	constructor(options: DialerOptions) {
		this.#options = options;
		this.#limits = { ...defaultDialerLimits, ...options.limits };
		this.#turns = options.turns ?? noTurns;
		this.#budget = new ByteBudget(this.#limits.totalBytes);
		this.#opened = options.opened ?? null;
		if (options.signal.aborted) this.#ended = failureOfSignal(options.signal);
		else options.signal.addEventListener("abort", this.#onAbort, { once: true });
	}

	async connect(): Promise<Connection> {
		const opened = this.#opened;
		this.#opened = null;
		if (opened !== null) {
			this.#adopted = opened;
			return opened;
		}
		return this.#new(this.#options.port, this.#options.tls);
	}

	connectPort(port: number): Promise<Connection> {
		if (!mayTalk(port)) return Promise.reject(new ProbeFailure("aborted", "this port is never talked to"));
		return this.#new(port, false);
	}

	async #new(port: number, tls: boolean): Promise<Connection> {
		await this.#enter();
		try {
			const socket = await this.#inTurn(() => this.#socket(port, tls));
			const connection = new SocketConnection(
				socket,
				{
					waitMs: this.#limits.waitMs,
					budget: new ByteBudget(this.#limits.connectionBytes, this.#budget),
					mayWrite: mayTalk(port),
				},
				(closed) => {
					this.#open.delete(closed);
					this.#leave();
				},
			);
			this.#open.add(connection);
			return connection;
		} catch (error) {
			this.#leave();
			throw failureOf(error);
		}
	}

	async exchange(datagram: Uint8Array, timeoutMs = 2_000): Promise<Buffer | null> {
		if (this.#ended !== null) throw this.#ended;
		if (!mayTalk(this.#options.port)) throw new ProbeFailure("aborted", "this port is never sent anything");
		return this.#inTurn(() => this.#exchange(datagram, timeoutMs));
	}

	waitedMs(): number {
		return this.#turns.waitedMs();
	}

	/** Sends when limits let it. They count the question as open until it is answered or given up. */
	async #inTurn<T>(ask: () => Promise<T>): Promise<T> {
		const answered = await this.#turns.take(this.#options.signal);
		try {
			if (this.#ended !== null) throw this.#ended;
			return await ask();
		} finally {
			answered();
		}
	}

	#exchange(datagram: Uint8Array, timeoutMs: number): Promise<Buffer | null> {
		const { address, port, signal } = this.#options;
		return new Promise((resolve, reject) => {
			const socket = createSocket(isIP(address) === 6 ? "udp6" : "udp4");
			const settle = (finish: () => void) => {
				clearTimeout(timer);
				signal.removeEventListener("abort", abort);
				socket.removeAllListeners("message");
				try {
					socket.close();
				} catch {
					// It was never bound or is closed already.
				}
				finish();
			};
			const abort = () => settle(() => reject(failureOfSignal(signal)));
			const timer = setTimeout(() => settle(() => resolve(null)), timeoutMs);
			signal.addEventListener("abort", abort, { once: true });
			socket.on("error", (error) => settle(() => reject(failureOf(error))));
			socket.once("message", (message) =>
				settle(() => (this.#budget.spend(message.length) ? resolve(message) : reject(new ProbeFailure("budget")))),
			);
			// A connected socket takes datagrams from this peer only, and hears of ICMP port unreachable.
			socket.connect(port, address, () => {
				socket.send(datagram, (error) => error && settle(() => reject(failureOf(error))));
			});
		});
	}

	close(): void {
		this.#end(new ProbeFailure("closed"));
	}

	#end(failure: ProbeFailure): void {
		this.#ended ??= failure;
		this.#options.signal.removeEventListener("abort", this.#onAbort);
		this.#opened?.close();
		this.#adopted?.close();
		for (const connection of [...this.#open]) connection.fail(failure);
		for (const next of this.#queue.splice(0)) next();
	}

	async #enter(): Promise<void> {
		if (this.#ended !== null) throw this.#ended;
		if (++this.#count > this.#limits.connections) throw new ProbeFailure("budget", "too many connections");
		if (this.#busy >= this.#limits.connectionsAtOnce) await new Promise<void>((resolve) => this.#queue.push(resolve));
		else this.#busy += 1;
		if (this.#ended !== null) throw this.#ended;
	}

	/** Hands the place to whoever waits for one. */
	#leave(): void {
		const next = this.#queue.shift();
		if (next === undefined) this.#busy -= 1;
		else next();
	}

	#socket(port: number, tls: boolean): Promise<Socket> {
		const { address, hostname, signal } = this.#options;
		if (tls && !mayTalk(port)) throw new ProbeFailure("aborted", "this port gets a connect and not one byte");
		return new Promise((resolve, reject) => {
			const socket = tls
				? connectTls({
						host: address,
						port,
						secureContext: anyServer(),
						rejectUnauthorized: false,
						checkServerIdentity: () => undefined,
						minDHSize: 1,
						...(hostname !== null && isIP(hostname) === 0 ? { servername: hostname } : {}),
					})
				: connectTcp({ host: address, port, noDelay: true, allowHalfOpen: true });
			const settle = (finish: () => void) => {
				clearTimeout(timer);
				signal.removeEventListener("abort", abort);
				socket.off(tls ? "secureConnect" : "connect", ready);
				socket.off("close", closed);
				finish();
			};
			const fail = (failure: ProbeFailure) =>
				settle(() => {
					socket.destroy();
					reject(failure);
				});
			const ready = () => settle(() => resolve(socket));
			// Never taken off: no socket is ever without a listener for errors.
			const failed = (error: Error) => fail(failureOf(error));
			const closed = () => fail(new ProbeFailure("closed"));
			const abort = () => fail(failureOfSignal(signal));
			const timer = setTimeout(() => fail(new ProbeFailure("timeout")), this.#limits.connectMs);
			socket.on("error", failed);
			socket.once(tls ? "secureConnect" : "connect", ready);
			socket.once("close", closed);
			signal.addEventListener("abort", abort, { once: true });
		});
	}
}

let sharedContext: SecureContext | null = null;

/** One TLS context that talks to whatever is there: what the server is worth is judged from evidence, not here. */
function anyServer(): SecureContext {
	sharedContext ??= createSecureContext({
		ca: [],
		minVersion: "TLSv1",
		maxVersion: "TLSv1.3",
		ciphers:
			"TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:DEFAULT:ALL:COMPLEMENTOFALL:@SECLEVEL=0",
		secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT,
	});
	return sharedContext;
}

/**
 * A dialer whose `connect` speaks the probe's STARTTLS preamble first, so that the next byte sent may be a ClientHello.
 * Rejects with ProbeFailure `tls` when the server declines.
 */
export function startTlsDialer(probe: Probe, context: ProbeContext): Dialer {
	return {
		async connect() {
			const connection = await context.dial.connect();
			try {
				const ready = (await probe.startTls?.(connection, context)) ?? false;
				if (!ready) throw new ProbeFailure("tls", `${probe.name} declined to start TLS`);
				return connection;
			} catch (error) {
				connection.close();
				throw failureOf(error);
			}
		},
		exchange: () => Promise.reject(new ProbeFailure("protocol", "STARTTLS is for streams")),
		waitedMs: () => context.dial.waitedMs?.() ?? 0,
	};
}
