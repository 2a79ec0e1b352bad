/** Global exclusions within the settings: which hold, what has happened to them. Pure; who changes data writes it. */
import { AppError } from "../../protocol/errors.ts";
import type { Exclusion, ExclusionEvent } from "../../protocol/model/exclusion.ts";
import type { Change } from "./settings-profiles.ts";
import type { SettingsData, StoredExclusion } from "./settings-schema.ts";

/** Exclusions that may hold at once, each of which is read at every start of a scan. */
const mostAtOnce = 10_000;

type Kept = Pick<SettingsData, "exclusions">;

/** Those that hold or have expired, oldest first. `now` in milliseconds. */
export function listExclusions(data: Kept, now: number): Exclusion[] {
	return data.exclusions.filter((one) => one.removed === null).map((one) => toExclusion(one, now));
}

/** Those that no scan may touch now. */
export function holdingExclusions(data: Kept, now: number): Exclusion[] {
	return listExclusions(data, now).filter((one) => one.state === "holds");
}

/** Every addition, removal and expiry, newest first. */
export function exclusionHistory(data: Kept, now: number): ExclusionEvent[] {
	const events = data.exclusions.flatMap((one): ExclusionEvent[] => {
		const about = { exclusion: one.id, target: one.target };
		const happened: ExclusionEvent[] = [
			{ at: one.addedAt, by: one.addedBy, action: "added", ...about, comment: one.comment },
		];
		const over = one.removed === null ? now : Date.parse(one.removed.at);
		if (one.expiresAt !== null && Date.parse(one.expiresAt) <= over)
			happened.push({ at: one.expiresAt, by: null, action: "expired", ...about, comment: one.comment });
		if (one.removed !== null) happened.push({ ...one.removed, action: "removed", ...about });
		return happened;
	});
	// Stable: of one moment the later id comes first.
	return events.reverse().sort((a, b) => (b.at ?? "").localeCompare(a.at ?? ""));
}

export interface NewExclusion {
	readonly target: string;
	readonly ranges: [string, string][];
	readonly comment: string;
	readonly expiresAt: string | null;
}

/** Returns the ids. Throws `conflict` when one of the targets is already excluded in the same words. */
export function addExclusions(data: SettingsData, wanted: readonly NewExclusion[], change: Change): number[] {
	const now = Date.parse(change.at);
	const holding = holdingExclusions(data, now);
	if (holding.length + wanted.length > mostAtOnce) {
		throw new AppError("too-large", `There cannot be more than ${mostAtOnce} exclusions at once.`, {
			hint: "Write neighbours as one range or block.",
		});
	}
	return wanted.map(({ target, ranges, comment, expiresAt }) => {
		const before = holding.find((one) => one.target === target);
		if (before !== undefined) {
			throw new AppError("conflict", `${target} is already excluded (${before.id}): ${before.comment}`, {
				hint: "Nothing was changed. To change its comment or expiry, remove it and add it again.",
			});
		}
		const id = (data.exclusions.at(-1)?.id ?? 0) + 1;
		const added = { addedAt: change.at, addedBy: change.by, expiresAt, removed: null };
		data.exclusions.push({ id, target, ranges, comment, ...added });
		return id;
	});
}

/** Throws `not-found` for an id there is not, or no longer. */
export function removeExclusions(data: SettingsData, ids: readonly number[], comment: string, change: Change): void {
	for (const id of ids) {
		const stored = data.exclusions.find((one) => one.id === id);
		if (stored === undefined || stored.removed !== null) {
			throw new AppError("not-found", `There is no exclusion ${id}${stored === undefined ? "" : " any more"}.`, {
				hint: "List them with: vedette exclude list",
			});
		}
		stored.removed = { ...change, comment };
	}
}

/** By ids, in their order; removed ones too. */
export function exclusionsById(data: Kept, ids: readonly number[], now: number): Exclusion[] {
	return ids.flatMap((id) => data.exclusions.filter((one) => one.id === id).map((one) => toExclusion(one, now)));
}

function toExclusion(stored: StoredExclusion, now: number): Exclusion {
	const { removed, ...kept } = stored;
	const expired = stored.expiresAt !== null && Date.parse(stored.expiresAt) <= now;
	return { ...kept, state: removed !== null ? "removed" : expired ? "expired" : "holds" };
}
