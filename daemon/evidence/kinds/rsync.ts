/** An rsync daemon's greeting and module list. */
import { z } from "zod";
import { named } from "./named.ts";

export const rsync = z.object({
	...named,
	protocol: z.string(),
	motd: z.string(),
	modules: z.array(
		z.object({
			name: z.string(),
			comment: z.string(),
			authenticationRequired: z.boolean().nullable().describe("null when the module was not tried"),
		}),
	),
});
