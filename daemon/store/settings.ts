/** Settings: option profiles, exclusions that hold for every scan, saved filters. Read in memory, written one by one. */
import { Low } from "lowdb";
import type { Logger } from "pino";
import { AppError } from "../../protocol/errors.ts";
import { validate } from "../../protocol/validate.ts";
import { builtInProfiles } from "./built-in-profiles.ts";
import { SettingsFile } from "./settings-file.ts";
import { migrations } from "./settings-migrations.ts";
import { noSettings, type SettingsData, settingsData, settingsVersion } from "./settings-schema.ts";

export type { SettingsData };

export interface Settings {
	/** Everything, read-only: settings-profiles.ts and settings-exclusions.ts say what it means. */
	readonly data: Readonly<SettingsData>;
	/**
	 * Changes a copy, checks it, and resolves when it is on disk; until then, and when it fails, the old data holds.
	 * Changes are made one after the other. Raises `invalid` when the result is not well-formed.
	 */
	update(change: (data: SettingsData) => void): Promise<void>;
	/** Waits for what is being written. */
	close(): Promise<void>;
}

const openPaths = new Set<string>();

/**
 * Raises `unavailable` when nothing readable is left, `version-mismatch` when a newer Vedette wrote them, `conflict`
 * when they are already open in this process. Across processes the daemon's lock keeps them to one owner.
 */
export async function openSettings(path: string, options: { log: Logger }): Promise<Settings> {
	if (openPaths.has(path)) throw new AppError("conflict", `The settings in ${path} are already open.`);
	openPaths.add(path);
	try {
		const file = new SettingsFile(path, (notice) => options.log.warn({ path }, notice));
		const kept = await file.read();
		const data = kept === null ? structuredClone(noSettings) : migrate(kept, path);
		const low = new Low<SettingsData>({ read: async () => data, write: (next) => file.write(next) }, data);
		if (kept === null || (kept as { version?: unknown }).version !== settingsVersion) await low.write();
		return settingsOver(low, path);
	} catch (err) {
		openPaths.delete(path);
		throw err;
	}
}

function settingsOver(low: Low<SettingsData>, path: string): Settings {
	let writing: Promise<void> = Promise.resolve();
	const change = async (edit: (data: SettingsData) => void) => {
		const next = structuredClone(low.data);
		edit(next);
		const valid = checked(next);
		try {
			// Not `low.write`, which would show the new data to readers before it is on disk.
			await low.adapter.write(valid);
		} catch (cause) {
			throw new AppError("unavailable", `The settings cannot be saved in ${path}.`, {
				hint: "Check the space on that disk and who may write there.",
				cause,
			});
		}
		low.data = valid;
	};
	return {
		get data() {
			return low.data;
		},
		update(edit) {
			const done = writing.then(() => change(edit));
			writing = done.catch(() => undefined);
			return done;
		},
		async close() {
			await writing;
			openPaths.delete(path);
		},
	};
}

function checked(data: unknown): SettingsData {
	const valid = validate(settingsData, data, "The settings");
	const names = [...builtInProfiles, ...valid.profiles].map((one) => one.name.toLowerCase());
	const double = names.find((name, index) => names.indexOf(name) !== index);
	if (double !== undefined) throw new AppError("invalid", `There is already an option profile "${double}".`);
	return valid;
}

function migrate(kept: unknown, path: string): SettingsData {
	let data = (typeof kept === "object" && kept !== null ? kept : {}) as Record<string, unknown>;
	const version = Number(data.version);
	if (version > settingsVersion) {
		throw new AppError("version-mismatch", `The settings in ${path} were written by a newer Vedette.`, {
			hint: "Start that version, or move the file away to begin with the defaults.",
		});
	}
	for (const step of migrations.slice(Math.max(0, version - 1))) data = step(data);
	try {
		return checked({ ...data, version: settingsVersion });
	} catch (cause) {
		throw new AppError("unavailable", `The settings in ${path} are not as they should be.`, {
			hint: `${cause instanceof Error ? cause.message : ""} Mend the file, or move it away to begin with the defaults.`,
			cause,
		});
	}
}
