/**
 * A ghost: addresses that answer and are no hosts, because a firewall, proxy, tarpit, load balancer or decoy answers for
 * them. Never in the inventory; kept with the scan or map that saw it, with its evidence.
 */
import { z } from "zod";
import { timestamp } from "./timestamp.ts";

/**
 * - `accepts-any-port`: ports nobody has a reason to listen on are accepted too.
 * - `says-nothing`: the same ports, and only those, are open on nearly every address; all else is dropped and no byte comes.
 * - `gateway-error`: the same ports, and only those, on nearly every address, and a proxy's error from each.
 * - `refuses-any-port`: nearly every address refuses connections, and nothing is open on them.
 * - `nothing-open`: nearly every address answers discovery, drops everything else, and nothing is open on them.
 * - `told`: a user said so.
 */
export const ghostKinds = [
	"accepts-any-port",
	"says-nothing",
	"gateway-error",
	"refuses-any-port",
	"nothing-open",
	"told",
] as const;
export const ghostKind = z.enum(ghostKinds);
export type GhostKind = z.infer<typeof ghostKind>;

export const ghostConfidences = ["certain", "likely"] as const;

export const ghost = z.object({
	id: z.int().positive(),
	scan: z.int().positive().nullable().describe("the scan that saw it; null when a map did"),
	map: z.int().positive().nullable().describe("the map that saw it; null when a scan did"),
	kind: ghostKind,
	confidence: z.enum(ghostConfidences).describe("`likely` rests on how alike and how quiet the addresses are"),
	ranges: z.array(z.string()).describe("its addresses, as `192.0.2.7` or `192.0.2.1-192.0.2.254`"),
	addresses: z.int().positive(),
	asked: z.int().positive().describe("addresses of its networks that were asked whether somebody is there"),
	ports: z.array(z.int()).describe("open on every address, of those asked; empty for any port, and for none"),
	canaries: z.object({
		asked: z.int().nonnegative(),
		accepted: z.int().nonnegative(),
		refused: z.int().nonnegative(),
	}),
	listenedTo: z.int().nonnegative().describe("open ports that were connected to and listened on for a word"),
	spoke: z
		.array(
			z.object({
				address: z.string(),
				port: z.int(),
				protocol: z.string().nullable().describe("null: not recognised"),
				canary: z.boolean().describe("a port nobody has a reason to listen on: what speaks there makes things up"),
			}),
		)
		.describe("ports that said something; the first 32. A real host may stand behind those"),
	rttMs: z.object({ least: z.number().nonnegative(), most: z.number().nonnegative() }).nullable(),
	evidence: z.array(z.string()).describe("why it is taken for a ghost, in sentences"),
	firstSeenAt: timestamp,
	lastSeenAt: timestamp,
	rule: z.enum(["real", "ghost"]).nullable().describe("what a user has said about all of its addresses since"),
});
export type Ghost = z.infer<typeof ghost>;

/** What a user has said about addresses; holds for every scan and map from then on. */
export const ghostRule = z.object({
	id: z.int().positive(),
	target: z.string().describe("as it was written: address, CIDR or range"),
	ranges: z.array(z.tuple([z.string(), z.string()])).describe("first and last address"),
	says: z.enum(["real", "ghost"]),
	comment: z.string().nullable(),
	addedAt: timestamp,
	addedBy: z.string(),
});
export type GhostRule = z.infer<typeof ghostRule>;
