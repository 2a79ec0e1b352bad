/**
 * Requests over the life of the daemon: approvals end by its clock and are warned of before, whoever is interested is told,
 * and the tags of assets follow what was set apart.
 */
import type { Logger } from "pino";
import { exceptionLimits } from "../protocol/model/exception.ts";
import { expire } from "./exceptions/decide.ts";
import type { ExceptionNotice, Hub } from "./hub.ts";
import type { AuditTrail } from "./rpc/audit-trail.ts";
import { assetsCovered, dropUnmade } from "./store/exception-cover.ts";
import { dropUnfinished } from "./store/exception-evidence.ts";
import { addExceptionEvent, listEnding, markWarned } from "./store/exceptions.ts";
import { transaction } from "./store/sql.ts";
import type { Store } from "./store/store.ts";
import { isoOf } from "./store/time.ts";
import { retagAssets } from "./tags/retag-assets.ts";

const dayMs = 86_400_000;
const lookMs = 60_000;
/** What was begun and not ended within this is not going to be. */
const unfinishedMs = 3_600_000;

export interface ExceptionKeeperParts {
	readonly store: Store;
	readonly hub: Hub;
	readonly audit: AuditTrail;
	readonly log: Logger;
}

export class ExceptionKeeper {
	readonly #parts: ExceptionKeeperParts;
	readonly #closing = new AbortController();
	#timer: NodeJS.Timeout | undefined;
	#retagging: Promise<void> = Promise.resolve();

	constructor(parts: ExceptionKeeperParts) {
		this.#parts = parts;
	}

	/** Before anybody can ask for anything: what was begun and cut off means nothing. */
	recover(): void {
		dropUnmade(this.#parts.store.db);
	}

	/** What was due while no daemon ran is made up for at once. */
	begin(): void {
		this.#timer = setInterval(() => this.look(), lookMs).unref();
		this.look();
	}

	/** Ends what has come to its end and warns of what will. */
	look(): void {
		const { store, log } = this.#parts;
		const { db, clock } = store;
		try {
			const now = clock.now();
			for (const { id, requester, subject } of listEnding(db, now, false)) this.#expire(id, requester, subject, now);
			for (const { id, requester, subject, until } of listEnding(db, now + exceptionLimits.warnDays * dayMs, true)) {
				const text = `ends on ${until?.slice(0, 10)}: ${subject}`;
				transaction(db, () => {
					markWarned(db, id, now);
					addExceptionEvent(db, id, { at: now, kind: "warned", who: "daemon", text });
				});
				this.tell({ exception: id, what: "warned", who: "daemon", requester, text });
			}
			dropUnfinished(db, now - unfinishedMs);
		} catch (err) {
			log.error({ err }, "the ends of approvals could not be looked at");
		}
	}

	/** For whoever watches. */
	tell(notice: Omit<ExceptionNotice, "at">): void {
		const { store, hub } = this.#parts;
		hub.post({ kind: "exception", notice: { at: isoOf(store.clock.now()), ...notice } });
	}

	/** Findings of a request count otherwise than before. */
	changed(id: number): void {
		const { store, hub, log } = this.#parts;
		hub.post({ kind: "findings-changed" });
		hub.post({ kind: "inventory-changed" });
		this.#retagging = this.#retagging
			.then(() => retagAssets(store, assetsCovered(store.db, id), this.#closing.signal))
			.then((retagged) => {
				if (retagged) hub.post({ kind: "inventory-changed" });
			})
			.catch((err: unknown) => log.error({ err }, "the tags of assets could not be brought in step"));
	}

	async close(): Promise<void> {
		clearInterval(this.#timer);
		this.#closing.abort();
		await this.#retagging;
	}

	#expire(id: number, requester: string, subject: string, now: number): void {
		const { store, audit } = this.#parts;
		transaction(store.db, () => {
			expire(store.db, id, now);
			audit.write({ who: "daemon", action: "exception.expire", object: `request ${id}`, after: { subject } });
		});
		this.tell({ exception: id, what: "expired", who: "daemon", requester, text: subject });
	}
}
