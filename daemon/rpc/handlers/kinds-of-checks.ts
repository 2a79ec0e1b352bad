/** What checks look at: the kinds of evidence a scan gathers that is to test these and no others. */
import { AppError } from "../../../protocol/errors.ts";
import type { Kind } from "../../evidence/record.ts";
import { findStoredSignature } from "../../store/signatures.ts";
import type { Services } from "../services.ts";

/** Ascending, each once. Throws `not-found` for a name that no check has. */
export function kindsOfChecks({ store, knowledge }: Services, names: readonly string[]): Kind[] {
	const kinds = names.map((name) => {
		// What a finding was judged with is stored, also where the knowledge has it no more.
		const signature = findStoredSignature(store.db, name) ?? knowledge().find(name)?.signature;
		if (signature !== undefined) return signature.kind as Kind;
		throw new AppError("not-found", `There is no check "${name}".`, { hint: "List them with: vedette signature list" });
	});
	return [...new Set(kinds)].sort();
}
