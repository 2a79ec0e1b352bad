/** An asset group: addresses and names that belong together, with what they mean to the business. */
import { z } from "zod";
import { addressCount } from "./address-count.ts";
import { timestamp } from "./timestamp.ts";

export const businessImpacts = ["critical", "high", "medium", "low", "none"] as const;

/** The environmental metrics of CVSS version 2 (https://www.first.org/cvss/v2/guide, 2.3). */
export const cvssEnvironment = z.strictObject({
	cdp: z
		.enum(["none", "low", "low-medium", "medium-high", "high", "not-defined"])
		.default("not-defined")
		.describe("collateral damage potential"),
	td: z.enum(["none", "low", "medium", "high", "not-defined"]).default("not-defined").describe("target distribution"),
	cr: z.enum(["low", "medium", "high", "not-defined"]).default("not-defined").describe("confidentiality requirement"),
	ir: z.enum(["low", "medium", "high", "not-defined"]).default("not-defined").describe("integrity requirement"),
	ar: z.enum(["low", "medium", "high", "not-defined"]).default("not-defined").describe("availability requirement"),
});

const words = z.string().max(1_000);
/** No quotation mark: it is what stands around a title that has blanks. */
export const groupTitle = z
	.string()
	.trim()
	.min(1)
	.max(200)
	.regex(/^[^"\p{Cc}]*$/u, "A title has neither quotation marks nor control characters");

/** What a person can say of a group besides its addresses. */
export const groupWords = z.strictObject({
	comments: words,
	division: words,
	function: words,
	location: words,
	businessImpact: z.enum(businessImpacts),
	cvss: cvssEnvironment,
	dnsNames: z.array(z.string().min(1).max(253)).max(5_000).describe("looked up when the group is scanned"),
	netbiosNames: z.array(z.string().min(1).max(15)).max(5_000),
	domains: z.array(z.string().min(1).max(253)).max(1_000).describe("mapped when the group is mapped"),
	owner: z.string().max(200),
});
export type GroupWords = z.infer<typeof groupWords>;

export const assetGroup = groupWords.extend({
	id: z.int().positive(),
	title: z.string(),
	builtIn: z.boolean().describe("All: every address of the inventory and of every group"),
	addresses: addressCount,
	ranges: z.int().nonnegative(),
	network: z.string().optional().describe("the network its addresses are in"),
	virtualHosts: z.int().nonnegative().describe("virtual hosts at its addresses"),
	createdAt: timestamp,
	updatedAt: timestamp,
});
export type AssetGroup = z.infer<typeof assetGroup>;

/** Addresses of a group that no scan knows anything of, neighbours together. */
export const neverScanned = z.object({
	first: z.string(),
	last: z.string(),
	addresses: addressCount,
	why: z.enum(["never-asked", "never-answered"]).describe("no scan has reached it; scans have, and it never answered"),
});
export type NeverScanned = z.infer<typeof neverScanned>;
