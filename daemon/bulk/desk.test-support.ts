/** A desk for handlers under test, over a store in memory: everything is looked at, and done, on this thread. */
import type { Store } from "../store/store.ts";
import { BulkDesk, fewRows } from "./bulk-desk.ts";

/** `few`: more rows than this are done in steps. */
export function bulkOf(store: Store, few: number = fewRows): BulkDesk {
	const onFault = (err: unknown) => {
		throw err;
	};
	return new BulkDesk({ store, few, onFault, onDone: () => undefined });
}
