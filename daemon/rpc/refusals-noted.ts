/** Acts whose refusals are in the audit log too. */
import { AppError } from "../../protocol/errors.ts";
import type { AuditEvent } from "../store/audit.ts";
import type { AuditTrail } from "./audit-trail.ts";

/** Does it; what is refused is noted as `<action>-refused` with what was said, and thrown on. */
export function refusalsNoted<T>({ audit }: { readonly audit: AuditTrail }, event: AuditEvent, act: () => T): T {
	try {
		return act();
	} catch (err) {
		if (err instanceof AppError && ["forbidden", "conflict", "invalid", "too-large"].includes(err.code))
			audit.note({ ...event, action: `${event.action}-refused`, after: { refused: err.message } });
		throw err;
	}
}
