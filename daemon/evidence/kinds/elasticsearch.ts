/** An Elasticsearch or OpenSearch node's answer to GET /. */
import { z } from "zod";
import { named, wrapped } from "./named.ts";

export const elasticsearch = z.object({
	...named,
	...wrapped,
	clusterName: z.string().nullable(),
	nodeName: z.string().nullable(),
	authenticationRequired: z.boolean(),
	indices: z.int().nullable().describe("number readable without a login; null when none could be listed"),
});
