/** What a running scan meets in one network, and what slows its sending down: the live figures of the governor. */
import { z } from "zod";

/** One /24, or /64 of IPv6. Rates and shares are over the last few seconds, counts over this run of the scan. */
export const networkFigures = z.object({
	network: z.string().describe("such as 192.0.2.0/24 or 2001:db8::/64"),
	packetsPerSecond: z.number().nonnegative(),
	answersPerSecond: z.number().nonnegative(),
	resetsPerSecond: z.number().nonnegative(),
	rttMs: z.number().nonnegative().nullable().describe("smoothed round-trip time; null before the first answer"),
	loss: z
		.number()
		.min(0)
		.max(1)
		.nullable()
		.describe("of the questions that were answered, the share that had to be asked again for it; null when none was"),
	sent: z.int().nonnegative(),
	answers: z.int().nonnegative().describe("of any kind, resets among them"),
	resets: z.int().nonnegative().describe("refusals: closed ports"),
	prohibited: z.int().nonnegative().describe("ICMP messages that asking is forbidden; the sender slows down for them"),
});
export type NetworkFigures = z.infer<typeof networkFigures>;

/** A concurrency group: addresses that stand or fall together, and what may be sent to them by all scans and maps. */
export const concurrencyGroup = z.object({
	name: z.string(),
	targets: z.array(z.string()).describe("as they were written: addresses, CIDRs, ranges, asset groups and tags"),
	ranges: z
		.array(z.tuple([z.string(), z.string()]))
		.describe("first and last address, merged; of tags as they are now"),
	ratePerSecond: z.int().positive().describe("packets a second"),
	inFlight: z.int().positive().describe("questions open at once"),
	comment: z.string(),
	setAt: z.string(),
	setBy: z.string(),
});
export type ConcurrencyGroup = z.infer<typeof concurrencyGroup>;
