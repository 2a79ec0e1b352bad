/** Streams that only tell that something has changed: whoever listens asks again. */
import type { Client } from "../../protocol/client.ts";
import type { areas } from "../../protocol/methods/index.ts";

type Watch = (typeof areas)["assets" | "duplicates" | "exceptions" | "findings" | "recipes"]["watch"];

/** Calls back at each change; a lost connection is the console's own matter. Returns the way to stop. */
export function watchChanges(client: Client, stream: Watch, changed: () => void): () => void {
	const subscription = client.subscribe(
		stream as (typeof areas)["assets"]["watch"],
		{},
		{
			onSnapshot: () => undefined,
			onEvent: () => changed(),
		},
	);
	subscription.ready.catch(() => undefined);
	return () => subscription.close();
}
