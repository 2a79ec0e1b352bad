/**
 * What a scan asked, what answered, what was silent, lost or left out, and why. Its figures add up: each address the
 * targets stand for is in one place, and so is each pair of address and port.
 */
import { z } from "zod";
import { timestamp } from "./timestamp.ts";

const count = z.int().nonnegative();

/** Addresses: named = excluded + silent + answered + notReached; answered is the sum of those below it. */
export const addressCoverage = z.object({
	named: count.describe("addresses the targets stand for"),
	excluded: count,
	silent: count.describe("asked whether somebody is there, and no answer"),
	answered: count,
	notReached: count.describe("not asked, or not for long enough to say that nobody is there"),
	withoutRoute: count.optional().describe("of those not reached: this machine has no route to them; missing: none"),
	finished: count.describe("of those that answered: all was asked"),
	cutByHostTime: count.describe("its own time was up; what was found is kept"),
	cutByScanTime: count.describe("the scan's time was up while it was asked; what was found is kept"),
	unfinished: count.describe("answered, and not or not wholly asked for its ports yet"),
	ghosts: count.describe("answered by something that answers for every address: no hosts"),
});

/** Pairs of address and port: pairs = asked + notAsked, asked = open + closed + filtered + unreachable. */
export const pairCoverage = z.object({
	pairs: count.describe("hosts that answered, and silent addresses that are asked all the same, × ports"),
	asked: count,
	open: count,
	closed: count.describe("refused"),
	filtered: count.describe("no answer to any try; over UDP that may be open too"),
	unreachable: count.describe("something on the way said so"),
	notAsked: count,
});
export type PairCoverage = z.infer<typeof pairCoverage>;

/** Open ports: open = talkedTo + leftAlone + failed + refused + notReached. */
export const surveyCoverage = z.object({
	open: count.describe("open ports over TCP, and over UDP those that answered"),
	talkedTo: count,
	leftAlone: count.describe("fragile: a connect and not one byte"),
	failed: count.describe("connected to, and not all that was asked was answered"),
	refused: count.describe("answered the first packet and refused the connection that was to follow"),
	notReached: count.describe("time was up, or the scan stopped, before their turn"),
});

/** Hosts by what came of logging in to them; hosts where nobody meant to are in none. */
export const loginCoverage = z.object({
	passed: count,
	insufficient: count.describe("let in, and did not become who it should"),
	failed: count,
	locked: count.describe("the account may not log in, or must change its password first"),
	notAttempted: count.describe("no credential is for the host"),
});

export const networkCoverage = z.object({
	network: z.string().describe("192.0.2.0/24 or 2001:db8::/64"),
	sent: count,
	answers: count,
	lost: count.describe("packets to hosts that do answer, without an answer in time"),
	rttMs: z.number().nonnegative().nullable(),
});

export const excludedBy = z
	.array(
		z.object({
			exclusion: z.string().describe("as it was written; `others` sums up what is beyond the list"),
			from: z.enum(["scan", "global", "others"]).describe("scan: of this scan or map alone"),
			comment: z.string().nullable(),
			addresses: count,
		}),
	)
	.describe("each excluded address under the first exclusion that holds it, most addresses first");

export const scanCoverage = z.object({
	scan: z.int().positive(),
	at: timestamp.describe("when it stood so"),
	addresses: addressCoverage,
	notReachedBecause: z
		.enum(["scan-time", "stopped", "not-over", "no-route"])
		.nullable()
		.describe("why addresses or pairs were not reached; null when all were"),
	excludedBy,
	notScanned: z
		.array(z.object({ target: z.string(), why: z.string() }))
		.describe("targets that lead nowhere, such as names without an address; the first hundred"),
	notScannedTotal: count,
	tcp: pairCoverage,
	udp: pairCoverage,
	udpSparing: z
		.object({ total: count, hosts: z.array(z.string()).describe("the first 64") })
		.optional()
		.describe("hosts that seldom say that a UDP port is closed (RFC 1812 4.3.2.8), so that their silence says little"),
	packets: z
		.object({
			sent: count,
			discovery: count.describe("to find out who is there"),
			ports: count.describe("to ports of those who are"),
			repeats: count.describe("of those to ports: sent again after silence, or in vain when the scan was stopped"),
			uncounted: count
				.optional()
				.describe("a daemon that was killed could not write down its last ones: so many more at most; missing: none"),
		})
		.describe("those of examining services are not counted"),
	networks: z.array(networkCoverage).describe("most packets first, the first 64; empty when the engine cannot tell"),
	surveys: surveyCoverage,
	logins: loginCoverage.optional().describe("missing in statements from before there were logins"),
	discovery: z.object({
		used: z.array(z.string()).describe("what was sent to find hosts"),
		unavailable: z.array(z.object({ method: z.string(), why: z.string() })),
		found: z.array(z.object({ by: z.string(), hosts: count })).describe("what hosts were found by"),
	}),
	engines: z.array(z.object({ name: z.string(), reason: z.string() })),
});
export type ScanCoverage = z.infer<typeof scanCoverage>;
