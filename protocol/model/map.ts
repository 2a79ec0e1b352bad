/** A map: which hosts there are in a netblock or a domain, how each was found, and whether it is meant to be there. */
import { z } from "zod";
import { runStatus } from "./run-status.ts";
import { scanWindow } from "./scan-window.ts";
import { timestamp } from "./timestamp.ts";

/** The domain of plain address ranges: one without a registration in the DNS. */
export const noDomain = "none";

/** Largest netblock of a map, in addresses, that may be asked for; nothing larger is one map. */
export const netblockSizes = [1_024, 4_096, 8_192, 16_384, 32_768, 65_536] as const;
export const netblockSize = z.union(netblockSizes.map((size) => z.literal(size)));

/** Of which live hosts a map finds the routers on the way: a few tell where a network hangs. */
export const traceChoices = ["none", "sample", "all"] as const;
export const traceChoice = z.enum(traceChoices);
export type TraceChoice = z.infer<typeof traceChoice>;

export const map = z.object({
	id: z.int().positive(),
	title: z.string(),
	domain: z.string().describe("`none` for plain address ranges"),
	netblock: z.array(z.string()).describe("addresses, blocks and ranges that are probed; empty: names only"),
	network: z.string().optional().describe("the network its addresses are in"),
	exclusions: z.array(z.string()),
	profile: z.string(),
	tcpPorts: z.array(z.int()).describe("asked of every address"),
	udpPorts: z.array(z.int()).describe("asked of every address"),
	dns: z.boolean().describe("names were looked up; false: no DNS traffic"),
	resolver: z.string().nullable().describe("name server asked; null: those this machine uses"),
	trace: traceChoice.describe(
		"of which live hosts the route is traced; sample: one that answers of each /24, IPv6 /64",
	),
	status: runStatus,
	window: scanWindow.nullable().optional().describe("when it may run; null or missing: at any time"),
	ignoreWindow: z.boolean().optional().describe("told to run whatever its window says, until it is paused"),
	continuesAt: timestamp.nullable().optional().describe("when it goes on by itself, while it waits"),
	reason: z.string().nullable().describe("why it stands where it stands, when that is not plain"),
	partial: z.boolean().describe("finished, but not everything that was asked could be done"),
	progress: z.number().min(0).max(1),
	/** Probes and DNS questions a second over the last seconds; 0 when not running. */
	rate: z.number().nonnegative(),
	createdAt: timestamp,
	startedAt: timestamp.nullable(),
	finishedAt: timestamp.nullable(),
	/** Time spent running, pauses left out. */
	activeMs: z.int().nonnegative(),
	addresses: z.int().nonnegative().describe("in the netblock, exclusions included"),
	settled: z.int().nonnegative().describe("of the addresses, those that are done"),
	hosts: z.int().nonnegative().describe("found, in whatever way"),
	live: z.int().nonnegative().describe("of the hosts, those that answered a probe"),
	ghosts: z
		.int()
		.nonnegative()
		.optional()
		.describe("addresses that answered and are no hosts: `ghosts.list`. Not among the hosts; absent: none"),
});
export type NetworkMap = z.infer<typeof map>;

/** TraceRoute: a router on the way to another host. TCP: handshake. TCP RST: refused. UDP: a reply. ICMP: "port unreachable" to a UDP probe, its port given; without a port, an echo reply. ARP, ND: an answer on the local link. TCP ACK: a reset. DNS: a name leads there. */
export const discoveryMethods = [
	"ARP",
	"ND",
	"TCP",
	"TCP RST",
	"TCP ACK",
	"UDP",
	"ICMP",
	"DNS",
	"TraceRoute",
	"Other",
] as const;
export const discovery = z.object({
	method: z.enum(discoveryMethods),
	port: z.int().nullable().describe("null where the method has no port"),
	mac: z.string().optional().describe("hardware address, of ARP and ND"),
});
export type Discovery = z.infer<typeof discovery>;

export const route = z.object({
	hops: z
		.array(z.string().nullable())
		.describe("routers on the way from here, nearest first; null: one that kept silent"),
	reached: z.boolean().describe("the host answered at the end of them; false: only the beginning is known"),
});
export type Route = z.infer<typeof route>;

export const mapFlags = z.object({
	approved: z.boolean().describe("A: on the domain's list of approved hosts"),
	scannable: z.boolean().describe("S: in the inventory"),
	live: z.boolean().describe("L: answered a probe; a name alone is not live"),
	netblock: z.boolean().describe("N: inside the netblock of the map"),
});

export const mapHost = z.object({
	id: z.int().positive(),
	map: z.int().positive(),
	address: z.string(),
	names: z.array(z.string()).describe("DNS names, in printable ASCII as RFC 1035 section 5.1 writes them"),
	netbios: z.string().nullable(),
	os: z.string().nullable().describe("a map does not guess: null unless something said so"),
	discovery: z.array(discovery).describe("every probe that found it, not only the first"),
	route: route.nullable().describe("null: not traced"),
	links: z.array(z.string()).describe("routers on the way to it that are known, nearest first"),
	rttMs: z.number().nonnegative().nullable(),
	flags: mapFlags,
});
export type MapHost = z.infer<typeof mapHost>;

/** approved: on the list. rogue: live, in the netblock, and not on it. unknown: neither. */
export const hostStandings = ["approved", "rogue", "unknown"] as const;
export const hostStanding = z.enum(hostStandings);
/** added: only in the newer map. removed: only in the older. active: in both. */
export const hostChanges = ["added", "removed", "active"] as const;
export const hostChange = z.enum(hostChanges);
export type HostChange = z.infer<typeof hostChange>;

/** A row of a comparison; `host` is as the newer map has it, or the older one when it is gone. */
export const mapDifference = z.object({
	host: mapHost,
	standing: hostStanding,
	change: hostChange.nullable().describe("null: compared with no other map"),
	earlierRoute: route
		.nullable()
		.describe("the older map's, when both traced it and it leads over other routers now; else null"),
});
export type MapDifference = z.infer<typeof mapDifference>;

export const mapDomain = z.object({
	domain: z.string(),
	netblock: z.array(z.string()).describe("mapped when a request gives none; empty: names only"),
	approved: z.int().nonnegative().describe("hosts on its approved list, of all networks"),
	lastMap: z.int().positive().nullable(),
});
export type MapDomain = z.infer<typeof mapDomain>;

export const approvedHost = z.object({
	address: z.string(),
	network: z.string().describe("the network it is approved in"),
	approvedAt: timestamp,
	approvedBy: z.string(),
});
export type ApprovedHost = z.infer<typeof approvedHost>;
