/** Where knowledge comes from, within the settings: the built-in sources, those changed, and the user's own. Pure. */
import { AppError } from "../../protocol/errors.ts";
import type { FeedSource, ListedSource } from "../../protocol/model/knowledge-update.ts";
import type { SettingsData } from "./settings-schema.ts";

type Kept = Pick<SettingsData, "feedSources">;

/** Built-in ones first, in their order; then the user's own by name. */
export function listSources({ feedSources }: Kept, builtIn: readonly FeedSource[]): ListedSource[] {
	const kept = new Map(feedSources.map((one) => [one.name, one]));
	const known = new Set(builtIn.map(({ name }) => name));
	const own = feedSources.filter(({ name }) => !known.has(name)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
	return [
		...builtIn.map((one) => ({ ...(kept.get(one.name) ?? one), builtIn: true, changed: kept.has(one.name) })),
		...own.map((one) => ({ ...one, builtIn: false, changed: false })),
	];
}

/** Makes a source or changes one. Two must not be taken in under one name, or each would replace the other. */
export function putSource(data: SettingsData, wanted: FeedSource, builtIn: readonly FeedSource[]): void {
	const twin = listSources(data, builtIn).find((one) => one.feed === wanted.feed && one.name !== wanted.name);
	if (twin !== undefined) {
		throw new AppError("conflict", `"${wanted.feed}" already comes from ${twin.name}.`, {
			hint: `Change that one: vedette knowledge sources set ${twin.name} --url …, or take it in under another name with --feed.`,
		});
	}
	const others = data.feedSources.filter(({ name }) => name !== wanted.name);
	const same = builtIn.find(({ name }) => name === wanted.name);
	const isAsBefore = same !== undefined && JSON.stringify(ordered(same)) === JSON.stringify(ordered(wanted));
	data.feedSources = isAsBefore ? others : [...others, wanted];
}

/** The user's own goes; a built-in one is again as it came. Throws `not-found`. */
export function removeSource(data: SettingsData, name: string): void {
	if (!data.feedSources.some((one) => one.name === name)) {
		throw new AppError("not-found", `There is no source "${name}" of your own, and no change to a built-in one.`, {
			hint: "See the sources with: vedette knowledge sources",
		});
	}
	data.feedSources = data.feedSources.filter((one) => one.name !== name);
}

function ordered({ name, feed, about, licence, urls, sha256Url, enabled }: FeedSource): unknown[] {
	return [name, feed, about, licence, urls, sha256Url, enabled];
}
