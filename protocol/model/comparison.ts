/** What came, what went and what stayed between two moments: two dates, or the ends of two scans. */
import { z } from "zod";
import { severityCounts } from "./severity.ts";
import { timestamp } from "./timestamp.ts";

export const moment = z.discriminatedUnion("kind", [
	z.object({ kind: z.literal("date"), at: timestamp }),
	z.object({ kind: z.literal("scan"), scan: z.int().positive() }).describe("as it stood when the scan had ended"),
]);
export type Moment = z.infer<typeof moment>;

export const comparedShows = ["appeared", "gone", "stayed"] as const;
export type ComparedShow = (typeof comparedShows)[number];

export const findingsCompared = z.object({
	from: z.object({ at: timestamp, scan: z.int().nullable() }),
	to: z.object({ at: timestamp, scan: z.int().nullable() }),
	hosts: z
		.object({
			both: z.int().nonnegative().describe("hosts that both scans looked at: only they are compared"),
			onlyFrom: z.int().nonnegative(),
			onlyTo: z.int().nonnegative(),
		})
		.nullable()
		.describe("of two scans; null for two dates"),
	appeared: severityCounts.describe("not open then, open now"),
	gone: severityCounts.describe("open then, not open now"),
	stayed: severityCounts.describe("open at both"),
});
export type FindingsCompared = z.infer<typeof findingsCompared>;
