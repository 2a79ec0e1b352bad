/** Reads targets and exclusions as people type them. No I/O: names, groups and lists are looked up by what is handed in. */
import { AppError } from "../../protocol/errors.ts";
import { count } from "../../protocol/plural.ts";
import {
	formsHint,
	groupTarget,
	maxIpv6Block,
	type NamedItem,
	quote,
	readItem,
	splitTargets,
	tagTarget,
} from "../../protocol/target/item.ts";
import { AddressSet } from "./address-set.ts";
import { leadsNowhere, lookUpNames, type ResolveName } from "./names.ts";
import { neverTargets } from "./special.ts";

export { parseRange, splitTargets } from "../../protocol/target/item.ts";
export type { ResolveName } from "./names.ts";

/** What an asset group, a tag or a list stands for at this moment. */
export interface TargetMeaning {
	/** As it is to be shown. */
	readonly title: string;
	readonly addresses: AddressSet;
	/** Host names, not looked up. */
	readonly names: readonly string[];
	/** Domains that are mapped with it; a scan passes them over. */
	readonly domains?: readonly string[];
}

/** Where targets that are not addresses lead. */
export interface TargetSources {
	readonly resolve: ResolveName;
	/** Null: there is none of this title. Absent: groups are not understood here. */
	readonly group?: (title: string) => TargetMeaning | null;
	/** Null: there is none of this name. With `ranges` also what its rule is written with. Absent: as for groups. */
	readonly tag?: (name: string, ranges: boolean) => TargetMeaning | null;
	/** Null: there is none of this number (any more). */
	readonly list?: (list: number) => TargetMeaning | null;
}

/** A target that nothing is sent to, and why, a sentence. */
export interface NotScanned {
	readonly target: string;
	readonly why: string;
}

export interface Targets {
	readonly addresses: AddressSet;
	/** Canonical address to the host name it was asked for by; those asked for by several names are not in it. */
	readonly names: ReadonlyMap<string, string>;
	/** Addresses that were asked for by several names, with all of them. */
	readonly shared: ReadonlyMap<string, readonly string[]>;
	/** What asset groups and lists stood for. */
	readonly meanings: readonly TargetMeaning[];
	/** Names that lead nowhere. */
	readonly notScanned: readonly NotScanned[];
	/** What a person should know before the scan starts, full sentences. */
	readonly warnings: readonly string[];
}

/** Host names of one scan: each is looked up before anything starts. */
const mostNames = 5_000;
/** Host names of one scan when several of them may stand for one address. */
const mostSplitNames = 500;
const mostNamed = 5;

/**
 * Reads the targets of a scan: each item may hold several, separated by commas or spaces. Names that lead nowhere are told
 * in `notScanned`. Throws `invalid` naming the first text that is not a target or lies wholly in a block that is never one
 * (multicast, 0.0.0.0/8, …), when no target is left, and, unless they are to be `split`, when two names share an address.
 */
export async function parseTargets(
	texts: readonly string[],
	sources: TargetSources & { readonly split?: boolean },
): Promise<Targets> {
	const read = readAll(texts, sources, maxIpv6Block);
	refuseTooMany(read.names.size, sources.split === true);
	const found = await lookUpNames(read.names, sources.resolve);
	const notScanned = found.nowhere.map(({ name, why }) => ({ target: name, why }));
	const typed = read.sets.reduce((all, one) => all.union(one), AddressSet.empty);
	const asked = typed.union(found.addresses);
	if (asked.size === 0) throw nothingLeft(read, notScanned);
	const addresses = asked.subtract(neverTargets);
	if (addresses.size === 0 && typed.size === 0) throw nothingLeft(read, notScanned);
	const shared = new Map([...found.names].filter(([, names]) => names.length > 1));
	if (sources.split !== true) refuseShared(shared);
	const warnings: string[] = [];
	const dropped = asked.size - addresses.size;
	if (dropped > 0) {
		warnings.push(`${dropped} special addresses (multicast, broadcast, 0.0.0.0/8) inside the targets are left out.`);
	}
	const names = new Map<string, string>();
	for (const [address, [name, other]] of found.names) {
		if (name !== undefined && other === undefined) names.set(address, name);
	}
	return { addresses, names, shared, meanings: read.meanings, notScanned, warnings };
}

