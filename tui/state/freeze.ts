/**
 * Holding the screen still: while it is frozen, what the daemon tells by itself waits here, in order and bounded, and is taken
 * up when it is let go. What somebody asks for is answered as ever, and what is opened meanwhile shows what there is then.
 */
import type { Client, SubscribeHandlers, Subscription } from "../../protocol/client.ts";
import type { Stream, StreamEvent, StreamParams, StreamSnapshot } from "../../protocol/define.ts";

export interface Freeze {
	/** The same daemon, whose streams wait while it is frozen. */
	readonly client: Client;
	/** Unix milliseconds since when; undefined while everything flows. */
	since(): number | undefined;
	/** Results that have come since and are not shown; how far something is, and that a list changed, are none. */
	waiting(): number;
	/** Frozen, or not any more. */
	turn(): void;
}

/** Events that wait, of each stream; beyond that the stream is asked for anew when it flows again. */
const mostWaiting = 1_000;
/** A terminal that did not answer keys would be broken, not still. */
const neverHeld = /^shells\./;

interface Held {
	/** Hands on what waited. */
	flow(): void;
	amount: number;
}

export function createFreeze(client: Client, { now, changed }: { now(): number; changed(): void }): Freeze {
	const all = new Set<Held>();
	let since: number | undefined;

	function subscribe<S extends Stream>(
		stream: S,
		params: StreamParams<S>,
		handlers: SubscribeHandlers<S>,
	): Subscription {
		if (neverHeld.test(stream.name)) return client.subscribe(stream, params, handlers);
		let isOpen = true;
		let hasShown = false;
		let snapshot: StreamSnapshot<S> | undefined;
		let events: StreamEvent<S>[] = [];
		let isPartial = false;
		const forget = () => {
			snapshot = undefined;
			events = [];
			isPartial = false;
			held.amount = 0;
		};
		const start = () =>
			client.subscribe(stream, params, {
				...handlers,
				onSnapshot(next) {
					if (since === undefined || !hasShown) {
						hasShown = true;
						handlers.onSnapshot(next);
						return;
					}
					events = [];
					isPartial = false;
					snapshot = next;
					held.amount = 0;
					changed();
				},
				onEvent(event) {
					if (since === undefined) {
						handlers.onEvent(event);
						return;
					}
					if (events.length >= mostWaiting) isPartial = true;
					else events.push(event);
					held.amount += resultsIn(event);
					changed();
				},
			});
		const held: Held = {
			amount: 0,
			flow() {
				const [kept, later, again] = [snapshot, events, isPartial];
				forget();
				if (again) {
					running.close();
					running = start();
					running.ready.catch(() => undefined);
					return;
				}
				if (kept !== undefined) handlers.onSnapshot(kept);
				for (const event of later) if (isOpen) handlers.onEvent(event);
			},
		};
		all.add(held);
		let running = start();
		return {
			ready: running.ready,
			close() {
				isOpen = false;
				all.delete(held);
				forget();
				running.close();
			},
		};
	}

	return {
		client: {
			get state() {
				return client.state;
			},
			get hello() {
				return client.hello;
			},
			get attempts() {
				return client.attempts;
			},
			get latencyMs() {
				return client.latencyMs;
			},
			onState: (listener) => client.onState(listener),
			onLatency: (listener) => client.onLatency(listener),
			call: (method, params, options) => client.call(method, params, options),
			subscribe,
			retry: () => client.retry(),
			discover: () => client.discover(),
			close: () => client.close(),
		},
		since: () => since,
		waiting: () => [...all].reduce((sum, { amount }) => sum + amount, 0),
		turn() {
			since = since === undefined ? now() : undefined;
			if (since === undefined) for (const held of [...all]) held.flow();
			changed();
		},
	};
}

function resultsIn(event: unknown): number {
	const { results } = event as { readonly results?: unknown };
	return Array.isArray(results) ? results.length : 0;
}
