/** What Nessus reported, taken in from its file: at port 0 what is about the host, else about one port. */
import { z } from "zod";

export const nessus = z.object({
	reports: z
		.array(
			z.object({
				plugin: z.int().positive(),
				name: z.string(),
				severity: z.int().min(0).max(4).describe("0 information, 4 critical, as Nessus counts"),
				output: z.string().describe("raw, cut at 16,384 characters"),
				byVersion: z.boolean().describe("by a version that the service told, and not tested"),
				credentialed: z.boolean().describe("the scan had logged in to the host"),
				portRange: z.string().nullable().describe("as the scan was told: default, all, 1-1024, …"),
				seenAt: z.number().describe("when that scan of the host ended, milliseconds since the epoch"),
				under: z
					.string()
					.optional()
					.describe("of a scan that met the host under several names: the one by which it was reported"),
			}),
		)
		.describe("what a later file did not ask again is kept from the one before"),
	host: z
		.object({
			scanner: z.string().nullable().describe("Nessus and its version"),
			feed: z.string().nullable().describe("version of the plugins"),
			policy: z.string().nullable(),
			credentialed: z.boolean(),
			portRange: z.string().nullable(),
			netbios: z.string().nullable(),
			macs: z.array(z.string()),
			biosUuid: z.string().nullable(),
			tags: z.array(z.object({ name: z.string(), value: z.string() })).describe("HostProperties, as they stand there"),
		})
		.nullable()
		.describe("null of a port"),
});
