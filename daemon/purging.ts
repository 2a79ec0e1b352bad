/** The purge rules at work: once a day each, and what was kept of purged assets let go of when its time is over. */
import type { Logger } from "pino";
import type { PurgeRule } from "../protocol/model/purge.ts";
import type { Hub } from "./hub.ts";
import { runPurge } from "./inventory/purge.ts";
import type { AuditTrail } from "./rpc/audit-trail.ts";
import { dropDeletedTags } from "./store/deleted-tags.ts";
import { dropKept, listPurgeRules, savePurgeRule } from "./store/purges.ts";
import type { Store } from "./store/store.ts";

const dayMs = 86_400_000;
const lookMs = 600_000;
const droppedAtOnce = 200;

export interface PurgingParts {
	readonly store: Store;
	readonly hub: Hub;
	readonly audit: AuditTrail;
	readonly log: Logger;
}

/** Thrown out of a purge that the rule itself forbids. */
class NotNow extends Error {}

export class Purging {
	readonly #parts: PurgingParts;
	readonly #closing = new AbortController();
	#timer: NodeJS.Timeout | undefined;
	#working: Promise<void> = Promise.resolve();

	constructor(parts: PurgingParts) {
		this.#parts = parts;
	}

	/** At the start what was missed while no daemon ran is made up for. */
	begin(): void {
		this.#timer = setInterval(() => this.#look(), lookMs).unref();
		this.#look();
	}

	/** Rules that are due, one after the other; resolves when they are done. */
	look(): Promise<void> {
		this.#look();
		return this.#working;
	}

	async close(): Promise<void> {
		clearInterval(this.#timer);
		this.#closing.abort();
		await this.#working;
	}

	#look(): void {
		this.#working = this.#working.then(() => this.#work());
	}

	async #work(): Promise<void> {
		const { store, log } = this.#parts;
		try {
			const now = store.clock.now();
			while (dropKept(store.db, now, droppedAtOnce) > 0) {
				await new Promise<void>((resolve) => setImmediate(resolve));
				if (this.#closing.signal.aborted) return;
			}
			dropDeletedTags(store.db, now);
			for (const rule of listPurgeRules(store.db)) {
				if (this.#closing.signal.aborted) return;
				// A clock that was set back must not put a rule off for ever.
				const due = Date.parse(rule.nextAt) <= now || Date.parse(rule.nextAt) > now + dayMs;
				if (rule.enabled && due) await this.#run(rule, now);
			}
		} catch (err) {
			log.error({ err }, "the purge rules could not be looked at");
		}
	}

	async #run(rule: PurgeRule, now: number): Promise<void> {
		const { store, hub, log } = this.#parts;
		const outcome = await this.#purge(rule).catch((err: unknown) => {
			if (!(err instanceof NotNow)) log.warn({ err, rule: rule.name }, "a purge rule failed");
			return err instanceof Error ? err.message : String(err);
		});
		const lastAt = new Date(now).toISOString();
		const nextAt = new Date(now + dayMs).toISOString();
		savePurgeRule(store.db, { ...rule, lastAt, nextAt, lastOutcome: outcome });
		hub.post({ kind: "inventory-changed" });
		hub.post({ kind: "findings-changed" });
	}

	async #purge(rule: PurgeRule): Promise<string> {
		const { store, audit } = this.#parts;
		const agree = (assets: number, of: number) => {
			if (assets === 0) throw new NotNow("No asset matched.");
			if (assets > rule.most || assets === of)
				throw new NotNow(
					`${assets} of ${of} assets match, and the rule takes ${rule.most} at most: nothing was purged. Is a network down?`,
				);
		};
		const purge = await runPurge(
			store,
			{
				...{ query: rule.query, by: `rule ${rule.name}`, reason: rule.reason, rule: rule.name, agree },
				onBegin: (id, assets) =>
					audit.write({
						...{ who: `rule ${rule.name}`, action: "purge.run", object: `purge ${id}`, reason: rule.reason },
						after: { query: rule.query, assets },
					}),
			},
			this.#closing.signal,
		);
		return `Purge ${purge.id}: ${purge.assets} assets, ${purge.findings} open findings.`;
	}
}
