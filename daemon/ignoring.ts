/** Ends, over the life of the daemon, what was ignored for a time. */
import type { Logger } from "pino";
import type { BulkDesk } from "./bulk/bulk-desk.ts";
import type { Hub } from "./hub.ts";
import type { AuditTrail } from "./rpc/audit-trail.ts";
import { lapsedRequests, markIgnoreRestored } from "./store/ignored.ts";
import { transaction } from "./store/sql.ts";
import type { Store } from "./store/store.ts";
import { getIgnoreRequest, lapsedWords, lapseTickets } from "./tickets/ignore.ts";

const lookMs = 60_000;
/** Tickets in one transaction. */
const atOnce = 500;

export interface IgnoringParts {
	readonly store: Store;
	readonly hub: Hub;
	readonly audit: AuditTrail;
	readonly bulk: BulkDesk;
	readonly log: Logger;
}

export class Ignoring {
	readonly #parts: IgnoringParts;
	#timer: NodeJS.Timeout | undefined;

	constructor(parts: IgnoringParts) {
		this.#parts = parts;
	}

	/** At the start what was missed while no daemon ran is made up for. */
	begin(): void {
		this.#timer = setInterval(() => this.look(), lookMs).unref();
		this.look();
	}

	close(): void {
		clearInterval(this.#timer);
	}

	/** What is left over is done a look later. */
	look(): void {
		const { store, hub, log } = this.#parts;
		const { db, clock } = store;
		try {
			const now = clock.now();
			for (const request of lapsedRequests(db, now)) this.#lapse(request, now);
			if (this.#lapseSome(now) === 0) return;
			hub.post({ kind: "findings-changed" });
			hub.post({ kind: "inventory-changed" });
		} catch (err) {
			log.error({ err }, "what was ignored for a time could not be ended");
		}
	}

	#lapse(request: number, now: number): void {
		const { store, audit, bulk } = this.#parts;
		transaction(store.db, () => {
			const { pairs, findings } = getIgnoreRequest(store.db, request);
			markIgnoreRestored(store.db, request, "daemon", now);
			const said = { by: "daemon", at: now, text: lapsedWords };
			bulk.start("restore", { request, said }, { list: [], size: pairs + findings });
			audit.write({ who: "daemon", action: "ignore.lapse", object: `ignore ${request}` });
		});
	}

	#lapseSome(now: number): number {
		const { store, audit } = this.#parts;
		return transaction(store.db, () => {
			const opened = lapseTickets(store.db, now, atOnce);
			if (opened > 0) audit.write({ who: "daemon", action: "ignore.lapse", object: `${opened} tickets` });
			return opened;
		});
	}
}
