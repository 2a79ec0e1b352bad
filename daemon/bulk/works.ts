/** Every kind of work that is done a few rows at a time, one line each. */
import { setApart } from "../exceptions/set-apart.ts";
import { stepPolicy } from "../tickets/apply-policy.ts";
import { stepTicketChange, stepTicketsNew } from "../tickets/bulk-tickets.ts";
import { stepIgnore, stepRestore } from "../tickets/ignore.ts";
import { stepCloseGone, stepRedate } from "../tickets/settings-change.ts";

export const bulkSteps = {
	/** The findings of a request are set apart, or count again. */
	exception: setApart,
	/** The policy is applied. */
	policy: stepPolicy,
	/** Tickets are changed. */
	tickets: stepTicketChange,
	/** Tickets are made by hand. */
	"tickets-new": stepTicketsNew,
	/** Those whose findings were gone before scans could close them are closed. */
	"tickets-gone": stepCloseGone,
	/** Due dates are set anew. */
	"tickets-redate": stepRedate,
	/** Checks on hosts are ignored. */
	ignore: stepIgnore,
	/** What was ignored counts again. */
	restore: stepRestore,
} as const;

export type BulkKind = keyof typeof bulkSteps;

/** What is kept of a work besides its list: JSON, for it may be another daemon that ends it. */
export type BulkWhat<K extends BulkKind> = Parameters<(typeof bulkSteps)[K]>[1];

export function isBulkKind(kind: string): kind is BulkKind {
	return kind in bulkSteps;
}
