/** The tabs of an asset, and the queries that find its findings. */
import type { Asset, Service } from "../../../protocol/model/asset.ts";
import type { Finding } from "../../../protocol/model/finding.ts";
import type { SeverityCounts } from "../../../protocol/model/severity.ts";

export const tabs = ["Overview", "Ports", "Findings", "Identity", "Evidence"] as const;
export type Tab = (typeof tabs)[number];

export function nextTab(tab: Tab, step: number): Tab {
	return tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length] ?? tab;
}

/** By number: several assets may have one name. */
export function findingsFilter({ id }: Pick<Asset, "id">): string {
	return `assetId:${id}`;
}

/** Open findings on one port, by severity. */
export function countsOnPort(findings: readonly Finding[], service: Service): SeverityCounts {
	const counts = { "1": 0, "2": 0, "3": 0, "4": 0, "5": 0 };
	for (const { address, port, protocol, severity, status, type } of findings) {
		if (address !== service.address || port !== service.port || protocol !== service.protocol) continue;
		if (status !== "FIXED" && type !== "information") counts[severity]++;
	}
	return counts;
}
