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
	return (_params, emit) => {
		const throttled = throttle(options.everyMs, () => emit(options.event()));
		const stop = hub.listen((bulletin) => {
			if (options.when?.(bulletin) ?? true) throttled.call();
		});
		return {
			snapshot: options.snapshot(),
			close() {
				stop();
				throttled.cancel();
			},
		};
	};
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
