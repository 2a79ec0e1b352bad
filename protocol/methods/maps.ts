/** Maps: finding which hosts there are, comparing with what should be there, and taking them into the inventory. */
import { z } from "zod";
import { defineMethod, defineStream } from "../define.ts";
import { listParams, pageOf } from "../model/listing.ts";
import { approvedHost, map, mapDifference, mapDomain, mapHost, netblockSize, traceChoice } from "../model/map.ts";
import { mapCoverage } from "../model/map-coverage.ts";
import { scanWindowRequest } from "../model/scan-window.ts";

const mapId = z.int().positive();
const oneMap = z.object({ map: mapId });
const domain = z.string().min(1).max(253).describe("a domain, or `none`");
const addressTexts = z.array(z.string().min(1).max(253)).max(10_000);
const hostFields =
	"address, name, netbios, os, flag (A, S, L, N), approved, scannable, live, netblock, method, port, methods, traced, via";

const network = z.string().max(60);

export const start = defineMethod({
	name: "maps.start",
	summary: "Start maps",
	description:
		"Answers at once with the queued maps, one for each domain named. `none:[netblock]` and plain addresses map a netblock; `domain:[netblock]` a netblock and the domain's names; `domain` alone its names and the netblock kept for it, if any; `group:NAME` the addresses of an asset group, and each of its domains; `tag:NAME` those of what carries a tag. Only the netblock is probed: an address that a name leads to elsewhere is listed and gets no packet. Every discovery probe is tried on every address. A netblock above `netblockSize` is `too-large`.",
	access: "operate",
	audit: ["map.start"],
	errors: ["out-of-scope", "too-large"],
	timeoutMs: 30_000,
	params: z.object({
		targets: z.array(z.string().min(1).max(4_000)).min(1).max(1_000),
		exclusions: z.array(z.string().min(1).max(253)).max(10_000).default([]),
		profile: z.string().max(100).default("Initial"),
		title: z.string().max(200).optional(),
		tcpPorts: z.string().max(2_000).optional().describe("at most 100; default: the discovery ports of the profile"),
		udpPorts: z
			.string()
			.max(2_000)
			.optional()
			.describe("at most 20, or `none`; default: the UDP discovery ports of the profile"),
		dns: z.boolean().default(true).describe("false: no DNS traffic at all"),
		resolver: z
			.string()
			.max(100)
			.optional()
			.describe(
				"address or address:port of the name server to ask, or `machine`; default: the profile's, else the one kept, else this machine's",
			),
		netblockSize: netblockSize.default(8_192),
		trace: traceChoice
			.optional()
			.describe(
				"find the routers on the way: to no host, to one that answers of each /24 (IPv6 /64), to every live host; default: as the profile says",
			),
		network: z
			.string()
			.max(60)
			.optional()
			.describe("the network the addresses are in; when left out that of the asset groups named, else `default`"),
		window: scanWindowRequest.optional().describe("when they may run; the profile's when left out"),
		ignoreWindow: z.boolean().default(false).describe("begin now, whatever the window says"),
	}),
	result: z.object({ maps: z.array(map) }),
});

export const list = defineMethod({
	name: "maps.list",
	summary: "List maps",
	description:
		"Newest first unless sorted. Fields for filter and sort: id, title, domain, status, createdAt, finishedAt, hosts, live.",
	access: "read",
	params: listParams,
	result: pageOf(map),
});

export const get = defineMethod({
	name: "maps.get",
	summary: "One map",
	description: "The map with its latest progress.",
	access: "read",
	errors: ["not-found"],
	params: oneMap,
	result: map,
});

export const coverage = defineMethod({
	name: "maps.coverage",
	summary: "What a map asked, and what came of it",
	description:
		"Every address of the netblock in one place: answered, silent, excluded and by which exclusion, not reached and why; which probes were tried and what each brought; names, routes, packets, loss. Kept with the map and added up over pauses and restarts; of a map that runs, as it stands.",
	access: "read",
	errors: ["not-found"],
	params: oneMap,
	result: mapCoverage,
});

export const hosts = defineMethod({
	name: "maps.hosts",
	summary: "The hosts of a map",
	description: `By address unless sorted. Fields: ${hostFields}. Flags A and S are as they stand now, not as they stood when the map was made. E.g. \`flag:L and not flag:A\`.`,
	access: "read",
	errors: ["not-found"],
	params: listParams.extend({ map: mapId }),
	result: pageOf(mapHost),
});

export const compare = defineMethod({
	name: "maps.compare",
	summary: "What has changed between two maps",
	description: `Every host of either map of one domain, with what became of it: added, removed, active, and whether the way to it has changed. \`invalid\` for maps of two domains. Fields: change, standing, rerouted, ${hostFields}.`,
	access: "read",
	errors: ["not-found"],
	params: listParams.extend({ before: mapId, after: mapId }),
	result: pageOf(mapDifference),
});

export const rogues = defineMethod({
	name: "maps.rogues",
	summary: "Live hosts nobody approved",
	description: `Hosts of a map that are live, in its netblock, and not on the domain's approved list; with \`before\`, an older map of the domain, also whether each is added, removed or active since. Fields: change, ${hostFields}.`,
	access: "read",
	errors: ["not-found"],
	params: listParams.extend({ map: mapId, before: mapId.optional() }),
	result: pageOf(mapDifference),
});

