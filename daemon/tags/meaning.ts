/** What a tag stands for as a target: assets and addresses. */
import type { DatabaseSync } from "node:sqlite";
import type { Tag } from "../../protocol/model/tag.ts";
import type { AddressRange } from "../../protocol/target/address-set.ts";
import { AddressSet } from "../../protocol/target/address-set.ts";
import { parseRange, splitTargets } from "../../protocol/target/item.ts";
import { listTaggedAddresses, listTaggedByAny } from "../store/asset-tags.ts";
import { findTag, getTagById, withDescendants } from "../store/tags.ts";

export interface TagMeaning {
	readonly tag: Tag;
	/** Ids of the assets that carry the tag or one below it, ascending. */
	readonly assets: readonly number[];
	/** All their addresses, and with `ranges` those written in the rule. */
	readonly addresses: AddressSet;
}

export interface MeaningOptions {
	/** Assets of the tags below it too. Default true. */
	readonly descendants?: boolean;
	/** Also the whole ranges a network-range rule is written with: how a scan reaches what was never seen. Default false. */
	readonly ranges?: boolean;
}

/**
 * By name or path, without regard to case; null when there is no such tag. Throws `conflict` when several have that name.
 * It means what carries the tag now.
 */
export function meaningOfTag(db: DatabaseSync, nameOrPath: string, options: MeaningOptions = {}): TagMeaning | null {
	const tag = findTag(db, nameOrPath);
	if (tag === null) return null;
	const ids = options.descendants === false ? [tag.id] : withDescendants(db, tag.id);
	const carried = AddressSet.fromText(listTaggedAddresses(db, ids).flatMap(withoutZone));
	const written = options.ranges === true ? ids.flatMap((id) => writtenRanges(getTagById(db, id))) : [];
	return { tag, assets: listTaggedByAny(db, ids), addresses: carried.union(new AddressSet(written)) };
}

function writtenRanges({ rule }: Tag): AddressRange[] {
	if (rule.kind !== "network-range") return [];
	return splitTargets(rule.text).flatMap((text) => parseRange(text, null) ?? []);
}

/** An address with a zone is nobody's target. */
function withoutZone(address: string): [string, string][] {
	return address.includes("%") ? [] : [[address, address]];
}
