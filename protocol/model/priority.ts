/** Priority: one score of what should be mended first, made of factors whose weights can be changed, and explained. */
import { z } from "zod";

/** The first four are of the signature, the others of the asset. */
export const priorityFactors = ["severity", "cvss", "epss", "kev", "exposure", "criticality", "impact"] as const;
export type PriorityFactor = (typeof priorityFactors)[number];

/** 0: does not count. Only what they are to each other matters: the highest score is always 100. */
export const priorityWeights = z.object(
	Object.fromEntries(priorityFactors.map((factor) => [factor, z.int().min(0).max(100)])) as Record<
		PriorityFactor,
		z.ZodInt
	>,
);
export type PriorityWeights = z.infer<typeof priorityWeights>;

export const defaultWeights: PriorityWeights = {
	severity: 20,
	cvss: 15,
	epss: 20,
	kev: 20,
	exposure: 10,
	criticality: 10,
	impact: 5,
};

/** What only might be there counts so much of what is known of it. */
export const potentialShare = 0.7;

export const priority = z.number().min(0).max(100).describe("what to mend first, 0 to 100; why: priorities.explain");

export const priorityPart = z.object({
	factor: z.enum(priorityFactors),
	weight: z.int().min(0),
	share: z.number().min(0).max(1).describe("how much of the factor holds"),
	points: z.number().min(0).max(100),
	most: z.number().min(0).max(100).describe("points it could give at most"),
	text: z.string().describe("what it was made of"),
});
export type PriorityPart = z.infer<typeof priorityPart>;
