/** The subscriptions of one connection: numbering, and dropping those whose reader is too slow. */
import type { Logger } from "pino";
import type { Stream } from "../../protocol/catalogue.ts";
import { AppError } from "../../protocol/errors.ts";
import { validate } from "../../protocol/validate.ts";
import { control, subscribeParams, unsubscribeParams, type WireLimits } from "../../protocol/wire.ts";
import type { Dispatcher } from "./dispatch.ts";
import type { CallContext, OpenStream } from "./handler.ts";

export interface SubscriptionsOptions {
	readonly dispatcher: Dispatcher;
	readonly limits: WireLimits;
	readonly log: Logger;
	send(method: string, params: unknown): void;
	/** Bytes that wait to be read by the other end. */
	unsentBytes(): number;
}

interface Held {
	readonly controller: AbortController;
	/** Null until the source has given its snapshot. */
	opened: OpenStream<Stream> | null;
	sequence: number;
}

/** A source that emits this much before its own snapshot is at fault; the subscriber is told to ask again. */
const pendingEvents = 10_000;

export class Subscriptions {
	readonly #options: SubscriptionsOptions;
	readonly #held = new Map<number, Held>();
	#nextId = 0;
	#closed = false;

	constructor(options: SubscriptionsOptions) {
		this.#options = options;
	}

	/** Answers `$/subscribe`. Events that come before the answer has been sent follow it. */
	async open(params: unknown, context: CallContext): Promise<unknown> {
		const asked = validate(subscribeParams, params, `What ${control.subscribe} was given`);
		if (this.#held.size >= this.#options.limits.subscriptions) {
			throw new AppError("busy", "This connection holds too many subscriptions.", { hint: "Close one first." });
		}
		const id = ++this.#nextId;
		const controller = new AbortController();
		const held: Held = { controller, opened: null, sequence: 0 };
		const early: unknown[] = [];
		let answered = false;
		this.#held.set(id, held);
		const emit = (event: unknown) => {
			if (!this.#held.has(id)) return;
			if (answered) this.#send(id, held, event);
			else if (early.push(event) > pendingEvents) this.#lose(id, held);
		};
		// A cancelled `$/subscribe` ends the subscription that was being opened; a finished request leaves it alone.
		const onCancel = () => this.#drop(id);
		context.signal.addEventListener("abort", onCancel, { once: true });
		try {
			const lifelong = { ...context, signal: controller.signal };
			const opened = await this.#options.dispatcher.open(asked.stream, asked.params, emit, lifelong);
			if (this.#closed || !this.#held.has(id)) {
				opened.close();
				throw new AppError("busy", "The subscription ended before it began.", { hint: "Subscribe again." });
			}
			held.opened = opened;
			setImmediate(() => {
				answered = true;
				for (const event of early) if (this.#held.has(id)) this.#send(id, held, event);
				early.length = 0;
			});
			return { subscription: id, sequence: 0, snapshot: opened.snapshot };
		} catch (err) {
			this.#drop(id);
			throw err;
		} finally {
			context.signal.removeEventListener("abort", onCancel);
		}
	}

	/** Answers `$/unsubscribe`; a number that is not held is fine. */
	close(params: unknown): unknown {
		this.#drop(validate(unsubscribeParams, params, `What ${control.unsubscribe} was given`).subscription);
		return {};
	}

	closeAll(): void {
		this.#closed = true;
		for (const id of [...this.#held.keys()]) this.#drop(id);
	}

	#send(id: number, held: Held, event: unknown): void {
		if (this.#options.unsentBytes() > this.#options.limits.queueBytes) {
			this.#lose(id, held);
			return;
		}
		this.#options.send(control.event, { subscription: id, sequence: ++held.sequence, event });
	}

	#lose(id: number, held: Held): void {
		this.#drop(id);
		if (held.opened) this.#options.send(control.lost, { subscription: id, reason: "slow" });
	}

	#drop(id: number): void {
		const held = this.#held.get(id);
		if (!held) return;
		this.#held.delete(id);
		held.controller.abort();
		try {
			held.opened?.close();
		} catch (err) {
			this.#options.log.error({ err }, "a stream could not be closed");
		}
	}
}
