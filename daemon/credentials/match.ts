/**
 * Which credentials belong to an address: the target that covers the fewest addresses decides, then their order. Pure.
 */
import { AppError } from "../../protocol/errors.ts";
import type { Credential } from "../../protocol/model/credential.ts";
import { parseAddress } from "../../protocol/target/address.ts";
import { AddressSet } from "../../protocol/target/address-set.ts";
import {
	hostName,
	type NamedItem,
	namedTarget,
	rangeText,
	readItem,
	splitTargets,
	wrong,
} from "../../protocol/target/item.ts";

/** What an asset group or a tag stands for now. */
export interface NamedMeaning {
	readonly addresses: AddressSet;
	/** Lower case. */
	readonly names: ReadonlySet<string>;
}

/** Null for a group or a tag there is none of (any more): it covers nothing. */
export type FindNamed = (item: NamedItem) => NamedMeaning | null;

/** Everywhere. */
export const everywhere = "all";

export interface Unused {
	readonly credential: Credential;
	readonly why: string;
}

export interface Match {
	readonly credential: Credential;
	/** The target that counts. */
	readonly target: string;
	/** A sentence. */
	readonly why: string;
}

interface Covering {
	readonly text: string;
	/** Null: all there are. */
	readonly addresses: AddressSet | null;
	/** How many addresses it covers: fewer is more specific. */
	readonly size: number;
	/** An asset group or a tag there is none of. */
	readonly gone?: boolean;
	covers(address: string | null, hostname: string | null): boolean;
}

/** Rewritten as they will be kept: one item each. Throws `invalid`, also for a list, and for a group or tag that `isThere` denies. */
export function readTargets(texts: readonly string[], isThere: (item: NamedItem) => boolean): string[] {
	return [...new Set(texts.flatMap(splitTargets).map((text) => readTarget(text, isThere)))];
}

function readTarget(text: string, isThere: (item: NamedItem) => boolean): string {
	if (text.toLowerCase() === everywhere) return everywhere;
	const item = readItem(text, null);
	if (item.kind === "name") return item.name;
	if (item.kind === "range") return rangeText(item.range);
	if (item.kind === "list") throw wrong(text, "is a list, which does not last");
	if (isThere(item)) return namedTarget(item);
	const what = item.kind === "group" ? `asset group ${JSON.stringify(item.title)}` : `tag ${JSON.stringify(item.name)}`;
	throw new AppError("invalid", `There is no ${what}.`, {
		hint: `See which there are with: vedette ${item.kind} list`,
	});
}

