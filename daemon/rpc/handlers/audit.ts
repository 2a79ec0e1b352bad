/** Handlers of the audit area. */
import { auditFields, listAudit, verifyAudit } from "../../store/audit.ts";
import type { AreaHandlers } from "../handler.ts";
import { compileListing } from "../listing.ts";
import type { Services } from "../services.ts";

export function auditHandlers({ store }: Services): AreaHandlers<"audit"> {
	return {
		list: (params) => listAudit(store.db, compileListing(params, auditFields, store.clock.now()).query),
		verify: () => verifyAudit(store.db),
	};
}
