/** What `doctor` finds out about a machine and a home: one list of checks, each with its cure. */
import { z } from "zod";
import { timestamp } from "./timestamp.ts";

/** `warning`: it works, but not as well as it could. `failed`: something does not work. */
export const checkStates = ["ok", "warning", "failed"] as const;
export type CheckState = (typeof checkStates)[number];

export const doctorCheck = z.object({
	/** Stays the same between releases, for scripts. */
	id: z.string(),
	title: z.string(),
	state: z.enum(checkStates),
	found: z.string().describe("what was found, a sentence"),
	cure: z.array(z.string()).describe("what to do, a line each, commands as they are typed; empty when nothing is"),
});
export type DoctorCheck = z.infer<typeof doctorCheck>;

export const doctorReport = z.object({
	checkedAt: timestamp,
	checks: z.array(doctorCheck),
});
export type DoctorReport = z.infer<typeof doctorReport>;
