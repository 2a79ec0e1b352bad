/**
 * What a map asked, what answered, what stayed silent or was left out, and why. Its figures add up: each address of the
 * netblock is in one place.
 */
import { z } from "zod";
import { excludedBy, networkCoverage } from "./scan-coverage.ts";
import { timestamp } from "./timestamp.ts";

const count = z.int().nonnegative();

/** Addresses: named = excluded + answered + ghosts + silent + notReached. */
export const mapAddressCoverage = z.object({
	named: count.describe("addresses of the netblock"),
	excluded: count,
	answered: count.describe("answered a probe"),
	ghosts: count.describe("answered by something that answers for every address: no hosts"),
	silent: count.describe("asked in every way there is, and no answer"),
	notReached: count.describe("not asked yet, or without a way there"),
	withoutRoute: count.optional().describe("of those not reached: this machine has no route to them; missing: none"),
});

export const mapProbeCoverage = z.object({
	probe: z.string().describe("e.g. TCP connection attempts to 13 ports"),
	asked: count.describe("addresses it was tried on; of ARP and neighbour discovery those on the local link answer"),
	answered: count,
});

export const mapCoverage = z.object({
	map: z.int().positive(),
	at: timestamp.describe("when it stood so"),
	addresses: mapAddressCoverage,
	notReachedBecause: z.enum(["stopped", "not-over", "no-route"]).nullable().describe("null when all were reached"),
	excludedBy,
	probes: z.array(mapProbeCoverage).describe("every one is tried on every address"),
	unavailable: z.array(z.object({ method: z.string(), why: z.string() })).describe("what could not be sent here"),
	names: z
		.object({
			asked: count.describe("questions to the name server"),
			found: count.describe("addresses with a name, of the netblock and elsewhere"),
			refused: count.describe("questions it would not answer"),
			silent: z.boolean().describe("it was given up after it kept silent"),
		})
		.nullable()
		.describe("null: no DNS traffic"),
	routes: z
		.object({ traced: count, reached: count.describe("of those traced: the host answered at the end") })
		.describe("hosts the way to which was looked for"),
	packets: z
		.object({ sent: count, tcp: count, datagrams: count, canaries: count, trace: count })
		.describe("canaries: to tell hosts from ghosts; questions to the name server are not counted"),
	networks: z.array(networkCoverage).describe("most packets first, the first 64; empty when the engine cannot tell"),
	engines: z.array(z.object({ name: z.string(), reason: z.string() })),
});
export type MapCoverage = z.infer<typeof mapCoverage>;