export const approve = defineMethod({
	name: "maps.approve",
	summary: "Change a domain's approved hosts",
	description:
		"The hosts are those of a map that match `filter` (all when empty), or `addresses` (addresses, blocks, ranges; at most 65,536 in all), not both. `add` adds them, `remove` takes them off, `set` makes them the whole list, each of the network they are in. Sends nothing.",
	access: "approve",
	audit: ["map.approve"],
	errors: ["not-found", "too-large"],
	params: z.object({
		domain: domain.optional().describe("default: the domain of the map"),
		network: network.optional().describe("the network the addresses are in; default: the map's, else `default`"),
		map: mapId.optional(),
		filter: z.string().max(4_000).default(""),
		addresses: addressTexts.optional(),
		mode: z.enum(["add", "remove", "set"]).default("add"),
	}),
	result: z.object({
		domain: z.string(),
		added: z.int().nonnegative(),
		removed: z.int().nonnegative(),
		approved: z.int().nonnegative().describe("on the list of that network now"),
	}),
});

export const approved = defineMethod({
	name: "maps.approved",
	summary: "A domain's approved hosts",
	description: "By address unless sorted, of all networks or one. Fields: address, network, approvedAt, approvedBy.",
	access: "read",
	errors: ["not-found"],
	params: listParams.extend({ domain, network: network.optional() }),
	result: pageOf(approvedHost),
});

export const domains = defineMethod({
	name: "maps.domains",
	summary: "Domains that have been mapped or described",
	description: "By name, all of them: with the netblock kept for each and how many hosts are approved.",
	access: "read",
	params: z.object({}),
	result: z.object({ domains: z.array(mapDomain) }),
});

export const setDomain = defineMethod({
	name: "maps.setDomain",
	summary: "Keep a netblock for a domain",
	description: "It is mapped when a request names the domain without a netblock. An empty list forgets it.",
	access: "operate",
	audit: ["map.netblock"],
	errors: ["too-large"],
	params: z.object({ domain, netblock: addressTexts }),
	result: mapDomain,
});

const resolverKept = z.object({
	resolver: z.string().nullable().describe("address:port; null: those this machine uses"),
});

export const resolver = defineMethod({
	name: "maps.resolver",
	summary: "The name server kept for maps",
	description: "Asked by a map whose request and profile name none.",
	access: "read",
	params: z.object({}),
	result: resolverKept,
});

export const setResolver = defineMethod({
	name: "maps.setResolver",
	summary: "Keep a name server for maps",
	description: "Holds for maps started from now on. Sends nothing.",
	access: "admin",
	audit: ["map.resolver"],
	params: z.object({
		resolver: z.string().max(100).nullable().describe("address or address:port; null: those this machine uses"),
	}),
	result: resolverKept,
});

export const addToInventory = defineMethod({
	name: "maps.addToInventory",
	summary: "Make assets of hosts of a map",
	description:
		"The hosts that match `filter` (`flag:L and flag:N` unless given), or those at `addresses`. Each becomes an asset tracked by its address, without findings; one that is already in the inventory stays as it is. Sends nothing.",
	access: "operate",
	audit: ["map.add-to-inventory"],
	errors: ["not-found"],
	timeoutMs: 60_000,
	params: z.object({
		map: mapId,
		filter: z.string().max(4_000).default("flag:L and flag:N"),
		addresses: addressTexts.optional().describe("instead of the filter"),
	}),
	result: z.object({
		added: z.int().nonnegative(),
		known: z.int().nonnegative().describe("were in the inventory already"),
	}),
});

const act = <Verb extends "pause" | "cancel">(verb: Verb, summary: string, description: string) =>
	defineMethod({
		name: `maps.${verb}`,
		summary,
		description,
		access: "operate",
		audit: [`map.${verb}`],
		errors: ["not-found", "conflict"],
		params: oneMap,
		result: map,
	});

export const pause = act(
	"pause",
	"Pause a map",
	"Stops sending within a second and keeps what was found. It then goes on when it is resumed and not before, whatever its window says. `conflict` unless queued, running or waiting for its window.",
);

export const resume = defineMethod({
	name: "maps.resume",
	summary: "Resume a paused map",
	description:
		"Goes on with the addresses not yet done, when its window is open; with `ignoreWindow` at once, and until it is paused or over. `conflict` unless paused, or waiting for its window and told to ignore it.",
	access: "operate",
	audit: ["map.resume"],
	errors: ["not-found", "conflict"],
	params: oneMap.extend({ ignoreWindow: z.boolean().default(false) }),
	result: map,
});

export const cancel = act(
	"cancel",
	"Cancel a map",
	"Stops sending within a second; hosts already found stay. `conflict` when already over.",
);

export const watch = defineStream({
	name: "maps.watch",
	summary: "All maps, kept current",
	description: "Snapshot: the newest 200 maps. Then each map that changes, four times a second at most per map.",
	access: "read",
	params: z.object({}),
	snapshot: z.object({ maps: z.array(map) }),
	event: z.discriminatedUnion("kind", [z.object({ kind: z.literal("map"), map })]),
});
