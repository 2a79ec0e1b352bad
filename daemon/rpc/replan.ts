/** What may be sent has changed: whatever is at work goes on by what holds now. */
import type { AddressSet } from "../scope/address-set.ts";
import type { Services } from "./services.ts";

/** Of these addresses (all: null). Resolves with what was halted for it when nothing leaves by what held before. */
export async function replanRuns(
	{ manager, maps }: Pick<Services, "manager" | "maps">,
	addresses: AddressSet | null,
): Promise<{ scans: number[]; maps: number[] }> {
	const [scans, mapped] = await Promise.all([manager.replan(addresses), maps.replan(addresses)]);
	return { scans, maps: mapped };
}
