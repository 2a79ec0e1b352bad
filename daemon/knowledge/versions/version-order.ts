/** Which version is older, in the order of who numbers it: a byte key for each, so that SQL and binary search agree. */
import { apkKey } from "./apk.ts";
import { dpkgKey } from "./dpkg.ts";
import { pypiKey } from "./pypi.ts";
import { rpmKey } from "./rpm.ts";
import { semverKey } from "./semver.ts";

const keys = { apk: apkKey, dpkg: dpkgKey, pypi: pypiKey, rpm: rpmKey, semver: semverKey };
export type VersionOrder = keyof typeof keys;
export const versionOrders = Object.keys(keys) as VersionOrder[];

/** Keys of one order compare as bytes the way the versions do. Null when the text is no version there. */
export function versionKey(order: VersionOrder, text: string): Uint8Array | null {
	// A target may claim anything to be a version.
	return text.length > 1_000 ? null : keys[order](text);
}

/** -1, 0 or 1; null when either is no version: then neither is older. */
export function compareVersions(order: VersionOrder, a: string, b: string): -1 | 0 | 1 | null {
	const [left, right] = [versionKey(order, a), versionKey(order, b)];
	if (left === null || right === null) return null;
	return Buffer.compare(left, right);
}
