/** Calls back whenever the duplicates have changed. */
import type { Client } from "../../../protocol/client.ts";
import { watch } from "../../../protocol/methods/duplicates.ts";

/** Returns the way to stop. */
export function watchDuplicates(client: Client, changed: () => void): () => void {
	const subscription = client.subscribe(watch, {}, { onSnapshot: () => undefined, onEvent: changed });
	subscription.ready.catch(() => undefined);
	return () => subscription.close();
}
