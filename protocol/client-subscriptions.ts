/** A client's subscriptions: numbers checked, snapshots asked for again after a gap, a loss or a reconnect. */
import type { SubscribeHandlers } from "./client.ts";
import type { Connection } from "./client-connection.ts";
import type { Stream } from "./define.ts";
import { AppError } from "./errors.ts";
import { validate } from "./validate.ts";
import { control, eventParams, lostParams, subscribed } from "./wire.ts";

export interface LiveSubscription {
	readonly stream: Stream;
	readonly params: Record<string, unknown>;
	readonly handlers: SubscribeHandlers<Stream>;
	readonly ready: Promise<void>;
	readonly settle: { resolve(): void; reject(error: AppError): void };
	/** Where it runs and the daemon's number for it there; null while waiting for a snapshot. */
	held: { readonly connection: Connection; readonly id: number } | null;
	sequence: number;
	/** Rises with every try, so that the answer to an older one is known to be stale. */
	attempt: number;
	ended: boolean;
}

const retryMs = 250;
const subscribeTimeoutMs = 30_000;
/** Events that came before the answer to their `$/subscribe` was looked at; more than this is a gap. */
const earlyEvents = 1_000;

export class LiveSubscriptions {
	readonly #all = new Set<LiveSubscription>();
	readonly #early = new Map<number, { sequence: number; event: unknown }[]>();
	#waiting = 0;

	add(stream: Stream, params: Record<string, unknown>, handlers: SubscribeHandlers<Stream>): LiveSubscription {
		const { promise, resolve, reject } = Promise.withResolvers<void>();
		// Nobody need look at `ready`: `onError` says the same.
		promise.catch(() => undefined);
		const live: LiveSubscription = {
			stream,
			params,
			handlers,
			ready: promise,
			settle: { resolve, reject },
			held: null,
			sequence: 0,
			attempt: 0,
			ended: false,
		};
		this.#all.add(live);
		return live;
	}

	startAll(connection: Connection): void {
		for (const live of this.#all) this.start(live, connection);
	}

	/** Asks for a snapshot. What was held before, if anything, is given up. */
	start(live: LiveSubscription, connection: Connection): void {
		const attempt = ++live.attempt;
		giveUp(live);
		this.#waiting++;
		const request = { stream: live.stream.name, params: live.params };
		connection
			.request(control.subscribe, request, subscribeTimeoutMs)
			.then((answer) => this.#begin(live, attempt, answer, connection))
			.catch((err: unknown) => this.#refused(live, attempt, err, connection))
			.finally(() => {
				if (--this.#waiting === 0) this.#early.clear();
			});
	}

	/** `$/event` and `$/lost`. A message of any other shape is as good as a gap we cannot place, so it is dropped. */
	receive(method: string, params: unknown, connection: Connection): void {
		if (method === control.event) {
			const message = eventParams.safeParse(params);
			if (!message.success) return;
			const { subscription, sequence, event } = message.data;
			const live = this.#byId(subscription);
			if (live) this.#next(live, sequence, event, connection);
			if (live || this.#waiting === 0) return;
			const early = this.#early.get(subscription) ?? [];
			this.#early.set(subscription, early);
			if (early.length < earlyEvents) early.push({ sequence, event });
			return;
		}
		const message = lostParams.safeParse(params);
		const live = message.success ? this.#byId(message.data.subscription) : undefined;
		if (!live) return;
		live.held = null;
		live.handlers.onLost?.("slow");
		this.#later(live, connection);
	}

	remove(live: LiveSubscription): void {
		if (live.ended) return;
		giveUp(live);
		this.#finish(live, new AppError("cancelled", "The subscription was closed."), false);
	}

	/** The connection is gone; the next one brings new snapshots. */
	interrupt(): void {
		this.#early.clear();
		for (const live of [...this.#all]) {
			live.attempt++;
			live.held = null;
			live.handlers.onLost?.("disconnected");
		}
	}

	/** Ends all of them; `tell`: their `onError` hears why. */
	end(error: AppError, tell: boolean): void {
		for (const live of [...this.#all]) this.#finish(live, error, tell);
	}

	#begin(live: LiveSubscription, attempt: number, answer: unknown, connection: Connection): void {
		const { subscription, sequence, snapshot } = validate(subscribed, answer, "The daemon's snapshot", "internal");
		if (live.ended || live.attempt !== attempt) {
			connection.notify(control.unsubscribe, { subscription });
			return;
		}
		live.held = { connection, id: subscription };
		live.sequence = sequence;
		live.handlers.onSnapshot(
			validate(live.stream.snapshot, snapshot, `The snapshot of ${live.stream.name}`, "internal"),
		);
		live.settle.resolve();
		const early = this.#early.get(subscription) ?? [];
		this.#early.delete(subscription);
		for (const { sequence: number, event } of early) {
			if (live.held?.id === subscription) this.#next(live, number, event, connection);
		}
	}

	#next(live: LiveSubscription, sequence: number, event: unknown, connection: Connection): void {
		if (sequence !== live.sequence + 1) {
			live.handlers.onLost?.("gap");
			if (!live.ended) this.start(live, connection);
			return;
		}
		live.sequence = sequence;
		const checked = live.stream.event.safeParse(event);
		if (checked.success) {
			live.handlers.onEvent(checked.data);
			return;
		}
		giveUp(live);
		this.#finish(live, new AppError("internal", `An event of ${live.stream.name} is not as expected.`), true);
	}

	#refused(live: LiveSubscription, attempt: number, err: unknown, connection: Connection): void {
		if (live.ended || live.attempt !== attempt) return;
		const error = err instanceof AppError ? err : new AppError("internal", "A subscriber failed.", { cause: err });
		if (error.code === "busy" || error.code === "unavailable") {
			this.#later(live, connection);
			return;
		}
		giveUp(live);
		this.#finish(live, error, true);
	}

	#later(live: LiveSubscription, connection: Connection): void {
		const attempt = ++live.attempt;
		setTimeout(() => {
			if (!live.ended && live.attempt === attempt) this.start(live, connection);
		}, retryMs);
	}

	#finish(live: LiveSubscription, error: AppError, tell: boolean): void {
		if (live.ended) return;
		live.ended = true;
		live.held = null;
		this.#all.delete(live);
		live.settle.reject(error);
		if (tell) live.handlers.onError?.(error);
	}

	#byId(id: number): LiveSubscription | undefined {
		for (const live of this.#all) if (live.held?.id === id) return live;
		return undefined;
	}
}

function giveUp(live: LiveSubscription): void {
	live.held?.connection.notify(control.unsubscribe, { subscription: live.held.id });
	live.held = null;
}
