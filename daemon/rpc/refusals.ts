/** Calls that were refused for lack of access, as entries of the audit log; the same again within a minute is one entry. */
import type { AuditTrail } from "./audit-trail.ts";
import type { CallContext } from "./handler.ts";

const quietMs = 60_000;
/** Pairs of user and method that are remembered. */
const remembered = 1_000;

export function noteRefusals(audit: AuditTrail, now: () => number): (context: CallContext, name: string) => void {
	const noted = new Map<string, number>();
	return ({ user, access }, name) => {
		const key = `${user} ${name}`;
		const at = now();
		if (at - (noted.get(key) ?? Number.NEGATIVE_INFINITY) < quietMs) return;
		if (noted.size >= remembered) noted.clear();
		noted.set(key, at);
		audit.note({ who: user, action: "access.refused", object: name, reason: `The connection had ${access} access.` });
	};
}
