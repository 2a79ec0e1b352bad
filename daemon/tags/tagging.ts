/** Tags over the life of the daemon: those of its own are there, and rules that speak of time are applied as it goes by. */
import { setImmediate } from "node:timers/promises";
import type { Logger } from "pino";
import type { Hub } from "../hub.ts";
import type { Store } from "../store/store.ts";
import { listTags, type StoredTag } from "../store/tags.ts";
import { inOrder } from "./dependencies.ts";
import { tryEvaluate } from "./evaluate.ts";
import { ruleQuery } from "./rule-query.ts";
import { ensureSystemTags } from "./system-tags.ts";
import { mentionsNow } from "./time-based.ts";

const everyMs = 3_600_000;

export interface TaggingParts {
	readonly store: Store;
	readonly hub: Hub;
	readonly log: Logger;
}

export class Tagging {
	readonly #parts: TaggingParts;
	#timer: NodeJS.Timeout | undefined;
	#closed = false;

	constructor(parts: TaggingParts) {
		this.#parts = parts;
	}

	begin(): void {
		const { store, log } = this.#parts;
		try {
			ensureSystemTags(store.db, store.clock.now());
		} catch (err) {
			log.error({ err }, "the daemon's own tags could not be made");
		}
		this.#timer = setInterval(() => void this.sweep(), everyMs).unref();
		void this.sweep();
	}

	/** Applies every rule that speaks of time, or looks at tags, to all assets. Others have their turn between two rules. */
	async sweep(): Promise<void> {
		const { store, hub, log } = this.#parts;
		let changed = 0;
		try {
			for (const { tag, uses } of inOrder(listTags(store.db))) {
				if (this.#closed) return;
				if (!isTimeBased(tag) && uses.length === 0) continue;
				const change = tryEvaluate(store.db, tag, store.clock.now());
				changed += change === null ? 0 : change.added.length + change.removed.length;
				await setImmediate();
			}
		} catch (err) {
			if (!this.#closed) log.error({ err }, "the rules of tags could not be applied; they are tried in an hour");
		}
		if (changed > 0 && !this.#closed) hub.post({ kind: "inventory-changed" });
	}

	close(): void {
		this.#closed = true;
		clearInterval(this.#timer);
	}
}

/** A rule that cannot be read is tried all the same: that says why. */
function isTimeBased({ rule, problem }: StoredTag): boolean {
	if (rule.kind === "static") return false;
	try {
		const query = ruleQuery(rule);
		return problem !== null || (query !== null && mentionsNow(query));
	} catch {
		return true;
	}
}
