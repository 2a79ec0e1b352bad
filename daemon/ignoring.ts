/** Ends, over the life of the daemon, what was ignored for a time. */
import type { Logger } from "pino";
import type { Hub } from "./hub.ts";
import type { AuditTrail } from "./rpc/audit-trail.ts";
import { transaction } from "./store/sql.ts";
import type { Store } from "./store/store.ts";
import { lapseIgnored } from "./tickets/ignore.ts";

const lookMs = 60_000;
/** Tickets in one transaction. */
const atOnce = 1_000;

export interface IgnoringParts {
	readonly store: Store;
	readonly hub: Hub;
	readonly audit: AuditTrail;
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
		const { store, hub, audit, log } = this.#parts;
		try {
			const opened = transaction(store.db, () => {
				const opened = lapseIgnored(store.db, store.clock.now(), atOnce);
				if (opened > 0) audit.write({ who: "daemon", action: "ignore.lapse", object: `${opened} tickets` });
				return opened;
			});
			if (opened === 0) return;
			hub.post({ kind: "findings-changed" });
			hub.post({ kind: "inventory-changed" });
		} catch (err) {
			log.error({ err }, "what was ignored for a time could not be ended");
		}
	}
}
