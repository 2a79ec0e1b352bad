/**
 * Makes groups of links: the surest first, a chain only of strong links, weaker ones only where each asset is linked to each
 * other, and never over a pair that is known to be two machines. Pure.
 */
import type { DuplicateLink } from "../../protocol/model/duplicate.ts";
import { pairKey } from "../store/not-same.ts";
import { leastConfidence, strongConfidence } from "./score.ts";

export interface FoundGroup {
	/** Ascending; at least two. */
	readonly assets: readonly number[];
	/** Of the weakest link that was needed. */
	readonly confidence: number;
	/** Kinds of the evidence of the links that made it, strongest first. */
	readonly reasons: readonly string[];
}

/** Assets beyond this are not one machine, whatever they have in common. */
export const largestGroup = 64;

/**
 * The same groups in whatever order the links come. `apart` says of two assets, not only of linked ones, that they are known
 * to be two.
 */
export function groupLinks(links: readonly DuplicateLink[], apart: (a: number, b: number) => boolean): FoundGroup[] {
	const groups = new Map<number, Growing>();
	const sorted = links.filter(({ confidence, vetoed }) => !vetoed && confidence >= leastConfidence).sort(surestFirst);
	const linked = new Map(sorted.map((link) => [pairKey(link.a, link.b), link]));
	for (const link of sorted) {
		const [one, other] = [groups.get(link.a) ?? single(link.a), groups.get(link.b) ?? single(link.b)];
		if (one === other || one.assets.length + other.assets.length > largestGroup) continue;
		const across = one.assets.flatMap((a) => other.assets.map((b) => [a, b] as const));
		if (across.some(([a, b]) => apart(a, b))) continue;
		const joining = isStrong(link) ? [link] : across.map(([a, b]) => linked.get(pairKey(a, b)));
		if (!joining.every((found) => found !== undefined) || (!isStrong(link) && (one.isSure || other.isSure))) continue;
		const joined: Growing = {
			assets: [...one.assets, ...other.assets],
			links: [...one.links, ...other.links, ...joining],
			isSure: isStrong(link),
		};
		for (const asset of joined.assets) groups.set(asset, joined);
	}
	return [...new Set(groups.values())].map(finish).sort((a, b) => (a.assets[0] ?? 0) - (b.assets[0] ?? 0));
}

interface Growing {
	readonly assets: readonly number[];
	readonly links: readonly DuplicateLink[];
	/** Held together by strong links: what is less sure is not put to it. */
	readonly isSure: boolean;
}

/** Strong enough for a chain. */
export function isStrong({ confidence }: DuplicateLink): boolean {
	return confidence >= strongConfidence;
}

function single(asset: number): Growing {
	return { assets: [asset], links: [], isSure: false };
}

function finish({ assets, links }: Growing): FoundGroup {
	const weightOf = new Map<string, number>();
	for (const { kind, weight } of links.flatMap((link) => link.for)) {
		weightOf.set(kind, Math.max(weight, weightOf.get(kind) ?? 0));
	}
	return {
		assets: [...assets].sort((a, b) => a - b),
		confidence: Math.min(...links.map(({ confidence }) => confidence)),
		reasons: [...weightOf].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([kind]) => kind),
	};
}

function surestFirst(a: DuplicateLink, b: DuplicateLink): number {
	return b.confidence - a.confidence || a.a - b.a || a.b - b.b;
}
