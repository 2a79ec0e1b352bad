/** Assets: the inventory. */
import { z } from "zod";
import { defineMethod, defineStream } from "../define.ts";
import { asset, assetDetail } from "../model/asset.ts";
import { facetLimits, facets as facetsModel } from "../model/facet.ts";
import { poisonedIdentifier, trackingChange } from "../model/identity.ts";
import { counted, countParams, longListParams, longPageOf } from "../model/listing.ts";

export const list = defineMethod({
	name: "assets.list",
	summary: "List assets",
	description:
		"Worst first unless sorted. Fields: id, name, address, os, tracking, firstSeen, lastSeen, lastScan, openPorts, port, service, severity, risk.",
	access: "read",
	params: longListParams,
	result: longPageOf(asset),
});

export const count = defineMethod({
	name: "assets.count",
	summary: "Count assets",
	description:
		"How many assets.list has for a filter, on all its pages. Counting millions takes a while and holds nothing up.",
	access: "read",
	params: countParams,
	result: counted,
	timeoutMs: 60_000,
});

export const facets = defineMethod({
	name: "assets.facets",
	summary: "What assets have in common",
	description: `Of those that assets.list has for a filter: how many there are by the worst that is open, open port, service, tag, operating system, network, what they are tracked by, and when they were seen last. Each value has the term that narrows the filter to it. At most ${facetLimits.assets.toLocaleString("en-US")} assets are looked at, and ${facetLimits.values} values of a facet told.`,
	access: "read",
	params: countParams,
	result: facetsModel,
	timeoutMs: 60_000,
});

export const get = defineMethod({
	name: "assets.get",
	summary: "One asset in full",
	description:
		"By id, or by name or address in `name`. Services, addresses, identifiers with what they are worth, sources, why it is this asset, and the current evidence.",
	access: "read",
	errors: ["not-found"],
	params: z.object({ id: z.int().positive().optional(), name: z.string().max(253).optional() }),
	result: assetDetail,
});

export const watch = defineStream({
	name: "assets.watch",
	summary: "Tells when the inventory has changed",
	description: "No rows: a list that is on screen asks again for its page. Once a second at most.",
	access: "read",
	params: z.object({}),
	snapshot: z.object({ total: z.int().nonnegative() }),
	event: z.discriminatedUnion("kind", [z.object({ kind: z.literal("changed"), total: z.int().nonnegative() })]),
});

const mostTold = 1_000;

export const track = defineMethod({
	name: "assets.track",
	summary: "Change what assets are tracked by",
	description: `By address, by host name or by NetBIOS name; agents and clouds track theirs by themselves. A name must have been resolved for the asset, unless it was never scanned. \`dryRun\` says what would become of each (the first ${mostTold}) and changes nothing. Back by address, an address is what was seen there last: older records that would be left without an address are purged, which \`purges.undo\` takes back. While the name an asset is tracked by does not resolve, scans record nothing of it and list it as not scanned.`,
	access: "operate",
	audit: ["assets.track"],
	errors: ["not-found"],
	timeoutMs: 120_000,
	params: z.object({
		filter: z.string().max(4_000).optional().describe("which assets, in the query language; this or `assets`"),
		assets: z.array(z.int().positive()).min(1).max(10_000).optional(),
		by: z.enum(["IP", "DNSNAME", "NETBIOS"]),
		dryRun: z.boolean().default(false),
	}),
	result: z.object({
		changed: z.int().nonnegative(),
		already: z.int().nonnegative(),
		refused: z.int().nonnegative(),
		losing: z.int().nonnegative().describe("of those changed, which lose something or leave something behind"),
		purged: z.int().nonnegative().describe("older records of addresses that went"),
		purge: z.int().positive().nullable().describe("the purge they went by; null: none did, or it was only asked"),
		items: z.array(trackingChange),
	}),
});

export const poisoned = defineMethod({
	name: "assets.poisoned",
	summary: "Identifiers that identify nobody",
	description:
		"Seen on two machines at the same time: copies of one image, adapters that are carried about. They are kept and decide nothing. Newest first.",
	access: "read",
	params: z.object({ limit: z.int().min(1).max(10_000).default(1_000) }),
	result: z.object({ items: z.array(poisonedIdentifier), total: z.int().nonnegative() }),
});

export const heal = defineMethod({
	name: "assets.heal",
	summary: "Let a poisoned identifier decide again",
	description: "When the copies have been given values of their own. It is found out again if they have not.",
	access: "operate",
	audit: ["identifier.heal"],
	errors: ["not-found"],
	params: z.object({ kind: z.string().max(40), value: z.string().min(1).max(400) }),
	result: z.object({ healed: z.int().nonnegative() }),
});
