/**
 * What a stored scan may reach: what its targets and exclusions stood for when it was started. Names, groups and lists are
 * not looked up again, for they may lead elsewhere by now; an exclusion holds for what it stood for then and stands for now.
 */
import type { Scan } from "../../protocol/model/scan.ts";
import { AddressSet } from "../scope/address-set.ts";
import { parseExclusions, parseTargets, type TargetSources } from "../scope/targets.ts";

/** What a scan was started with, as stored. */
export interface StoredTargets {
	/** Canonical address and the host name it was asked for by, of every target written down so far. */
	readonly targets: Iterable<{ address: string; hostname: string | null }>;
	/** Null or absent for a scan from before this was kept. */
	readonly reach?: {
		/** Null: they are all among the targets. */
		readonly allow: AddressSet | null;
		/** Of its own exclusions. */
		readonly deny: AddressSet;
		/** Address to the names that share it. */
		readonly shared: ReadonlyMap<string, readonly string[]>;
	} | null;
}

/** Up to this many targets are written down at the start; of a larger scan they are fed while it runs. */
export const storedAtOnce = 1 << 16;

/** `large`: the addresses are fed while it runs. */
export async function storedReach(scan: Scan, stored: StoredTargets): Promise<{ allowed: AddressSet; large: boolean }> {
	const large = stored.reach == null ? await readAgain(scan, stored) : stored.reach.allow;
	if (large !== null) return { allowed: large, large: true };
	const targets = Array.from(stored.targets, ({ address }) => [address, address] as const);
	return { allowed: AddressSet.fromText(targets), large: false };
}

/** A scan's own exclusions. Throws `invalid` only for a scan that has not kept what they stood for. */
export async function storedExclusions(scan: Scan, stored: StoredTargets, sources: TargetSources): Promise<AddressSet> {
	if (scan.exclusions.length === 0) return AddressSet.empty;
	const { reach } = stored;
	if (reach == null) return parseExclusions(scan.exclusions, sources);
	const now = await Promise.all(
		scan.exclusions.map((one) => parseExclusions([one], sources).catch(() => AddressSet.empty)),
	);
	return now.reduce((all, one) => all.union(one), reach.deny);
}

/** All addresses of a scan whose targets are fed while it runs; null when they were all written down at its start. */
async function readAgain(scan: Scan, stored: StoredTargets): Promise<AddressSet | null> {
	const named = new Map<string, string[]>();
	const resolve = async (name: string) => {
		if (named.size === 0)
			for (const { address, hostname } of stored.targets)
				if (hostname !== null) named.set(hostname, [...(named.get(hostname) ?? []), address]);
		return named.get(name) ?? [];
	};
	if (!scan.targets.some((text) => /[/-]/.test(text))) return null;
	const { addresses } = await parseTargets(scan.targets, { resolve });
	return addresses.size > storedAtOnce ? addresses : null;
}
