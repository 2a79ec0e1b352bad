/**
 * Which of a host's packages must be upgraded, and to what, so that advisories hold no more: as few as that takes. What comes out
 * is judged again, until nothing of it is left. Pure.
 */
import type { DataOf } from "../evidence/record.ts";
import { orderOf } from "../knowledge/advisories/ecosystem.ts";
import type { AdvisoryVerdict, HostVerdicts } from "../knowledge/advisories/host-verdicts.ts";
import { kernelSource } from "../knowledge/advisories/kernel.ts";
import { compareVersions } from "../knowledge/versions/version-order.ts";

type System = DataOf<"system"> | null;
type Packages = DataOf<"packages">;
type Package = Packages["packages"][number];

/** An installed package that must become newer. */
export interface Upgrade {
	readonly package: string;
	/** As it is installed. */
	readonly from: string;
	/** The package it was made from, of which `to` is a version. */
	readonly source: string;
	/** The first version of the source that is enough. */
	readonly to: string;
	/** Its own version is that of the source, so that `to` is one of its own too. */
	readonly isOwnVersion: boolean;
	/** What is booted: it is in force after a reboot. */
	readonly isKernel: boolean;
	/** Names of the advisories it is for. */
	readonly advisories: readonly string[];
}

export interface UpgradePlan {
	readonly upgrades: readonly Upgrade[];
	/** Advisories that hold no more afterwards (of a kernel's: after a reboot). */
	readonly closes: ReadonlySet<string>;
	/** Those of which something stays, with the reason; by name. */
	readonly stays: ReadonlyMap<string, string>;
	/** Why nothing can be told of the packages; null when it can. */
	readonly problem: string | null;
}

/** An upgrade may bring a package to where another build is the one that counts (Red Hat's minor releases); that ends soon. */
const mostRounds = 10;

/** `wanted` are names of advisories; `judge` is the book's. */
export function planUpgrades(
	system: System,
	installed: Packages,
	wanted: ReadonlySet<string>,
	judge: (system: System, packages: Packages) => HostVerdicts,
): UpgradePlan {
	const chosen = new Map<string, Upgrade>();
	const closes = new Set<string>();
	const stays = new Map<string, string>();
	let packages = installed;
	for (let round = 0; round < mostRounds; round++) {
		const { verdicts, problem } = judge(system, packages);
		if (problem !== null) return { upgrades: [], closes: new Set(), stays: new Map(), problem };
		const before = chosen.size === 0 ? "" : stateOf(chosen);
		for (const name of wanted) {
			const verdict = verdicts.get(name);
			if (verdict === undefined) continue;
			closes.add(name);
			const reason = reasonAgainst(verdict);
			if (reason !== null) stays.set(name, reason);
			take(chosen, verdict, installed);
		}
		if (stateOf(chosen) === before) break;
		packages = { ...installed, packages: upgraded(installed.packages, chosen) };
	}
	for (const name of stays.keys()) closes.delete(name);
	const upgrades = [...chosen.values()].sort((a, b) => (a.package < b.package ? -1 : 1));
	return { upgrades, closes, stays, problem: null };
}

/** The packages as they would be. */
export function upgraded(packages: readonly Package[], upgrades: ReadonlyMap<string, Upgrade>): Package[] {
	return packages.map((one) => {
		const upgrade = upgrades.get(keyOf(one));
		if (upgrade === undefined) return one;
		const version = upgrade.isOwnVersion ? upgrade.to : one.version;
		return { ...one, version, sourceVersion: one.sourceVersion === null && upgrade.isOwnVersion ? null : upgrade.to };
	});
}

/** By name and version: two versions of one package may be installed beside each other. */
export function keyOf({ name, version }: Pick<Package, "name" | "version">): string {
	return `${name} ${version}`;
}

/** Something of it no update mends. */
function reasonAgainst({ packages }: AdvisoryVerdict): string | null {
	const open = packages.find(({ fix }) => fix !== "available");
	if (open === undefined) return null;
	const { fix, fixed, package: name } = open;
	if (fix === "subscription") return `the fix of ${name} (${fixed}) is for subscribers of Ubuntu Pro only`;
	if (fix === "postponed") return `the vendor has put the fix of ${name} off`;
	if (fix === "will-not-fix") return `the vendor will not fix ${name}`;
	if (fix === "under-investigation") return `the vendor does not know yet whether ${name} is affected`;
	return `there is no fix of ${name} yet`;
}

function take(chosen: Map<string, Upgrade>, { advisory, packages }: AdvisoryVerdict, installed: Packages): void {
	for (const { fix, fixed, package: told, ecosystem, binaries } of packages) {
		if (fix !== "available" || fixed === null) continue;
		for (const judged of installed.packages.filter(({ name }) => binaries.includes(name))) {
			const isKernel = kernelSource(judged, installed.manager) !== null;
			const one = isKernel ? bringerOf(judged, installed) : judged;
			const known = chosen.get(keyOf(one));
			chosen.set(keyOf(one), {
				...{ package: one.name, from: one.version, source: told.replace(/\.src$/, "").replace(/^.*\//, "") },
				to: known === undefined ? fixed : later(ecosystem, known.to, fixed),
				isOwnVersion: (one.sourceVersion ?? one.version) === one.version,
				isKernel,
				advisories: [...new Set([...(known?.advisories ?? []), advisory.name])],
			});
		}
	}
}

/** A kernel of Debian's is not upgraded but followed by another package, which its metapackage brings where there is one. */
function bringerOf(kernel: Package, { packages }: Packages): Package {
	const flavour = /^linux-image-(?:unsigned-)?[0-9][^a-z]*-(.+)$/.exec(kernel.name)?.[1];
	return packages.find(({ name }) => flavour !== undefined && name === `linux-image-${flavour}`) ?? kernel;
}

function later(ecosystem: string, a: string, b: string): string {
	const order = orderOf(ecosystem);
	return order !== null && compareVersions(order, a, b) === -1 ? b : a;
}

function stateOf(chosen: ReadonlyMap<string, Upgrade>): string {
	return [...chosen].map(([key, { to }]) => `${key} ${to}`).join("\n");
}
