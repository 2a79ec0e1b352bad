/** Identity: networks, what machines are recognised by, and why what was seen is this asset. */
import { z } from "zod";
import { timestamp } from "./timestamp.ts";

/**
 * What decided, strongest first; `merged`: the address came with a merge, which holds though it contradicts; `new`: nothing
 * did, and an asset was made.
 */
export const resolutionRules = [
	...(["agent-id", "host-id", "cloud-instance", "hardware", "machine-id", "ssh-host-key", "dmi-uuid"] as const),
	...(["tracked-name", "place", "adapter-and-name", "address", "merged", "new"] as const),
] as const;
export type ResolutionRule = (typeof resolutionRules)[number];

const value = z.object({ kind: z.string(), value: z.string() });

export const resolution = z.object({
	address: z.string(),
	network: z.string(),
	at: timestamp.describe("since when this is the reason"),
	scan: z.int().positive().nullable(),
	rule: z.enum(resolutionRules),
	because: z.string().describe("the same, a sentence"),
	agreed: z.array(value).describe("what the asset and the sighting had in common"),
	passed: z
		.array(
			z.object({ asset: z.int().positive(), agreed: z.array(value), apart: z.array(z.string()), because: z.string() }),
		)
		.describe("assets with something in common that it is not, and what sets them apart"),
});
export type ResolutionView = z.infer<typeof resolution>;

export const network = z.object({
	id: z.int().positive(),
	name: z.string(),
	comment: z.string(),
	assets: z.int().nonnegative(),
	createdAt: timestamp,
	createdBy: z.string(),
});
export type Network = z.infer<typeof network>;

export const poisonedIdentifier = z.object({
	kind: z.string(),
	value: z.string(),
	at: timestamp,
	why: z.string(),
	assets: z.array(z.object({ id: z.int().positive(), name: z.string() })),
});
export type PoisonedIdentifier = z.infer<typeof poisonedIdentifier>;

/** What becomes of one asset when what it is tracked by is changed. */
export const trackingChange = z.object({
	asset: z.object({ id: z.int().positive(), name: z.string() }),
	outcome: z
		.enum(["changes", "already", "refused", "purged"])
		.describe("purged: another of these was seen later at its only address, which is that one's alone now"),
	from: z.string(),
	by: z.string().nullable().describe("the name or address it is tracked by afterwards"),
	why: z.string().nullable().describe("why it is refused"),
	loses: z.string().nullable().describe("what is lost or left behind by it; null: nothing"),
	purges: z
		.array(
			z.object({
				id: z.int().positive(),
				name: z.string(),
				findings: z.int().nonnegative().describe("open ones"),
				lastSeen: timestamp,
			}),
		)
		.describe("older records of its address, which would be left without any: they are purged"),
});
export type TrackingChange = z.infer<typeof trackingChange>;

/** An asset without an address: others answer where it was seen, or nobody does. */
export const strandedAsset = z.object({
	addresses: z
		.array(
			z.object({
				address: z.string(),
				network: z.string(),
				lastSeen: timestamp.describe("of it, there"),
				taken: z
					.object({
						id: z.int().positive(),
						name: z.string(),
						since: timestamp.nullable().describe("null: that was not kept"),
						because: z.string().nullable().describe("why what answers there is that asset, a sentence; null: not kept"),
						apart: z
							.string()
							.nullable()
							.describe("what the two have in common and what sets them apart; null: not kept"),
					})
					.nullable()
					.describe("the asset that has the address now; null: nobody"),
			}),
		)
		.describe("where it was seen, the last one first; at most 8"),
	foundAgainBy: z
		.array(z.string())
		.describe("what it would be recognised by wherever it answers, strongest first; empty: by nothing"),
});
export type StrandedAsset = z.infer<typeof strandedAsset>;
