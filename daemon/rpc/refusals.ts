/** Calls that were refused for lack of access, as entries of the audit log; the same again within a minute is one entry. */
import type { AuditTrail } from "./audit-trail.ts";
import type { CallContext } from "./handler.ts";
import { onceAMinute } from "./once-a-minute.ts";

export function noteRefusals(audit: AuditTrail, now: () => number): (context: CallContext, name: string) => void {
	const isNew = onceAMinute(now);
	return ({ user, access }, name) => {
		if (!isNew(user, name)) return;
		audit.note({ who: user, action: "access.refused", object: name, reason: `The connection had ${access} access.` });
	};
}

/** Tokens that were refused, by where they came from. What was brought is nowhere: it may be nearly the right one. */
export function noteBadTokens(audit: AuditTrail, now: () => number): (from: string | null) => void {
	const isNew = onceAMinute(now);
	return (from) => {
		const who = from === null ? "somebody on this machine" : `somebody at ${from}`;
		if (isNew(who)) audit.note({ who, action: "access.bad-token", object: "connection" });
	};
}
