/** Handlers of the audit area. */
import { auditFields, listAudit, readHead, verifyAudit } from "../../store/audit.ts";
import type { AreaHandlers } from "../handler.ts";
import { compileListing } from "../listing.ts";
import type { Services } from "../services.ts";

export function auditHandlers({ store, installation }: Services): AreaHandlers<"audit"> {
	return {
		list: (params) => listAudit(store.db, compileListing(params, auditFields, store.clock.now()).query),
		verify: () => verifyAudit(store.db, installation),
		head: () => {
			const { publicKey, fingerprint } = installation;
			return { ...readHead(store.db), publicKey, fingerprint };
		},
	};
}
