/**
 * Activity of files and feeds, which leave nothing behind but their audit entries: what ended, and what was begun by a daemon
 * that did not live to end it.
 */
import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import type { Activity } from "../../protocol/model/activity.ts";
import type { AuditEntry } from "../../protocol/model/audit.ts";
import { plural } from "../../protocol/plural.ts";
import { compileFilter } from "../query/compile.ts";
import { auditFields, listAudit } from "../store/audit.ts";

const carried = "action:imports.file or action:imports.collected or action:knowledge.import or action:knowledge.update";
const begun = /-begun$/;
const failed = /-(failed|refused)$/;

export interface CarriedParts {
	/** Of each kind of entry the newest are looked at, twice as many as this: most acts have two. */
	readonly limit: number;
	/** Since when this daemon runs: what was begun before and has no end was cut off. ISO 8601. */
	readonly startedAt: string;
	/** Milliseconds. */
	readonly now: number;
}

/** One of each act, by its newest entry. What this daemon is still at is not among them: that knows better how far it is. */
export function carriedActivity(db: DatabaseSync, { limit, startedAt, now }: CarriedParts): Activity[] {
	const { where } = compileFilter(carried, auditFields, { now });
	const { items } = listAudit(db, { where, sort: null, limit: 2 * limit, cursor: null });
	/** Ends seen so far, whose beginnings are further back, by who did what. The object may have got another name meanwhile. */
	const ended = new Map<string, number>();
	return items.flatMap((entry): Activity[] => {
		const { action, who, at } = entry;
		const act = JSON.stringify([action.replace(begun, "").replace(failed, ""), who]);
		const ends = ended.get(act) ?? 0;
		if (!begun.test(action)) {
			ended.set(act, ends + 1);
			return [
				failed.test(action) ? ofEntry(entry, "failed", entry.reason ?? "") : ofEntry(entry, "done", cameTo(entry)),
			];
		}
		ended.set(act, Math.max(0, ends - 1));
		const isOver = ends > 0 || at >= startedAt;
		return isOver ? [] : [ofEntry(entry, "stopped", "cut off: the daemon ended before it was done")];
	});
}

const outcome = z
	.object({
		...{ hosts: z.number(), new: z.number(), records: z.number(), kinds: z.number() },
		steps: z.record(z.string(), z.string()),
	})
	.partial()
	.catch({});

/** What an act came to, as its entry keeps it; empty where that says nothing. */
function cameTo({ after }: AuditEntry): string {
	const { hosts, new: added, records, kinds, steps } = outcome.parse(after);
	if (steps !== undefined) {
		const states = Object.values(steps);
		return `${plural(states.length, "source")}, ${states.filter((state) => state === "updated").length} of them new`;
	}
	if (hosts !== undefined) return `${plural(hosts, "host")}, ${added ?? 0} of them new`;
	if (records !== undefined) return plural(records, "record");
	return kinds === undefined ? "" : plural(kinds, "record");
}

function ofEntry({ at, who, action, object }: AuditEntry, state: Activity["state"], note: string): Activity {
	const kind = action.startsWith("knowledge.update") ? "update" : "import";
	return { kind, number: null, title: object, progress: null, by: who, at, state, note };
}
