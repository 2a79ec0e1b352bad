/**
 * The audit log as handlers use it. An act that matters is refused when its entry cannot be written; stopping is never
 * refused: its entry is kept and written as soon as that is possible.
 */
import type { Logger } from "pino";
import { AppError } from "../../protocol/errors.ts";
import { type AuditEvent, appendAudit, type HeadSigner } from "../store/audit.ts";
import type { Settings } from "../store/settings.ts";
import { afterCommit } from "../store/sql.ts";
import type { Store } from "../store/store.ts";

export interface AuditTrail {
	/** Writes the entry, in the caller's transaction if there is one. Throws `unavailable`: the act must then not be done. */
	write(event: AuditEvent): void;
	/** For what has been done already: false when the entry had to be put off. Never throws. */
	note(event: AuditEvent): boolean;
	/** Tries once more what was put off, and then no longer. */
	close(): void;
}

const retryMs = 1_000;
/** Entries put off at most; beyond that the log file alone has them. */
const mostPutOff = 10_000;

/** `signer`: signs the newest entry each time; null where there is no key. */
export function openAuditTrail(store: Store, log: Logger, signer: HeadSigner | null = null): AuditTrail {
	const putOff: { event: AuditEvent; at: number }[] = [];
	let timer: NodeJS.Timeout | undefined;
	const append = (event: AuditEvent, at: number) => {
		const { n, hash } = appendAudit(store.db, event, at, signer);
		const { who, action, object } = event;
		// A second place that has the hashes: who changes the database alone is found out by this.
		afterCommit(store.db, () => log.info({ audit: n, hash, who, action, object }, "audit"));
	};
	const catchUp = () => {
		// What is written within the caller's transaction goes with it when that is rolled back, and would not be put off any more.
		if (store.db.isTransaction) return;
		for (let next = putOff[0]; next !== undefined; next = putOff[0]) {
			append(next.event, next.at);
			putOff.shift();
		}
	};
	const retry = () => {
		timer = undefined;
		try {
			catchUp();
		} catch {
			timer = setTimeout(retry, retryMs).unref();
		}
	};
	return {
		write(event) {
			try {
				catchUp();
				append(event, store.clock.now());
			} catch (cause) {
				throw new AppError("unavailable", `Nothing was done: the audit log takes no entry (${wordsOf(cause)})`, {
					hint: "Make room on the disk of the store, then try again. Stopping works all the same: vedette stop-all",
					cause,
				});
			}
		},
		note(event) {
			try {
				catchUp();
				append(event, store.clock.now());
				return true;
			} catch (err) {
				log.error({ err, ...event }, "an audit entry is put off");
				if (putOff.length < mostPutOff) putOff.push({ event, at: store.clock.now() });
				timer ??= setTimeout(retry, retryMs).unref();
				return false;
			}
		},
		close() {
			retry();
			clearTimeout(timer);
			timer = undefined;
		},
	};
}

/**
 * Changes settings and writes the entry for it, both or neither. The entry is made after the change was found possible
 * and before it is on disk; should that fail, a second entry says so.
 */
export async function updateAudited(
	{ settings, audit }: { readonly settings: Settings; readonly audit: AuditTrail },
	change: Parameters<Settings["update"]>[0],
	event: () => AuditEvent,
): Promise<void> {
	let written: AuditEvent | null = null;
	try {
		await settings.update((data) => {
			change(data);
			const made = event();
			audit.write(made);
			written = made;
		});
	} catch (err) {
		if (written !== null)
			audit.note({ ...(written as AuditEvent), reason: "It could not be saved: nothing was changed." });
		throw err;
	}
}

/**
 * Does what is no transaction of the store: the entry that it begins is written first, and without it nothing is done; a second
 * one says what came of it, or that it failed.
 */
export async function doAudited<T>(
	audit: AuditTrail,
	event: AuditEvent,
	act: () => Promise<T> | T,
	outcome: (result: T) => Partial<AuditEvent>,
): Promise<T> {
	audit.write({ ...event, action: `${event.action}-begun` });
	try {
		const result = await act();
		audit.note({ ...event, ...outcome(result) });
		return result;
	} catch (err) {
		audit.note({ ...event, action: `${event.action}-failed`, reason: wordsOf(err) });
		throw err;
	}
}

function wordsOf(cause: unknown): string {
	return cause instanceof Error ? cause.message : String(cause);
}
