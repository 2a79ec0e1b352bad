/** Acts whose refusals are in the audit log too. */
import { AppError } from "../../protocol/errors.ts";
import type { AuditEvent } from "../store/audit.ts";
import type { AuditTrail } from "./audit-trail.ts";
import { onceAMinute } from "./once-a-minute.ts";

/**
 * Does it; what is refused is noted as `<action>-refused` with what was said, and thrown on. The same user, action and
 * object again within a minute is one entry. What the caller wrote as the reason is left out: nothing came of it.
 */
export type RefusalsNoted = <T>(
	event: Pick<AuditEvent, "who" | "action" | "object">,
	act: () => T | Promise<T>,
) => Promise<T>;

export function refusalsNoted(audit: AuditTrail, now: () => number): RefusalsNoted {
	const isNew = onceAMinute(now);
	return async ({ who, action, object }, act) => {
		try {
			return await act();
		} catch (err) {
			const tells = err instanceof AppError && ["forbidden", "conflict", "invalid", "too-large"].includes(err.code);
			if (tells && isNew(who, action, object)) {
				audit.note({ who, action: `${action}-refused`, object, after: { refused: err.message } });
			}
			throw err;
		}
	};
}
