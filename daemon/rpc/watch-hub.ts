/** A stream that says, at most so often, that something on the bulletin board has changed. */
import type { Logger } from "pino";
import type { Stream } from "../../protocol/catalogue.ts";
import type { StreamEvent, StreamSnapshot } from "../../protocol/define.ts";
import type { Bulletin, Hub } from "../hub.ts";
import type { StreamSource } from "./handler.ts";

export interface WatchOptions<S extends Stream> {
	/** Events are at least this far apart. Milliseconds. */
	readonly everyMs: number;
	/** Which bulletins count; all when absent. */
	readonly when?: (bulletin: Bulletin) => boolean;
	readonly snapshot: () => StreamSnapshot<S>;
	/** Made only when it is sent, so it is never stale. */
	readonly event: () => StreamEvent<S>;
}

export function watchHub<S extends Stream>(hub: Hub, options: WatchOptions<S>): StreamSource<S> {
	return (_params, emit, { log }) => {
		// An event that cannot be made (a store in trouble) is left out; the next one tells all the same.
		const tell = () => {
			try {
				emit(options.event());
			} catch (err) {
				log.warn({ err }, "an event could not be made");
			}
		};
		const throttled = throttle(options.everyMs, tell);
		return listening(
			hub,
			(bulletin) => {
				if (options.when?.(bulletin) ?? true) throttled.call();
			},
			options.snapshot,
			throttled.cancel,
		);
	};
}

/**
 * The same for what is the same for everybody and costs something to make: an event is made once, whoever many listen, and all
 * get it at one moment.
 */
export function watchTogether<S extends Stream>(hub: Hub, options: WatchOptions<S>): StreamSource<S> {
	const emits = new Set<(event: StreamEvent<S>) => void>();
	let log: Logger | undefined;
	let stop = () => {};
	const throttled = throttle(options.everyMs, () => {
		try {
			const event = options.event();
			for (const emit of emits) emit(event);
		} catch (err) {
			log?.warn({ err }, "an event could not be made");
		}
	});
	return (_params, emit, context) => {
		log = context.log;
		if (emits.size === 0) stop = hub.listen((bulletin) => (options.when?.(bulletin) ?? true) && throttled.call());
		emits.add(emit);
		const close = () => {
			if (!emits.delete(emit) || emits.size > 0) return;
			stop();
			throttled.cancel();
		};
		try {
			return { snapshot: options.snapshot(), close };
		} catch (err) {
			close();
			throw err;
		}
	};
}

/** Listens first and takes the snapshot then; listens no longer when there is none to be had. */
export function listening<T>(
	hub: Hub,
	listener: (bulletin: Bulletin) => void,
	snapshot: () => T,
	onClose: () => void = () => undefined,
): { readonly snapshot: T; close(): void } {
	const stop = hub.listen(listener);
	const close = () => {
		stop();
		onClose();
	};
	try {
		return { snapshot: snapshot(), close };
	} catch (err) {
		close();
		throw err;
	}
}

/** Calls at once after a pause, else once at the end of the period: the last change is always told. */
export function throttle(everyMs: number, act: () => void): { call(): void; cancel(): void } {
	let timer: NodeJS.Timeout | null = null;
	let pending = false;
	const open = () => {
		timer = null;
		if (!pending) return;
		pending = false;
		fire();
	};
	const fire = () => {
		timer = setTimeout(open, everyMs);
		act();
	};
	return {
		call() {
			if (timer === null) fire();
			else pending = true;
		},
		cancel() {
			if (timer !== null) clearTimeout(timer);
			timer = null;
			pending = false;
		},
	};
}
