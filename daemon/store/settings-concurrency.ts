/** Concurrency groups within the settings. Pure; who changes data writes it. */
import { AppError } from "../../protocol/errors.ts";
import type { ConcurrencyGroup } from "../../protocol/model/network-figures.ts";
import type { SettingsData } from "./settings-schema.ts";

/** Each is looked at for every job. */
const mostGroups = 500;

/** By name. */
export function listGroups(data: Pick<SettingsData, "concurrencyGroups">): readonly ConcurrencyGroup[] {
	return data.concurrencyGroups;
}

/** Without regard to case; null when there is none. */
export function findGroup(data: Pick<SettingsData, "concurrencyGroups">, name: string): ConcurrencyGroup | null {
	return data.concurrencyGroups.find((one) => same(one.name, name)) ?? null;
}

/** Makes it, or replaces the one of that name. Throws `too-large`. */
export function setGroup(data: SettingsData, group: ConcurrencyGroup): void {
	const others = data.concurrencyGroups.filter((one) => !same(one.name, group.name));
	if (others.length >= mostGroups) {
		throw new AppError("too-large", `There cannot be more than ${mostGroups} concurrency groups.`, {
			hint: "Put addresses that share a limit into one group.",
		});
	}
	// A list of its own: whoever holds the one before sees that there is another.
	data.concurrencyGroups = [...others, group].sort((a, b) => a.name.localeCompare(b.name));
}

/** Returns what is gone. Throws `not-found`. */
export function removeGroup(data: SettingsData, name: string): ConcurrencyGroup {
	const found = findGroup(data, name);
	if (found === null) {
		throw new AppError("not-found", `There is no concurrency group "${name.trim().slice(0, 100)}".`, {
			hint: "List them with: vedette limits",
		});
	}
	data.concurrencyGroups = data.concurrencyGroups.filter((one) => one !== found);
	return found;
}

function same(a: string, b: string): boolean {
	return a.trim().toLowerCase() === b.trim().toLowerCase();
}
