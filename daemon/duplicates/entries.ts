/** What the audit log says of merges, their undoing and of assets that are said to be two. Pure. */
import type { MergeRecord, MergeUndone } from "../../protocol/model/duplicate.ts";
import type { AuditEvent } from "../store/audit.ts";
import type { StoredMerge } from "../store/merges.ts";

export function mergeEntry({ id, by, why, survivor, gone, confidence, chosen, evidence }: MergeRecord): AuditEvent {
	return {
		who: by,
		action: "duplicates.merge",
		object: `merge ${id}: ${gone.map((side) => `asset ${side.id}`).join(", ")} into asset ${survivor.id}`,
		before: { assets: [survivor, ...gone] },
		after: {
			asset: survivor.id,
			confidence,
			chosen,
			evidence: evidence.flatMap((link) => link.for).map(({ text }) => text),
		},
		reason: why === "" ? null : why,
	};
}

export function undoEntry({ id, survivor }: StoredMerge, undone: MergeUndone, who: string): AuditEvent {
	return {
		...{ who, action: "duplicates.undo", object: `merge ${id}` },
		before: { asset: survivor },
		after: { assets: undone.assets, arrived: undone.arrived },
	};
}

/** `merge` as it was before. */
export function keepEntry({ id, survivor, conflicts }: MergeRecord, who: string, why: string): AuditEvent {
	const against = conflicts.filter(({ kept }) => kept === null).map(({ text }) => text);
	return {
		...{ who, action: "duplicates.keep", object: `merge ${id}` },
		before: { asset: survivor.id, against },
		reason: why === "" ? null : why,
	};
}

export function rejectEntry(
	verb: "reject" | "unreject",
	assets: readonly number[],
	who: string,
	why: string | null,
): AuditEvent {
	return {
		...{ who, action: `duplicates.${verb}`, object: `assets ${assets.join(", ")}` },
		reason: why === "" ? null : why,
	};
}
