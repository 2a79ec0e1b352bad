/** Keys that sign bundles, within the settings. Pure. */
import { AppError } from "../../protocol/errors.ts";
import type { BundleKey } from "../../protocol/model/knowledge-bundle.ts";
import type { SettingsData, StoredBundleKey } from "./settings-schema.ts";

type Kept = Pick<SettingsData, "bundleKeys">;

/** By name; never with the secret half. */
export function listBundleKeys({ bundleKeys }: Kept): BundleKey[] {
	return bundleKeys
		.map(({ sealed, sealedBy: _, ...key }) => ({ ...key, mine: sealed !== null }))
		.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Throws `conflict` for a name or a key that is there already. */
export function addBundleKey(data: SettingsData, key: StoredBundleKey): void {
	const twin = data.bundleKeys.find(({ name, id }) => id === key.id || name.toLowerCase() === key.name.toLowerCase());
	if (twin !== undefined) {
		const what =
			twin.id === key.id ? `That key is trusted already, as "${twin.name}".` : `There is a key "${twin.name}".`;
		throw new AppError("conflict", what, { hint: "See the keys with: vedette knowledge key list" });
	}
	data.bundleKeys = [...data.bundleKeys, key];
}

/** Throws `not-found`. Returns what was taken out. */
export function removeBundleKey(data: SettingsData, name: string): StoredBundleKey {
	const found = data.bundleKeys.find((one) => one.name === name || one.id === name);
	if (found === undefined) {
		throw new AppError("not-found", `There is no key "${name}".`, {
			hint: "See them with: vedette knowledge key list",
		});
	}
	data.bundleKeys = data.bundleKeys.filter((one) => one !== found);
	return found;
}