/**
 * Reads exclusions: the same forms as targets, blocks of any size. A name that does not resolve is `invalid`: what was meant
 * to be spared would be hit. A tag spares what carries it and what its rule is written with; one that nothing carries yet
 * may be named.
 */
export async function parseExclusions(texts: readonly string[], sources: TargetSources): Promise<AddressSet> {
	const read = readAll(texts, sources, null, "spare");
	const { addresses, nowhere } = await lookUpNames(read.names, sources.resolve);
	const [lost] = nowhere;
	if (lost !== undefined) throw unresolved([lost.name], lost.cause);
	return read.sets.reduce((all, one) => all.union(one), addresses);
}

/**
 * Reads addresses, blocks of any size, ranges, asset groups and tags, as they are now. A host name, also one in a group,
 * is `invalid`.
 */
export function parseFixedAddresses(
	texts: readonly string[],
	sources: Pick<TargetSources, "group" | "tag">,
): AddressSet {
	const read = readAll(texts, sources, null, "spare");
	const [name] = read.names;
	if (name !== undefined) {
		throw new AppError(
			"invalid",
			`${quote(name)} is a host name; here only addresses count, which stay what they are.`,
			{
				hint: "Write its address, a block, a range, or an asset group of such: 192.0.2.7, 192.0.2.0/28, group:Web",
				details: { text: name },
			},
		);
	}
	return read.sets.reduce((all, one) => all.union(one), AddressSet.empty);
}

interface Read {
	readonly sets: AddressSet[];
	readonly names: Set<string>;
	readonly meanings: TargetMeaning[];
}

/** `spare`: what is named is to be sent less, or nothing, so that a tag stands for all it may mean. */
function readAll(
	texts: readonly string[],
	sources: Omit<TargetSources, "resolve">,
	ipv6Limit: bigint | null,
	purpose: "ask" | "spare" = "ask",
): Read {
	const read: Read = { sets: [], names: new Set(), meanings: [] };
	const ranges = [];
	for (const text of texts) {
		const items = splitTargets(text);
		if (items.length === 0) throw new AppError("invalid", "A target is empty.", { hint: formsHint });
		for (const word of items) {
			const item = readItem(word, ipv6Limit);
			if (item.kind === "name") read.names.add(item.name);
			else if (item.kind === "range") {
				const { family, first, last } = item.range;
				if (ipv6Limit !== null && isSpecial(family, first, last)) throw special(word);
				ranges.push(item.range);
			} else {
				const meaning = item.kind === "list" ? listOf(item.list, sources) : meaningOf(item, sources, purpose);
				read.meanings.push(meaning);
				read.sets.push(meaning.addresses);
				for (const name of meaning.names) read.names.add(name);
			}
		}
	}
	read.sets.push(new AddressSet(ranges));
	return read;
}

/** What an asset group or a tag stands for. Throws `invalid` when there is none of that name, or it holds nothing. */
export function meaningOf(
	item: NamedItem,
	sources: Pick<TargetSources, "group" | "tag">,
	purpose: "ask" | "spare" = "ask",
): TargetMeaning {
	if (item.kind === "group") return groupOf(item.title, sources);
	const { name, ranges } = item;
	const meaning = sources.tag?.(name, ranges || purpose === "spare") ?? null;
	if (meaning === null) {
		throw new AppError("invalid", `There is no tag ${quote(name)}.`, {
			hint: "See which there are with: vedette tag list",
			details: { text: tagTarget(name) },
		});
	}
	if (meaning.addresses.size > 0 || purpose === "spare") return meaning;
	throw new AppError("invalid", `Nothing carries the tag ${quote(name)} now.`, {
		hint: `To reach the addresses its rule is written with: ${tagTarget(name, true)}`,
	});
}

