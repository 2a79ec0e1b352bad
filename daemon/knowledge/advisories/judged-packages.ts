/** From everything installed on a host, what its vendor's advisories speak of; and why the rest is left out. Pure. */
import type { DataOf } from "../../evidence/record.ts";
import { type Distribution, distributionOf } from "./distribution.ts";
import { packageName } from "./feeds/csaf.ts";
import { kernelSource, runningKernel } from "./kernel.ts";
import type { InstalledPackage } from "./match.ts";
import { foreignOrigin } from "./origin.ts";

export interface LeftOut {
	readonly name: string;
	readonly version: string;
	readonly source: string | null;
	/** `no vendor data: …`, `installed, not running`. */
	readonly reason: string;
}

export interface JudgedPackages extends Distribution {
	readonly packages: readonly InstalledPackage[];
	/** The packages again, under what else the vendor calls them: their sources, and the modules they are of. */
	readonly aliases: readonly InstalledPackage[];
	readonly leftOut: readonly LeftOut[];
	/** Something installed came with the subscription: it is attached. */
	readonly subscribed: boolean;
}

export function judgedPackages(system: DataOf<"system"> | null, data: DataOf<"packages">): JudgedPackages {
	const os = system?.os ?? null;
	const distribution = distributionOf(os, system?.repositories ?? null);
	const { manager } = data;
	const kernel = system?.kernel == null ? null : runningKernel(system.kernel, manager);
	const packages: InstalledPackage[] = [];
	const aliases: InstalledPackage[] = [];
	const bySuse = distribution.ecosystems.some((name) => /^(open)?SUSE:/.test(name));
	const byRedHat = distribution.ecosystems.some((name) => name.startsWith("Red Hat:"));
	const leftOut: LeftOut[] = [];
	let subscribed = false;
	for (const one of data.packages) {
		const { name, version, source } = one;
		const origin = foreignOrigin(one, manager, os?.id ?? "");
		if (origin !== null) {
			leftOut.push({ name, version, source, reason: `no vendor data: it is of ${origin}` });
			continue;
		}
		subscribed ||= version.includes("esm");
		const fromKernel = kernelSource(one, manager);
		const isIdle = fromKernel !== null && kernel?.runs(one) !== true;
		if (byRedHat && !isIdle) aliases.push(...aliasesOf(one));
		if (fromKernel !== null) {
			if (isIdle) {
				const reason = kernel === null ? "it is not known which kernel runs" : "installed, not running";
				leftOut.push({ name, version, source, reason });
			} else {
				const booted = kernel?.version ?? version;
				packages.push({ name, version, source: distribution.bySource ? fromKernel : null, sourceVersion: booted });
			}
			continue;
		}
		// SUSE's own documents speak of what is installed, OSV's of sources.
		if (bySuse && source !== name) aliases.push({ name, version, source: name, sourceVersion: version });
		if (distribution.bySource) packages.push({ name, version, source, sourceVersion: one.sourceVersion });
		else packages.push({ name, version, source: null, sourceVersion: null });
	}
	return { ...distribution, packages, aliases, leftOut, subscribed };
}

/** As Red Hat's documents name them (feeds/csaf.ts): `curl.src`, `ruby:2.5/ruby`, `ruby:2.5/ruby.src`. */
function aliasesOf({ name, version, source, module }: DataOf<"packages">["packages"][number]): InstalledPackage[] {
	const within = (text: string) => packageName({ name: text, module, isSource: false });
	const names = source === null ? [] : [packageName({ name: source, module, isSource: true })];
	if (module !== null) names.push(within(name));
	return names.map((alias) => ({ name, version, source: alias, sourceVersion: version }));
}
