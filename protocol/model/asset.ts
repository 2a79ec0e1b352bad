/** An asset: a machine Vedette believes to be one, with what was seen on it. */
import { z } from "zod";
import { severityCounts, timestamp, transport } from "./common.ts";

export const trackingMethods = ["IP", "DNSNAME", "NETBIOS", "INSTANCE_ID", "AGENT"] as const;
export const trackingMethod = z.enum(trackingMethods);
export type TrackingMethod = z.infer<typeof trackingMethod>;

export const asset = z.object({
	id: z.int().positive(),
	name: z.string(),
	addresses: z.array(z.string()),
	os: z.string().nullable().describe("best guess; null when not identified"),
	tracking: trackingMethod,
	tags: z.array(z.string()),
	firstSeen: timestamp,
	lastSeen: timestamp,
	lastScan: timestamp.nullable(),
	openPorts: z.int().nonnegative(),
	findings: severityCounts,
});
export type Asset = z.infer<typeof asset>;

export const portStates = ["open", "closed", "filtered"] as const;

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

export const identifier = z.object({ kind: z.string(), value: z.string(), lastSeen: timestamp });

/** One piece of evidence as stored: `data` is the shape of its kind. */
export const record = z.object({
	kind: z.string(),
	address: z.string(),
	port: z.int().min(0).max(65_535).describe("0: about the whole host"),
	protocol: transport,
	instance: z.string().optional().describe("the virtual host it is about; missing: what answers without a name"),
	source: z.enum(["network", "login", "agent", "import"]),
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
});
export type AssetDetail = z.infer<typeof assetDetail>;
