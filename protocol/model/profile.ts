/** An option profile: how a scan goes about its targets. Stored, versioned; some are built in. */
import { z } from "zod";
import { traceChoice } from "./map.ts";
import { scanWindow } from "./scan-window.ts";
import { timestamp } from "./timestamp.ts";

/** The pace of a scan. Rates and counts are over all hosts of the scan unless they say otherwise. */
export const profileLimits = z.strictObject({
	ratePerSecond: z.int().min(1).max(1_000_000).describe("connection attempts a second"),
	inFlight: z.int().min(1).max(60_000).describe("attempts open at once"),
	inFlightPerHost: z.int().min(1).max(60_000).describe("attempts open at once to one host"),
	timeoutMs: z
		.int()
		.min(50)
		.max(60_000)
		.describe("before a silent port is tried again; less once the round trip is known"),
	retries: z.int().min(0).max(10).describe("further tries for a silent port"),
	hostsInParallel: z.int().min(1).max(10_000).describe("hosts in work at once, after discovery"),
	surveysPerHost: z
		.int()
		.min(1)
		.max(100)
		.describe(
			"services examined at once on one host; up to four times as many where port after port accepts and says nothing",
		),
	ratePerHost: z
		.int()
		.min(0)
		.max(1_000_000)
		.default(0)
		.describe("packets a second to one host, over all scans; 0: no such limit. Not for this machine itself"),
	ratePerNetwork: z
		.int()
		.min(0)
		.max(1_000_000)
		.default(0)
		.describe("packets a second to one /24, or /64 of IPv6, over all scans; 0: no such limit"),
});
export type ProfileLimits = z.infer<typeof profileLimits>;

export const performanceLevelNames = ["low", "normal", "high"] as const;

/**
 * What the levels stand for. Hosts in parallel follow what platforms of this kind give their three levels; the rates are
 * ours and suit a connect scan. What one host is sent in a second is what a small device, or the connection table of a
 * firewall before it, takes without harm.
 */
export const performanceLevels: Readonly<Record<(typeof performanceLevelNames)[number], ProfileLimits>> = {
	low: {
		ratePerSecond: 300,
		inFlight: 100,
		inFlightPerHost: 10,
		timeoutMs: 3_000,
		retries: 2,
		hostsInParallel: 10,
		surveysPerHost: 4,
		ratePerHost: 100,
		ratePerNetwork: 200,
	},
	normal: {
		ratePerSecond: 10_000,
		inFlight: 2_000,
		inFlightPerHost: 500,
		timeoutMs: 1_500,
		retries: 1,
		hostsInParallel: 30,
		surveysPerHost: 8,
		ratePerHost: 1_000,
		ratePerNetwork: 5_000,
	},
	high: {
		ratePerSecond: 50_000,
		inFlight: 8_000,
		inFlightPerHost: 2_000,
		timeoutMs: 1_000,
		retries: 1,
		hostsInParallel: 40,
		surveysPerHost: 16,
		ratePerHost: 5_000,
		ratePerNetwork: 25_000,
	},
};

/** A level, or `custom` with all limits spelled out. */
export const performance = z.discriminatedUnion("level", [
	z.strictObject({ level: z.enum(performanceLevelNames) }),
	profileLimits.extend({ level: z.literal("custom") }),
]);
export type Performance = z.infer<typeof performance>;

export const profilePortSets = ["none", "light", "standard", "full"] as const;
/** About 30 and about 180 ports. There is no full set: closed UDP ports are told of so slowly that it would take days. */
export const profileUdpPortSets = ["none", "light", "standard"] as const;

/** What finds most hosts: the ports machines answer on most often. */
export const standardDiscoveryPorts = {
	tcp: "21-23,25,53,80,88,110,111,135,139,443,445",
	udp: "53,111,135,137,161,500",
};

/** A week: longer is as good as no limit. */
const minutes = z.int().min(1).max(10_080).nullable();
const portList = z.string().max(100_000);

/** Everything of a profile that a person can change. */
export const profileOptions = z.strictObject({
	description: z.string().max(500),
	ports: z.strictObject({
		set: z.enum(profilePortSets),
		additional: portList.describe("TCP ports besides the set, such as 8081,9000-9010; empty for none"),
	}),
	udp: z.strictObject({
		set: z.enum(profileUdpPortSets),
		additional: portList.describe("UDP ports besides the set; empty for none"),
	}),
	discovery: z.strictObject({
		icmp: z.boolean().default(true).describe("echo request, ICMP and ICMPv6"),
		arp: z
			.boolean()
			.default(true)
			.describe("ARP and neighbour discovery on the local link; needs the capability CAP_NET_RAW"),
		ackPorts: portList
			.default("80,443")
			.describe("ports sent a TCP ACK, to which a reset is the answer; needs CAP_NET_RAW; empty for none"),
		ports: portList.describe("TCP ports that tell whether a host is there; empty for none"),
		udpPorts: portList
			.default(standardDiscoveryPorts.udp)
			.describe("UDP ports that tell whether a host is there; empty for none"),
		scanDeadHosts: z.boolean().describe("ask addresses that do not answer for their ports all the same"),
		closeDeadAfter: z
			.int()
			.min(1)
			.max(10)
			.nullable()
			.default(null)
			.describe("close the findings of hosts not found alive in so many scans in a row; null: leave them open"),
	}),
	performance,
	maps: z
		.strictObject({
			resolver: z
				.string()
				.max(100)
				.describe(
					"name server that maps ask, address or address:port; empty: the one kept for maps, or this machine's",
				),
			trace: traceChoice.describe("of which live hosts a map finds the routers on the way"),
		})
		.default({ resolver: "", trace: "sample" }),
	window: scanWindow.optional().describe("when scans with this profile may run, unless they say so themselves"),
	maxMinutesPerHost: minutes.describe("work on a host ends after this, keeping what was found; null: no limit"),
	maxMinutesPerScan: minutes.describe("the scan ends after running for so long, pauses left out; null: no limit"),
});
export type ProfileOptions = z.infer<typeof profileOptions>;

export const profileName = z.string().trim().min(1).max(100);

export const profile = z.object({
	name: profileName,
	version: z.int().positive().describe("each edit makes the next one; a scan records which it used"),
	builtIn: z.boolean().describe("cannot be edited or deleted, only cloned"),
	options: profileOptions,
	limits: profileLimits.describe("what the performance level stands for"),
	editedAt: timestamp.nullable().describe("when this version was made; null when that was not kept"),
	editedBy: z.string().nullable(),
});
export type Profile = z.infer<typeof profile>;

/** The limits a performance setting stands for. */
export function limitsOf(chosen: Performance): ProfileLimits {
	if (chosen.level !== "custom") return performanceLevels[chosen.level];
	const { level: _, ...limits } = chosen;
	return limits;
}

/** The profile's UDP ports in the same way: `none`, `light`, `standard,5000`, `53,161`. */
export function udpPortsText({ set, additional }: ProfileOptions["udp"]): string {
	if (set === "none") return additional === "" ? "none" : additional;
	return additional === "" ? set : `${set},${additional}`;
}

/** The profile's TCP ports as a scan's `ports` says them: `standard`, `light,8081`, `22,80`, `none`. */
export function portsText({ set, additional }: ProfileOptions["ports"]): string {
	if (set === "none") return additional === "" ? "none" : additional;
	return additional === "" ? set : `${set},${additional}`;
}