/** The most specific first. A host name counts only where the host was asked for by it. */
export class CredentialMatcher {
	readonly #credentials: readonly {
		readonly credential: Credential;
		readonly targets: readonly Covering[];
		readonly excluded: readonly Covering[];
	}[];

	constructor(credentials: readonly Credential[], findNamed: FindNamed) {
		// What a tag's rule is written with is spared too: a host that was never seen carries no tag yet.
		const spared: FindNamed = (item) => findNamed(item.kind === "tag" ? { ...item, ranges: true } : item);
		this.#credentials = credentials.map((credential) => ({
			credential,
			targets: credential.targets.map((text) => coveringOf(text, findNamed)).sort((a, b) => compare(a.size, b.size)),
			// Nobody knows any more what a group or a tag that is gone held: then it is used nowhere.
			excluded: credential.excluded.map((text) => {
				const one = coveringOf(text, spared);
				return one.gone ? { ...one, addresses: null, covers: () => true } : one;
			}),
		}));
	}

	/** `address` canonical, null for a name that has none; `hostname` as the host was asked for. */
	match(address: string | null, hostname: string | null): { used: Match[]; unused: Unused[] } {
		const name = hostname?.toLowerCase().replace(/\.$/, "") ?? null;
		const found: { credential: Credential; target: Covering }[] = [];
		const unused: Unused[] = [];
		for (const { credential, targets, excluded } of this.#credentials) {
			const out = excluded.find((one) => one.covers(address, name));
			const target = targets.find((one) => one.covers(address, name));
			if (!credential.enabled) unused.push({ credential, why: "It is disabled." });
			else if (out !== undefined) unused.push({ credential, why: `It is never used for ${out.text}${goneOf([out])}.` });
			else if (target === undefined)
				unused.push({ credential, why: `None of its targets covers it${goneOf(targets)}.` });
			else found.push({ credential, target });
		}
		const used = found
			.sort((a, b) => compare(a.target.size, b.target.size) || a.credential.order - b.credential.order)
			.map(({ credential, target }) => ({ credential, target: target.text, why: whyOf(target, credential.order) }));
		return { used, unused };
	}

	/** How many of the addresses a credential is used for. `names`: what some of them are asked for by, by address. */
	reach(addresses: AddressSet, names: ReadonlyMap<string, string>): number {
		let reached = AddressSet.empty;
		for (const { credential, targets, excluded } of this.#credentials) {
			if (!credential.enabled || excluded.some((one) => one.addresses === null)) continue;
			const wanted = targets.some((one) => one.addresses === null)
				? addresses
				: targets.reduce(
						(sum, one) => sum.union(addresses.intersect(one.addresses ?? AddressSet.empty)),
						AddressSet.empty,
					);
			reached = reached.union(excluded.reduce((left, one) => left.subtract(one.addresses ?? AddressSet.empty), wanted));
		}
		// A name may bring a credential, or keep one away.
		const named = [...names].filter(([address]) => addresses.has(address));
		const byAddress = reached.size - named.filter(([address]) => reached.has(address)).length;
		return byAddress + named.filter(([address, name]) => this.match(address, name).used.length > 0).length;
	}
}

function goneOf(coverings: readonly Covering[]): string {
	const gone = coverings.filter((one) => one.gone).map(({ text }) => text);
	return gone.length === 0 ? "" : ` (there is no ${gone.join(", ")} any more)`;
}

/** Not a difference: of two that are infinite it would be no number. */
function compare(a: number, b: number): number {
	return a === b ? 0 : a < b ? -1 : 1;
}

function coveringOf(text: string, findNamed: FindNamed): Covering {
	if (text === everywhere) return { text, addresses: null, size: Number.POSITIVE_INFINITY, covers: () => true };
	const item = readItem(text, null);
	if (item.kind === "name")
		return { text, addresses: AddressSet.empty, size: 1, covers: (_, name) => name === item.name };
	if (item.kind === "range") {
		const addresses = new AddressSet([item.range]);
		return { text, addresses, size: addresses.size, covers: (address) => address !== null && addresses.has(address) };
	}
	const meaning = item.kind === "list" ? null : findNamed(item);
	if (meaning === null) return { text, addresses: AddressSet.empty, size: 0, gone: true, covers: () => false };
	const { addresses, names } = meaning;
	const covers = (address: string | null, name: string | null) =>
		(address !== null && addresses.has(address)) || (name !== null && names.has(name));
	return { text, addresses, size: addresses.size + names.size, covers };
}

function whyOf({ text, size }: Covering, order: number): string {
	const place = `; its order is ${order}`;
	if (size === Number.POSITIVE_INFINITY) return `It is for all hosts${place}.`;
	return `It is for ${text} (${size === 1 ? "one address" : `${size} addresses`})${place}.`;
}

/** What a person asks for: an address in its one spelling, or a name. Throws `invalid`. */
export function readLoginTarget(text: string): { readonly address: string | null; readonly hostname: string | null } {
	const item = readItem(text.trim(), null);
	if (item.kind === "name") return { address: null, hostname: hostName(item.name) };
	if (item.kind === "range" && item.range.first === item.range.last && parseAddress(text.trim()) !== null)
		return { address: new AddressSet([item.range]).at(0) ?? null, hostname: null };
	throw new AppError("invalid", `${JSON.stringify(text)} is not one address and not a host name.`, {
		hint: "Ask for one host at a time.",
	});
}
