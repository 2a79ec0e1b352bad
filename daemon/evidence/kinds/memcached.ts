/** A memcached server's answer to version and stats. */
import { z } from "zod";
import { named } from "./named.ts";

export const memcached = z.object({
	...named,
	statsReadable: z.boolean().describe("stats answered without a login"),
	items: z.int().nullable().describe("curr_items"),
});
