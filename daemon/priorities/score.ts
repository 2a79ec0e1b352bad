/** The score itself, pure: facts and weights in, points by factor out. What the store sorts by is the same sum. */
import type { FindingType } from "../../protocol/model/finding.ts";
import {
	type PriorityFactor,
	type PriorityPart,
	type PriorityWeights,
	potentialShare,
	priorityFactors,
} from "../../protocol/model/priority.ts";

export interface PriorityFacts {
	readonly severity: number;
	readonly type: FindingType;
	readonly cvss: number | null;
	readonly epss: number | null;
	readonly kev: boolean;
	readonly asset: AssetFacts;
}

export interface AssetFacts {
	/** Why it counts as reachable from the Internet; null: it does not. */
	readonly exposedBy: string | null;
	/** 1 to 5; 2 for what no tag rates. */
	readonly criticality: number;
	readonly impact: "none" | "low" | "medium" | "high" | "critical";
}

const impactShares = { none: 0, low: 0.25, medium: 0.5, high: 0.75, critical: 1 } as const;

/** What is at stake on an asset, in tenths of a point: 0 to 1,000 times the share that its factors have of all weights. */
export function stakesOf(facts: AssetFacts, weights: PriorityWeights): number {
	const shares = assetShares(facts);
	const sum = (["exposure", "criticality", "impact"] as const).reduce(
		(total, factor) => total + weights[factor] * shares[factor].share,
		0,
	);
	return Math.round((1_000 * sum) / totalOf(weights));
}

/** Each factor with its points; they add up to the priority, but for rounding. */
export function partsOf(facts: PriorityFacts, weights: PriorityWeights): PriorityPart[] {
	const shares: Record<PriorityFactor, Share> = { ...findingShares(facts), ...assetShares(facts.asset) };
	const ofAsset: readonly PriorityFactor[] = ["exposure", "criticality", "impact"];
	return priorityFactors.map((factor) => {
		const { share, text } = shares[factor];
		const isHalved = facts.type === "potential" && !ofAsset.includes(factor);
		const most = (100 * weights[factor]) / totalOf(weights);
		const points = most * share * (isHalved ? potentialShare : 1);
		return {
			...{ factor, weight: weights[factor], share, most: tenth(most), points: tenth(points) },
			text: isHalved && points > 0 ? `${text}; × ${potentialShare}, as it is potential` : text,
		};
	});
}

interface Share {
	/** 0 to 1. */
	readonly share: number;
	readonly text: string;
}

function findingShares({ severity, cvss, epss, kev }: PriorityFacts) {
	return {
		severity: { share: severity / 5, text: `severity ${severity} of 5` },
		cvss:
			cvss === null
				? { share: (severity * 2) / 10, text: `no CVSS score; taken from the severity, ${severity * 2} of 10` }
				: { share: cvss / 10, text: `CVSS base score ${cvss.toFixed(1)} of 10` },
		epss:
			epss === null
				? { share: 0, text: "no EPSS score is known" }
				: { share: epss, text: `EPSS: ${(epss * 100).toFixed(1)} % within 30 days` },
		kev: {
			share: Number(kev),
			text: kev ? "known to be exploited (CISA KEV)" : "not on CISA's list of what is exploited",
		},
	} satisfies Partial<Record<PriorityFactor, Share>>;
}

function assetShares({ exposedBy, criticality, impact }: AssetFacts) {
	return {
		exposure: { share: Number(exposedBy !== null), text: exposedBy ?? "no public address, no tag Internet Facing" },
		criticality: { share: (criticality - 1) / 4, text: `criticality ${criticality} of 5, the highest of its tags` },
		impact: { share: impactShares[impact], text: `business impact ${impact}, the highest of its groups` },
	} satisfies Partial<Record<PriorityFactor, Share>>;
}

function totalOf(weights: PriorityWeights): number {
	return Math.max(
		1,
		priorityFactors.reduce((sum, factor) => sum + weights[factor], 0),
	);
}

function tenth(points: number): number {
	return Math.round(points * 10) / 10;
}
