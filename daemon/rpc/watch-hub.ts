/** A stream that says, at most so often, that something on the bulletin board has changed. */
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
