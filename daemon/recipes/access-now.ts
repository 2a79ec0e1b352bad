/** What a recipe may do that goes on in somebody's name: no more than they may now, and than they might when they said so. */
import type { DatabaseSync } from "node:sqlite";
import { type Access, lowerAccess } from "../../protocol/define.ts";
import { AppError } from "../../protocol/errors.ts";
import { personName } from "../store/people.ts";

/** What somebody who is not connected may do now; null: nothing. */
export type AccessOf = (identity: string) => Access | null;

/** Throws `forbidden` when it is nothing any more. */
export function accessNow(
	db: DatabaseSync,
	{ by, access }: { by: string; access: Access },
	accessOf: AccessOf,
): Access {
	const now = accessOf(by);
	if (now !== null) return lowerAccess(access, now);
	throw new AppError(
		"forbidden",
		`${personName(db, by)} has no access now: nothing is done in their name. What a group gives counts once its member has connected since the daemon started.`,
		{ hint: "Give it back (vedette access grant), or say it anew as somebody who has it." },
	);
}
