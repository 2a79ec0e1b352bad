/** `credentials.untrack`: takes back what tracking left on a host. */
import { AppError } from "../../../protocol/errors.ts";
import { forgetIdentifier } from "../../store/identifiers.ts";
import { transaction } from "../../store/sql.ts";
import type { Services } from "../services.ts";
import { loginTo } from "./check-login.ts";

export async function untrack(services: Services, target: string, credential: string | null, signal: AbortSignal) {
	const { address, attempt } = await loginTo(services, target, credential, signal, () => "remove");
	const { failure, report } = attempt;
	if (failure !== null || report === null) {
		throw new AppError("conflict", failure?.reason ?? "The login ended before it told anything.", {
			hint: failure?.hint ?? "Try again.",
		});
	}
	const { state, id, why } = report.tracking ?? { state: "failed", id: null, why: null };
	if (state !== "removed" && state !== "none") {
		throw new AppError("conflict", `The host id at ${address} could not be removed: ${why ?? "it did not say why"}`, {
			hint: "It takes root's rights: see vedette doctor HOST.",
		});
	}
	if (id !== null)
		transaction(services.store.db, () => forgetIdentifier(services.store.db, { kind: "host-id", value: id }));
	return { address, removed: state === "removed", id };
}