/** Throws `invalid` when there is none of that title, or it holds nothing. */
function groupOf(title: string, { group }: Pick<TargetSources, "group">): TargetMeaning {
	const meaning = group?.(title) ?? null;
	if (meaning === null) {
		throw new AppError("invalid", `There is no asset group ${quote(title)}.`, {
			hint: "See which there are with: vedette group list",
			details: { text: groupTarget(title) },
		});
	}
	if (meaning.addresses.size === 0 && meaning.names.length === 0 && !meaning.domains?.length) {
		throw new AppError("invalid", `The asset group ${quote(title)} has no addresses and no host names.`, {
			hint: `Add some with: vedette group add ${JSON.stringify(title)} 192.0.2.0/24`,
		});
	}
	return meaning;
}

function listOf(list: number, sources: Pick<TargetSources, "list">): TargetMeaning {
	const meaning = sources.list?.(list) ?? null;
	if (meaning !== null) return meaning;
	throw new AppError("invalid", `There is no list ${list} any more.`, {
		hint: "A list is kept for a while after it was handed over, and not over a restart: hand it over again.",
	});
}

function isSpecial(family: 4 | 6, first: bigint, last: bigint): boolean {
	// The ends decide for nearly all: taking sets away from each other for each of a million targets would be slow.
	if (!neverTargets.has({ family, value: first }) || !neverTargets.has({ family, value: last })) return false;
	return new AddressSet([{ family, first, last }]).subtract(neverTargets).size === 0;
}

function special(text: string): AppError {
	return new AppError("invalid", `${quote(text)} is a special address (unspecified, multicast or broadcast).`, {
		hint: "Name the hosts behind it instead.",
		details: { text },
	});
}

function refuseTooMany(names: number, split: boolean): void {
	const most = split ? mostSplitNames : mostNames;
	if (names <= most) return;
	throw new AppError(
		"too-large",
		`${count(names)} host names are too many for one scan${split ? " with split targets" : ""}; the most is ${count(most)}.`,
		{
			hint: "Nothing was sent. Scan them in parts, or give their addresses.",
		},
	);
}

/** Semantics of a scan by name: each finding belongs to one name, so names must not share an address unnoticed. */
function refuseShared(shared: ReadonlyMap<string, readonly string[]>): void {
	if (shared.size === 0) return;
	const told = [...shared]
		.slice(0, mostNamed)
		.map(([address, names]) => `${listed(names)} are ${names.length === 2 ? "both" : "all"} ${address}`);
	const more = shared.size > mostNamed ? `; and ${shared.size - mostNamed} more such addresses` : "";
	throw new AppError("invalid", `Some names share an address: ${told.join("; ")}${more}.`, {
		hint: "Scan each name as a target of its own on that address with split targets (--split), or name one of them.",
		details: { shared: Object.fromEntries([...shared].slice(0, 100)) },
	});
}

function nothingLeft(read: Read, notScanned: readonly NotScanned[]): AppError {
	if (read.names.size === 0) return new AppError("invalid", "There is no target.", { hint: formsHint });
	const [only] = notScanned;
	if (read.names.size === 1 && only !== undefined && only.why !== leadsNowhere) {
		return new AppError("invalid", `The host name ${quote(only.target)} is not scanned: ${only.why}`, {
			hint: "Give the address itself, or name another target.",
			details: { text: only.target },
		});
	}
	return unresolved([...read.names]);
}

function unresolved(names: readonly string[], cause?: unknown): AppError {
	const [name = ""] = names;
	const message =
		names.length === 1
			? `The host name ${quote(name)} does not resolve to any address.`
			: `None of the ${count(names.length)} host names can be scanned: ${listed(names)}.`;
	return new AppError("invalid", message, {
		hint: "Check the spelling and this machine's name servers, or give the address itself.",
		details: { text: name },
		cause,
	});
}

function listed(names: readonly string[]): string {
	if (names.length > mostNamed) return `${names.slice(0, mostNamed).join(", ")} and ${names.length - mostNamed} more`;
	return names.length === 1 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
