/** The connection to the daemon as the console sees it: since when it is gone, why it does not come back, and when it is back. */
import type { Client } from "../../protocol/client.ts";
import { sentenceOf } from "./desk-words.ts";

export interface Lost {
	/** Unix milliseconds since when it is gone; undefined while it is there. */
	since(): number | undefined;
	/** Why it has ended for good; undefined while it may come back. */
	because(): string | undefined;
	/** Calls back when it has come back. Returns the way to stop. */
	onBack(listener: () => void): () => void;
	close(): void;
}

/** `changed` is called at each change, with whether it is gone. */
export function watchLost(client: Client, now: () => number, changed: (isLost: boolean) => void): Lost {
	const listeners = new Set<() => void>();
	let since: number | undefined;
	let because: string | undefined;
	const close = client.onState((state, error) => {
		if (state === "closed" && error) because = sentenceOf(error);
		const wasLost = since !== undefined;
		since = state === "connected" ? undefined : (since ?? now());
		if (since === undefined && wasLost) for (const listener of [...listeners]) listener();
		changed(since !== undefined);
	});
	return {
		since: () => since,
		because: () => because,
		onBack(listener) {
			listeners.add(listener);
			return () => void listeners.delete(listener);
		},
		close,
	};
}
