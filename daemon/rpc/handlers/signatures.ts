/** Handlers of the signatures area. */
import { AppError } from "../../../protocol/errors.ts";
import { listSignatures, signatureFields } from "../../store/signature-list.ts";
import { withNumber } from "../../store/signatures.ts";
import type { AreaHandlers } from "../handler.ts";
import { compileListing } from "../listing.ts";
import type { Services } from "../services.ts";

export function signaturesHandlers({ store, knowledge }: Services): AreaHandlers<"signatures"> {
	return {
		list: (params) => listSignatures(store.db, compileListing(params, signatureFields, store.clock.now()).query),
		get: ({ id }) => {
			const check = knowledge().find(id);
			const signature = check === null ? null : withNumber(store.db, check.signature);
			if (signature !== null) return signature;
			throw new AppError("not-found", `No signature is known as ${id}.`, {
				hint: "Search them with: vedette signature list",
			});
		},
		check: async ({ text, id }) => {
			// Only who writes signatures needs this code: the daemon starts without it.
			const { checkSignatureText } = await import("../../knowledge/check-file.ts");
			return { problems: checkSignatureText(text, id) };
		},
	};
}
