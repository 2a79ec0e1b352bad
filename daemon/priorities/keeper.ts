/** Keeps what is at stake on each asset in step with its addresses, tags and groups, a few assets at a time; a new one has it from the start (weigh.ts). */
import { setImmediate } from "node:timers/promises";
import type { Logger } from "pino";
import type { PriorityWeights } from "../../protocol/model/priority.ts";
import type { Hub } from "../hub.ts";
import { listAssetFacts, readWeights, type StoredAssetFacts, setStakes } from "../store/priorities.ts";
import { transaction } from "../store/sql.ts";
import type { Store } from "../store/store.ts";
import { stakesOf } from "./score.ts";
import { factsOf } from "./weigh.ts";

export interface PriorityKeeperParts {
	readonly store: Store;
	readonly hub: Hub;
	readonly log: Logger;
}

/** What changes at once is looked at once. Milliseconds. */
const afterMs = 2_000;
const atOnce = 500;

export class PriorityKeeper {
	readonly #parts: PriorityKeeperParts;
	readonly #stop: () => void;
	#timer: NodeJS.Timeout | undefined;
	#running: Promise<void> | undefined;
	#isAskedAgain = false;
	#closed = false;

	constructor(parts: PriorityKeeperParts) {
		this.#parts = parts;
		this.#stop = parts.hub.listen(({ kind }) => {
			if (kind === "inventory-changed") this.soon();
		});
	}

	begin(): void {
		this.soon();
	}

	/** Looks at every asset in a moment; again when something changed while it looked. */
	soon(): void {
		if (this.#closed) return;
		this.#timer ??= setTimeout(() => {
			this.#timer = undefined;
			if (this.#running !== undefined) this.#isAskedAgain = true;
			else void this.sweep();
		}, afterMs).unref();
	}

	/** Resolves when all assets are as they should be, also when another sweep was under way. */
	sweep(): Promise<void> {
		this.#running ??= this.#sweep().finally(() => {
			this.#running = undefined;
			if (this.#isAskedAgain) this.soon();
			this.#isAskedAgain = false;
		});
		return this.#running;
	}

	async close(): Promise<void> {
		this.#closed = true;
		this.#stop();
		clearTimeout(this.#timer);
		await this.#running;
	}

	async #sweep(): Promise<void> {
		const { store, hub, log } = this.#parts;
		let changed = 0;
		try {
			for (let after = 0; ; ) {
				if (this.#closed) return;
				const weights = readWeights(store.db);
				const page = listAssetFacts(store.db, after, atOnce);
				const off = page.filter((asset) => stakesOf(factsOf(asset), weights) !== asset.stakes);
				if (off.length > 0) transaction(store.db, () => rewrite(store, off, weights));
				changed += off.length;
				const last = page.at(-1);
				if (last === undefined || page.length < atOnce) break;
				after = last.id;
				await setImmediate();
			}
			if (changed > 0) hub.post({ kind: "findings-changed" });
		} catch (err) {
			if (!this.#closed) log.error({ err }, "priorities could not be brought up to date");
		}
	}
}

function rewrite(store: Store, assets: readonly StoredAssetFacts[], weights: PriorityWeights): void {
	for (const asset of assets) setStakes(store.db, asset.id, stakesOf(factsOf(asset), weights));
}
