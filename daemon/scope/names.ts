/** Where host names lead: all of them looked up, a few at a time, before anything is planned. */
import { type Address, formatAddress, parseAddress } from "./address.ts";
import { type AddressRange, AddressSet } from "./address-set.ts";
import { neverTargets } from "./special.ts";

/** Addresses of a host name, any families; rejects or returns nothing when it has none. */
export type ResolveName = (name: string) => Promise<readonly string[]>;

export interface FoundNames {
	readonly addresses: AddressSet;
	/** Canonical address to every name that leads there, in the order they were asked for. */
	readonly names: ReadonlyMap<string, readonly string[]>;
	/** Names without an address that may be a target; `why` is a sentence. */
	readonly nowhere: readonly { readonly name: string; readonly why: string; readonly cause: unknown }[];
}

/** A name with more addresses than this is answered by something odd; the rest is left out. */
const maxAddressesPerName = 64;
const resolvedAtOnce = 16;
/** So many look-ups in a row without a name server's answer, and the others are not tried. */
const mostUnanswered = 32;

export const leadsNowhere = "It does not resolve to any address.";

/** Never rejects. Names are looked up in their order. */
export async function lookUpNames(names: Iterable<string>, resolve: ResolveName): Promise<FoundNames> {
	const ranges: AddressRange[] = [];
	const found = new Map<string, string[]>();
	const nowhere: { name: string; why: string; cause: unknown }[] = [];
	const waiting = [...names];
	let unanswered = 0;
	for (let next = 0; next < waiting.length; next += resolvedAtOnce) {
		const some = waiting.slice(next, next + resolvedAtOnce);
		if (unanswered >= mostUnanswered) {
			for (const name of some) nowhere.push({ name, why: "No name server answered.", cause: undefined });
			continue;
		}
		const answers = await Promise.all(some.map((name) => addressesOf(name, resolve)));
		some.forEach((name, i) => {
			const answer = answers[i] ?? { addresses: [], cause: undefined };
			const silent = isSilence(answer.cause);
			unanswered = silent ? unanswered + 1 : 0;
			const usable = answer.addresses.filter((address) => !neverTargets.has(address));
			for (const address of usable) {
				const text = formatAddress(address);
				ranges.push({ family: address.family, first: address.value, last: address.value });
				const others = found.get(text);
				if (others === undefined) found.set(text, [name]);
				else others.push(name);
			}
			if (usable.length > 0) return;
			const special =
				answer.addresses.length > 0
					? "It leads only to special addresses (unspecified, multicast or broadcast)."
					: null;
			nowhere.push({ name, why: special ?? (silent ? "No name server answered." : leadsNowhere), cause: answer.cause });
		});
	}
	return { addresses: new AddressSet(ranges), names: found, nowhere };
}

async function addressesOf(name: string, resolve: ResolveName): Promise<{ addresses: Address[]; cause: unknown }> {
	let texts: readonly string[] = [];
	let cause: unknown;
	try {
		texts = await resolve(name);
	} catch (err) {
		cause = err;
	}
	const unique = new Map<string, Address>();
	for (const text of texts.slice(0, maxAddressesPerName)) {
		const address = parseAddress(text);
		if (address !== null) unique.set(formatAddress(address), address);
	}
	return { addresses: [...unique.values()], cause };
}

/** getaddrinfo's "try again": nobody who could know has answered. */
function isSilence(cause: unknown): boolean {
	return cause instanceof Error && "code" in cause && cause.code === "EAI_AGAIN";
}
