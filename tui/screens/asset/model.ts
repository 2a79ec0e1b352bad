/** The tabs of an asset, and the query that finds its findings. */
import type { Asset } from "../../../protocol/model/asset.ts";

export const tabs = ["Overview", "Ports", "Findings", "Evidence"] as const;
export type Tab = (typeof tabs)[number];

export function nextTab(tab: Tab, step: number): Tab {
	return tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length] ?? tab;
}

/** The whole name, in backticks: a name may hold anything a host chose to call itself. */
export function findingsFilter(asset: Pick<Asset, "name">): string {
	return `asset:\`${asset.name.replaceAll("`", "")}\``;
}
