/** An asset: a machine Vedette believes to be one, with what was seen on it. */
import { z } from "zod";
import { resolution, strandedAsset } from "./identity.ts";
import { severityCounts } from "./severity.ts";
import { timestamp } from "./timestamp.ts";
import { transport } from "./transport.ts";

export const trackingMethods = ["IP", "DNSNAME", "NETBIOS", "INSTANCE_ID", "AGENT"] as const;
export const trackingMethod = z.enum(trackingMethods);
export type TrackingMethod = z.infer<typeof trackingMethod>;

export const asset = z.object({
	id: z.int().positive(),
	name: z.string(),
	addresses: z.array(z.string()),
	os: z.string().nullable().describe("best guess; null when not identified"),
	tracking: trackingMethod,
	trackedBy: z.string().nullable().optional().describe("the name it is tracked by; null when by something else"),
	network: z.string().optional().describe("the network its addresses are in"),
	tags: z.array(z.string()),
	tagColours: z.record(z.string(), z.string()).optional().describe("#RRGGBB by tag, of those that have a colour"),
	firstSeen: timestamp,
	lastSeen: timestamp,
	lastScan: timestamp.nullable(),
	openPorts: z.int().nonnegative(),
	findings: severityCounts,
});
export type Asset = z.infer<typeof asset>;

/** A port that was seen open, with what answered on it. */
export const service = z.object({
	address: z.string(),
	port: z.int().min(1).max(65_535),
	protocol: transport,
	name: z.string().nullable().describe("protocol that answered (ssh, http, …); null: open but not recognised"),
	tls: z.boolean(),
	product: z.string().nullable(),
	version: z.string().nullable(),
	info: z.string().nullable(),
	lastSeen: timestamp,
});
export type Service = z.infer<typeof service>;

export const evidenceSource = z.enum(["network", "login", "agent", "import"]);

/** What an asset is recognised by. */
export const identifier = z.object({
	kind: z.string(),
	title: z.string().optional().describe("the kind as people call it"),
	value: z.string(),
	strength: z.int().min(0).max(100).optional().describe("what it is worth, 100 the most; it decides alone from 50 on"),
	source: evidenceSource.optional().describe("who saw it last"),
	primary: z.boolean().optional().describe("it answered at the address or was read inside; false: only claimed"),
	firstSeen: timestamp.optional(),
	lastSeen: timestamp,
	vendor: z
		.string()
		.nullable()
		.optional()
		.describe("of an adapter's address: whom the IEEE gave it to, or `made up locally`; null: not known"),
	poisoned: z.string().nullable().optional().describe("why it decides nothing any more; null: it does"),
});
export type AssetIdentifier = z.infer<typeof identifier>;

/** An address an asset has, or had. */
export const assetAddress = z.object({
	address: z.string(),
	network: z.string(),
	state: z
		.enum(["main", "current", "former", "claimed"])
		.describe("claimed: it says so itself, nothing answered there"),
	firstSeen: timestamp,
	lastSeen: timestamp,
});

/** What one source has told of an asset, and when last. */
export const assetSource = z.object({
	source: evidenceSource,
	kinds: z.array(z.string()),
	lastSeen: timestamp,
	tells: z.array(z.enum(["name", "os"])).describe("what counts for the asset because this source said it"),
});

/** One piece of evidence as stored: `data` is the shape of its kind. */
export const record = z.object({
	kind: z.string(),
	address: z.string(),
	port: z.int().min(0).max(65_535).describe("0: about the whole host"),
	protocol: transport,
	instance: z.string().optional().describe("the virtual host it is about; missing: what answers without a name"),
	source: evidenceSource,
	complete: z.boolean().describe("false: something was not answered; opens findings, never closes one"),
	observedAt: timestamp,
	scan: z.int().positive().nullable(),
	data: z.unknown(),
});
export type EvidenceRecordView = z.infer<typeof record>;

export const assetDetail = z.object({
	asset,
	services: z.array(service),
	identifiers: z.array(identifier),
	records: z.array(record),
	addresses: z.array(assetAddress).optional(),
	sources: z.array(assetSource).optional(),
	resolutions: z.array(resolution).optional().describe("why what was seen is this asset, newest first"),
	missed: z
		.object({
			scans: z.int().nonnegative().describe("scans in a row that looked for it and did not find it alive"),
			closedAt: timestamp.nullable().describe("when its findings were closed for that, by the option profile"),
		})
		.optional(),
	stranded: strandedAsset.nullable().optional().describe("why it has no address; null: it has one"),
});
export type AssetDetail = z.infer<typeof assetDetail>;
