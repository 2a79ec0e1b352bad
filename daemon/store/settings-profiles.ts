/** Option profiles within the settings: finding them in a version, adding versions. Pure; who changes data writes it. */
import { AppError } from "../../protocol/errors.ts";
import { limitsOf, type Profile, type ProfileOptions } from "../../protocol/model/profile.ts";
import { builtInProfiles } from "./built-in-profiles.ts";
import type { SettingsData, StoredProfile } from "./settings-schema.ts";

/** Who changes something, and when (RFC 3339). */
export interface Change {
	readonly at: string;
	readonly by: string;
}

/** Built-in ones first, then the user's own, each in its newest version. */
export function listProfiles(data: Pick<SettingsData, "profiles">): Profile[] {
	return [...builtInProfiles, ...data.profiles.filter((one) => !one.deleted).flatMap((one) => toProfile(one))];
}

/**
 * By name, without regard to case: the newest version, or the one asked for, which may be of a deleted profile. Null
 * when there is none.
 */
export function findProfile(data: Pick<SettingsData, "profiles">, name: string, version?: number): Profile | null {
	const builtIn = builtInProfiles.find((one) => same(one.name, name));
	// Of a built-in profile only the present version is at hand.
	if (builtIn !== undefined) return version === undefined || version <= builtIn.version ? builtIn : null;
	const stored = data.profiles.find((one) => same(one.name, name));
	if (stored === undefined || (stored.deleted && version === undefined)) return null;
	return toProfile(stored, version)[0] ?? null;
}

/** As `findProfile`; throws `not-found` with the names there are. */
export function getProfile(data: Pick<SettingsData, "profiles">, name: string, version?: number): Profile {
	const found = findProfile(data, name, version);
	if (found !== null) return found;
	const known = findProfile(data, name);
	if (known !== null) {
		throw new AppError("not-found", `The option profile "${known.name}" has no version ${version}.`, {
			hint: `Its newest version is ${known.version}.`,
		});
	}
	throw new AppError("not-found", `There is no option profile "${name.trim().slice(0, 100)}".`, {
		hint: `There is: ${listProfiles(data)
			.map((one) => one.name)
			.join(", ")}.`,
	});
}

/** Newest first. The profile must exist. */
export function listVersions(
	data: Pick<SettingsData, "profiles">,
	name: string,
): { version: number; editedAt: string | null; editedBy: string | null }[] {
	const stored = data.profiles.find((one) => same(one.name, name));
	if (stored === undefined) return [{ version: getProfile(data, name).version, editedAt: null, editedBy: null }];
	return stored.versions.map(({ version, at, by }) => ({ version, editedAt: at, editedBy: by })).reverse();
}

/** Throws `conflict` when there is one of that name. */
export function addProfile(data: SettingsData, name: string, options: ProfileOptions, change: Change): void {
	const taken = findProfile(data, name);
	if (taken !== null) {
		throw new AppError("conflict", `There is already an option profile "${taken.name}".`, {
			hint: "Give the new one another name.",
		});
	}
	const deleted = data.profiles.find((one) => same(one.name, name));
	if (deleted === undefined) {
		data.profiles.push({ name, deleted: false, versions: [{ version: 1, ...change, options }] });
		return;
	}
	deleted.name = name;
	deleted.deleted = false;
	deleted.versions.push({ version: newest(deleted) + 1, ...change, options });
}

/** Adds a version made from `version`; throws `conflict` when that is no longer the newest or the profile is built in. */
export function addVersion(
	data: SettingsData,
	name: string,
	version: number,
	options: ProfileOptions,
	change: Change,
): void {
	const stored = ownProfile(data, name, "edited");
	if (version !== newest(stored)) {
		throw new AppError(
			"conflict",
			`"${stored.name}" has been edited meanwhile: its newest version is ${newest(stored)}, not ${version}.`,
			{ hint: "Look at the newest version and make your change to that." },
		);
	}
	stored.versions.push({ version: version + 1, ...change, options });
}

/** Throws `conflict` for a built-in profile. Its versions stay. */
export function deleteProfile(data: SettingsData, name: string): string {
	const stored = ownProfile(data, name, "deleted");
	stored.deleted = true;
	return stored.name;
}

function ownProfile(data: SettingsData, name: string, what: string): StoredProfile {
	const { name: exact, builtIn } = getProfile(data, name);
	const stored = data.profiles.find((one) => same(one.name, name));
	if (!builtIn && stored !== undefined) return stored;
	throw new AppError("conflict", `"${exact}" is built in and cannot be ${what}.`, {
		hint: `Clone it: vedette profile clone "${exact}" "My ${exact}"`,
	});
}

function toProfile(stored: StoredProfile, version = newest(stored)): Profile[] {
	const kept = stored.versions.find((one) => one.version === version);
	if (kept === undefined) return [];
	const { at, by, options } = kept;
	const limits = limitsOf(options.performance);
	return [{ name: stored.name, version, builtIn: false, options, limits, editedAt: at, editedBy: by }];
}

function newest(stored: StoredProfile): number {
	return stored.versions.at(-1)?.version ?? 0;
}

function same(a: string, b: string): boolean {
	return a.trim().toLowerCase() === b.trim().toLowerCase();
}
