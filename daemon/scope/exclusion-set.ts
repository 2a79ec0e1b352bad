/** What exclusions that were written down stand for now. */
import { AppError } from "../../protocol/errors.ts";
import { readItem } from "../../protocol/target/item.ts";
import { AddressSet, type TextRange } from "./address-set.ts";
import { parseExclusions, type TargetSources } from "./targets.ts";

export interface WrittenExclusion {
	readonly target: string;
	/** What it stood for when it was written down; empty when that is not known. */
	readonly ranges: readonly TextRange[];
}

/**
 * All addresses of the exclusions. A host name or an asset group stands for its addresses of then and of now, so that
 * a name that leads elsewhere, or nowhere, still excludes; a tag for what it means now, and for that of then once it is
 * gone. Throws `invalid` for a name of neither then nor now.
 */
export async function exclusionSet(
	exclusions: Iterable<WrittenExclusion>,
	sources: TargetSources,
): Promise<AddressSet> {
	const known: TextRange[] = [];
	const names: string[] = [];
	const unknown: string[] = [];
	for (const { target, ranges } of exclusions) {
		const tagged = taggedNow(target, sources);
		if (tagged !== null) {
			known.push(...tagged.toText());
			continue;
		}
		known.push(...ranges);
		if (ranges.length === 0) unknown.push(target);
		else if (readItem(target, null).kind !== "range") names.push(target);
	}
	const now = await Promise.all(names.map((name) => parseExclusions([name], sources).catch(() => AddressSet.empty)));
	const first = unknown.length === 0 ? AddressSet.empty : await parseExclusions(unknown, sources);
	return now.reduce((all, one) => all.union(one), first).union(AddressSet.fromText(known));
}

/** A target that stands for what carries a tag. */
export function isTagTarget(target: string): boolean {
	return /^tag(-ranges)?:/i.test(target);
}

/** What a tag among exclusions stands for now; null for what is no tag, or names one that is gone or no longer the only one. */
export function taggedNow(target: string, sources: Pick<TargetSources, "tag">): AddressSet | null {
	if (!isTagTarget(target)) return null;
	try {
		const item = readItem(target, null);
		return item.kind === "tag" ? (sources.tag?.(item.name, true)?.addresses ?? null) : null;
	} catch (err) {
		if (err instanceof AppError) return null;
		throw err;
	}
}
