/** Containers of a host, by what runs them; and whether it is a Kubernetes node. */
import { z } from "zod";

export const containers = z.object({
	/** `listed` is false where a runtime is there that did not tell its containers (it needs root). */
	runtimes: z.array(z.object({ name: z.string(), version: z.string().nullable(), listed: z.boolean() })),
	containers: z.array(
		z.object({
			runtime: z.string(),
			id: z.string(),
			name: z.string(),
			image: z.string(),
			running: z.boolean(),
			ports: z.array(
				z.object({ address: z.string().describe("`*` for all"), port: z.int(), protocol: z.string(), inside: z.int() }),
			),
		}),
	),
	kubernetes: z.object({ version: z.string().nullable() }).nullable().describe("the kubelet of this node"),
});
