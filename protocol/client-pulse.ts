/** Whether the other end of a connection still answers, and how quickly: asked again and again while the connection is there. */
import type { Connection } from "./client-connection.ts";
import { control } from "./wire.ts";

/** The first measurement waits until what a connection begins with is done: it would measure that. */
const firstPingMs = 300;
/** Time to read what has come before its sender is taken for silent. Milliseconds. */
const unreadMs = 250;

export interface PulseOptions {
	/** Silence for two such periods ends the connection. */
	readonly everyMs: number;
	readonly onLatency: (latencyMs: number) => void;
}

export class Pulse {
	readonly #connection: Connection;
	readonly #options: PulseOptions;
	#timer: ReturnType<typeof setTimeout>;
	#stopped = false;

	constructor(connection: Connection, options: PulseOptions) {
		this.#connection = connection;
		this.#options = options;
		this.#timer = setTimeout(() => this.#ping(), Math.min(firstPingMs, options.everyMs));
	}

	stop(): void {
		this.#stopped = true;
		clearTimeout(this.#timer);
	}

	#ping(): void {
		const { everyMs, onLatency } = this.#options;
		const sentAt = performance.now();
		this.#connection.request(control.ping, {}, everyMs * 2).then(
			() => {
				if (this.#stopped) return;
				onLatency(performance.now() - sentAt);
				this.#timer = setTimeout(() => this.#ping(), everyMs);
			},
			() => this.#unanswered(sentAt),
		);
	}

	/** Who was held up itself (stopped, on a machine that slept) finds the time over with the answer there, but not read yet. */
	#unanswered(sentAt: number): void {
		if (this.#stopped) return;
		this.#timer = setTimeout(() => {
			if (this.#connection.heardAt < sentAt) this.#connection.close("no answer to ping");
			else this.#ping();
		}, unreadMs);
	}
}
