/** Brings the tags of many assets in step with what changed about them, a few at a time so that others are served in between. */
import { setImmediate } from "node:timers/promises";
import { transaction } from "../store/sql.ts";
import type { Store } from "../store/store.ts";
import { retagAsset } from "./live-rules.ts";

/** Assets in one transaction. */
const atOnce = 50;

/** True when the tags of some changed. Stopped by the signal, what is left is as it was. */
export async function retagAssets(
	{ db, clock }: Pick<Store, "db" | "clock">,
	assets: readonly number[],
	signal?: AbortSignal,
): Promise<boolean> {
	let changed = false;
	for (let from = 0; from < assets.length; from += atOnce) {
		if (from > 0) await setImmediate();
		if (signal?.aborted) break;
		transaction(db, () => {
			for (const asset of assets.slice(from, from + atOnce)) changed = retagAsset(db, asset, clock.now()) || changed;
		});
	}
	return changed;
}
