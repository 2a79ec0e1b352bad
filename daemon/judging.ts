/** Keeps all findings in step with the knowledge in force: judged again, without a packet, whenever it changes. */
import type { Logger } from "pino";
import { rejudge } from "./assess/rejudge.ts";
import { Turns } from "./assess/turns.ts";
import type { Hub } from "./hub.ts";
import type { Knowledge } from "./knowledge/knowledge.ts";
import type { Store } from "./store/store.ts";
import { sweepPackages } from "./store/sweep.ts";

export interface JudgingParts {
	readonly store: Store;
	readonly hub: Hub;
	readonly log: Logger;
	/** The knowledge in force now. */
	readonly knowledge: () => Knowledge;
}

export class Judging {
	readonly #parts: JudgingParts;
	#running: AbortController | null = null;
	#underWay = 0;
	#closed = false;

	constructor(parts: JudgingParts) {
		this.#parts = parts;
	}

	/** At the start: what was left out of the signatures is told, then all is judged that was judged with other knowledge. */
	begin(): void {
		const { knowledge, log } = this.#parts;
		for (const problem of knowledge().status().problems) log.warn({ problem }, "a signature file was left out");
		this.knowledgeChanged();
	}

	/** The knowledge before may be let go of as soon as this has returned. */
	knowledgeChanged(): void {
		this.#running?.abort();
		if (this.#closed) return;
		const running = new AbortController();
		this.#running = running;
		void this.#judge(running.signal);
	}

	/** Something is being judged again just now. */
	get isBusy(): boolean {
		return this.#underWay > 0;
	}

	close(): void {
		this.#closed = true;
		this.#running?.abort();
	}

	async #judge(signal: AbortSignal): Promise<void> {
		const { store, knowledge, hub, log } = this.#parts;
		this.#underWay++;
		try {
			const outcome = await rejudge(store, knowledge(), { signal });
			if (outcome.assets > 0) {
				log.info(outcome, "judged again with changed knowledge");
				hub.post({ kind: "inventory-changed" });
				hub.post({ kind: "findings-changed" });
			}
			const turns = new Turns(signal);
			const swept = await sweepPackages(store.db, () => turns.pause());
			if (swept.packages + swept.subjects > 0) log.info(swept, "packages that no host has any more were removed");
		} catch (err) {
			if (!signal.aborted) log.error({ err }, "judging again failed; it is tried at the next start");
		} finally {
			this.#underWay--;
		}
	}
}
