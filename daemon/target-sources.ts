/** Where targets that are not addresses lead: host names, asset groups and tags in the store, lists in memory. */

import { AppError } from "../protocol/errors.ts";
import { groupTarget, readItem, tagTarget } from "../protocol/target/item.ts";
import type { TargetLists } from "./scope/target-lists.ts";
import { meaningOf, type ResolveName, type TargetMeaning, type TargetSources } from "./scope/targets.ts";
import { findGroup, groupAddresses, groupNames } from "./store/groups.ts";
import type { Store } from "./store/store.ts";
import { meaningOfTag } from "./tags/meaning.ts";

export function targetSourcesOf(store: Store, lists: TargetLists, resolve: ResolveName): Required<TargetSources> {
	const group = (title: string): TargetMeaning | null => {
		const found = findGroup(store.db, title);
		if (found === null) return null;
		const addresses = groupAddresses(store.db, found);
		return { title: groupTarget(found.title), addresses, names: groupNames(store.db, found), domains: found.domains };
	};
	const tag = (name: string, ranges: boolean): TargetMeaning | null => {
		const found = meaningOfTag(store.db, name, { ranges });
		return found === null ? null : { title: tagTarget(found.tag.path, ranges), addresses: found.addresses, names: [] };
	};
	const named = (text: string): TargetMeaning => {
		const item = readItem(text);
		if (item.kind === "group" || item.kind === "tag") return meaningOf(item, { group, tag });
		throw new AppError("invalid", `${JSON.stringify(text)} is neither an asset group nor a tag.`);
	};
	return { resolve: rememberShortly(resolve), group, tag, list: (list) => lists.find(list, named) };
}

const rememberedMs = 60_000;
const mostRemembered = 10_000;

/** A scan is estimated and then started: it is to mean the same addresses, and a name server is asked once. */
function rememberShortly(resolve: ResolveName): ResolveName {
	const remembered = new Map<string, { readonly answer: Promise<readonly string[]>; readonly until: number }>();
	return (name) => {
		const now = performance.now();
		const known = remembered.get(name);
		if (known !== undefined && known.until > now) return known.answer;
		if (remembered.size >= mostRemembered) remembered.clear();
		const answer = resolve(name);
		remembered.set(name, { answer, until: now + rememberedMs });
		// What failed may work in a moment.
		answer.catch(() => remembered.delete(name));
		return answer;
	};
}
