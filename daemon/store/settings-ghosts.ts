/** What users said about ghosts, within the settings. Pure; who changes data writes it. */
import { AppError } from "../../protocol/errors.ts";
import type { GhostRule } from "../../protocol/model/ghost.ts";
import type { Change } from "./settings-profiles.ts";
import type { SettingsData } from "./settings-schema.ts";

type Kept = Pick<SettingsData, "ghostRules">;

/** Oldest first: of two over one address the later holds. */
export function listGhostRules(data: Kept): GhostRule[] {
	return data.ghostRules.map((rule) => ({ ...rule }));
}

export interface NewGhostRule extends Pick<GhostRule, "target" | "ranges" | "says" | "comment"> {}

/** Returns the ids. What was said of the same target in the same words before is replaced. */
export function addGhostRules(data: SettingsData, wanted: readonly NewGhostRule[], change: Change): number[] {
	return wanted.map((rule) => {
		const id = (data.ghostRules.at(-1)?.id ?? 0) + 1;
		const others = data.ghostRules.filter((one) => one.target !== rule.target);
		data.ghostRules = [...others, { id, ...rule, addedAt: change.at, addedBy: change.by }];
		return id;
	});
}

/** By id or by target as it was written; returns what was taken out. Throws `not-found`. */
export function removeGhostRules(data: SettingsData, words: readonly string[]): GhostRule[] {
	return words.map((word) => {
		const found = data.ghostRules.find((one) => String(one.id) === word || one.target === word.toLowerCase());
		if (found === undefined) {
			throw new AppError("not-found", `Nothing was said about "${word}" in these words.`, {
				hint: "See what was said with: vedette ghosts rules",
			});
		}
		data.ghostRules = data.ghostRules.filter((one) => one !== found);
		return found;
	});
}
