/** Who may ignore findings, shared by the areas that do it. */
import type { DatabaseSync } from "node:sqlite";
import { mayAccess } from "../../../protocol/define.ts";
import { AppError } from "../../../protocol/errors.ts";
import { personName } from "../../store/people.ts";
import { readTicketSettings } from "../../store/ticket-settings.ts";
import type { CallContext } from "../handler.ts";

/** Throws `forbidden` where the caller may not ignore. */
export function refuseIgnoring(db: DatabaseSync, { access, user }: Pick<CallContext, "access" | "user">): void {
	if (mayAccess(access, "approve") || readTicketSettings(db).operatorsMayIgnore) return;
	throw new AppError("forbidden", `Ignoring needs approve access; ${personName(db, user)} has ${access}.`, {
		hint: "Ask somebody who has it, or request an exception: vedette except. An administrator can allow it: vedette ticket settings --operators-may-ignore",
	});
}
