/**
 * When a scan may run. Times are those of the clock on the wall in its time zone: on a day on which that clock is put
 * forward an hour is missing, on one on which it is put back an hour counts twice.
 */
import { z } from "zod";

const weekly = z.string().max(500);
const zone = z.string().max(100).describe("IANA name, such as Europe/Berlin; empty: the machine's");
/** 119 hours and 59 minutes, and nine days and 23 hours: the most such platforms take. */
const pauseAfter = z.int().min(1).max(7_199).nullable();
const resumeIn = z.int().min(1).max(14_340).nullable();

export const scanWindow = z.strictObject({
	during: weekly.describe("it runs only then, e.g. Mon-Fri 20:00-06:00, Sat-Sun 00:00-24:00; empty: always"),
	notDuring: weekly.describe("it does not run then, whatever `during` says; empty for none"),
	timeZone: zone,
	pauseAfterMinutes: pauseAfter.describe("it pauses so long after its start, once; null: it does not"),
	resumeInMinutes: resumeIn.describe("and goes on so long after its start; null: when somebody resumes it"),
});
export type ScanWindow = z.infer<typeof scanWindow>;

/** At any time. */
export const noWindow: ScanWindow = {
	...{ during: "", notDuring: "", timeZone: "", pauseAfterMinutes: null, resumeInMinutes: null },
};

/** What a profile says, and what a request may say instead: any of it. */
export const scanWindowRequest = z.strictObject({
	during: weekly.default(""),
	notDuring: weekly.default(""),
	timeZone: zone.default(""),
	pauseAfterMinutes: pauseAfter.default(null),
	resumeInMinutes: resumeIn.default(null),
});
