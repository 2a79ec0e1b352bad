/** What an update is not in force for yet: the kernel, or services that still run old code. */
import { z } from "zod";

export const restart = z.object({
	rebootRequired: z.boolean().nullable().describe("null: nobody says"),
	reasons: z.array(z.string()).describe("packages that ask for a reboot"),
	services: z.array(z.string()).nullable().describe("running with files that are gone; null: could not be told"),
});
