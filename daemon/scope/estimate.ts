/** How much a scan would send and how long that takes, worked out before a packet leaves. */
import type { ScanEstimate } from "../../protocol/model/scan.ts";
import type { Scope } from "./scope.ts";
import { privateAddresses } from "./special.ts";

/** More addresses or more time than this needs `confirm` (`scans.start`). */
export const confirmAddresses = 65_536;
export const confirmSeconds = 3_600;

/** Seconds are at the given rate with every address alive; silent hosts are found dead earlier, lossy ones take longer. */
export function estimate(plan: {
	scope: Scope;
	/** Ports asked of each address. */
	ports: number;
	/** Probes a second the profile allows. */
	ratePerSecond: number;
	/** Warnings from reading the targets. */
	warnings?: readonly string[];
}): ScanEstimate {
	const addresses = plan.scope.addresses.size;
	const probes = addresses * plan.ports;
	const seconds = probes / Math.max(1, plan.ratePerSecond);
	const warnings = [...(plan.warnings ?? [])];
	if (addresses === 0 && plan.scope.excluded > 0) warnings.push("Every target is excluded: there is nothing to scan.");
	const publicAddresses = plan.scope.addresses.subtract(privateAddresses).size;
	if (publicAddresses > 0) {
		const which =
			addresses === 1
				? "The address is"
				: `${count(publicAddresses)} of the addresses ${publicAddresses === 1 ? "is" : "are"}`;
		warnings.push(`${which} public: scan only what you are allowed to.`);
	}
	return {
		addresses,
		excluded: plan.scope.excluded,
		ports: plan.ports,
		probes,
		seconds,
		needsConfirmation: addresses > confirmAddresses || seconds > confirmSeconds,
		warnings,
	};
}

function count(value: number): string {
	return value.toLocaleString("en-US");
}
