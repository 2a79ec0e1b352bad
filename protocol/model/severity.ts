/** How bad a finding is, and how many there are of each. */
import { z } from "zod";

/** 1 minimal, 2 medium, 3 serious, 4 critical, 5 urgent. */
export const severity = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)]);
export type Severity = z.infer<typeof severity>;

export const severityNames = { 1: "minimal", 2: "medium", 3: "serious", 4: "critical", 5: "urgent" } as const;

/** Open findings (confirmed and potential) by severity. */
export const severityCounts = z.object({
	"1": z.int().nonnegative(),
	"2": z.int().nonnegative(),
	"3": z.int().nonnegative(),
	"4": z.int().nonnegative(),
	"5": z.int().nonnegative(),
});
export type SeverityCounts = z.infer<typeof severityCounts>;
