/** Asset groups: what belongs together, as a target of scans and maps and as a condition in queries. */
import { z } from "zod";
import { defineMethod } from "../define.ts";
import { addressCount } from "../model/address-count.ts";
import { assetGroup, groupTitle, groupWords, neverScanned as neverScannedModel } from "../model/group.ts";

const group = z.string().trim().min(1).max(200).describe("its title, without regard to case");
const texts = z
	.array(z.string().min(1).max(253))
	.max(10_000)
	.describe("addresses, blocks, ranges, host names; each text may hold several");
/** What is said when nothing is. */
const silent = {
	...{ comments: "", division: "", function: "", location: "", businessImpact: "none" as const, cvss: {} },
	...{ dnsNames: [], netbiosNames: [], domains: [], owner: "" },
};
const shape = groupWords.shape;
const newWords = z.object({
	comments: shape.comments.default(silent.comments),
	division: shape.division.default(silent.division),
	function: shape.function.default(silent.function),
	location: shape.location.default(silent.location),
	businessImpact: shape.businessImpact.default("none"),
	cvss: shape.cvss.prefault(silent.cvss),
	dnsNames: shape.dnsNames.default(silent.dnsNames),
	netbiosNames: shape.netbiosNames.default(silent.netbiosNames),
	domains: shape.domains.default(silent.domains),
	owner: shape.owner.optional().describe("who creates it when left out"),
});

export const list = defineMethod({
	name: "groups.list",
	summary: "List asset groups",
	description: "All of them, by title; the built-in one first.",
	access: "read",
	params: z.object({}),
	result: z.object({ items: z.array(assetGroup), total: z.int().nonnegative() }),
});

export const get = defineMethod({
	name: "groups.get",
	summary: "One asset group with its addresses",
	description: "Its ranges ascending, merged, at most `limit`; `group.ranges` counts all.",
	access: "read",
	errors: ["not-found"],
	params: z.object({ group, limit: z.int().min(0).max(10_000).default(1_000) }),
	result: z.object({
		group: assetGroup,
		ranges: z.array(z.tuple([z.string(), z.string()])).describe("first and last address"),
	}),
});

export const create = defineMethod({
	name: "groups.create",
	summary: "Create an asset group",
	description: "`conflict` when there is one of that title. Host names among the addresses become DNS names.",
	access: "operate",
	audit: ["group.create"],
	errors: ["conflict", "too-large"],
	params: newWords.extend({
		title: groupTitle,
		addresses: texts.default([]),
		network: z
			.string()
			.max(60)
			.optional()
			.describe("the network its addresses are in, for good; `default` when left out"),
	}),
	result: assetGroup,
});

export const edit = defineMethod({
	name: "groups.edit",
	summary: "Change what is said of an asset group",
	description:
		"What is left out stays. Scans that were started with the group keep to what it stood for then. `conflict` for another title while something but credentials, which follow, names the group.",
	access: "operate",
	audit: ["group.edit"],
	errors: ["not-found", "conflict"],
	params: groupWords.partial().extend({
		group,
		title: groupTitle.optional(),
		cvss: groupWords.shape.cvss.partial().optional().describe("what is left out of it stays"),
	}),
	result: assetGroup,
});

export const remove = defineMethod({
	name: "groups.remove",
	summary: "Delete an asset group",
	description:
		"The assets stay. `conflict` for the built-in one, and while an exclusion, a limit, a credential, a rule, an approved request, or a scan, map or recipe that is not over names it: the message says which.",
	access: "operate",
	audit: ["group.delete"],
	errors: ["not-found", "conflict"],
	params: z.object({ group }),
	result: z.object({ deleted: assetGroup }),
});

const addresses = (verb: "add" | "remove" | "set", summary: string, description: string) =>
	defineMethod({
		name: `groups.${verb}Addresses`,
		summary,
		description,
		access: "operate",
		audit: [`group.${verb}-addresses`],
		errors: ["not-found", "conflict", "too-large"],
		params: z.object({
			group,
			addresses: texts.default([]),
			domains: shape.domains.default([]),
			netbiosNames: shape.netbiosNames.default([]),
		}),
		result: z.object({
			group: assetGroup,
			changed: addressCount.describe("addresses and names that were not (or no longer) there before"),
		}),
	});

export const addAddresses = addresses(
	"add",
	"Add addresses to an asset group",
	"Host names among them become DNS names of the group. Overlaps are merged.",
);
export const removeAddresses = addresses(
	"remove",
	"Take addresses out of an asset group",
	"What is not in it is passed over.",
);

export const setAddresses = addresses(
	"set",
	"Say anew what is in an asset group",
	"Its addresses and host names are those named and no others; its domains and NetBIOS names likewise where any are named.",
);

export const neverScanned = defineMethod({
	name: "groups.neverScanned",
	summary: "Addresses of an asset group that no scan knows anything of",
	description:
		"Those no scan has reached, and those that never answered any, ascending, neighbours together. For the built-in group `All` that is every address of a group or of the inventory that was never scanned.",
	access: "read",
	errors: ["not-found"],
	timeoutMs: 60_000,
	params: z.object({ group, limit: z.int().min(1).max(10_000).default(1_000) }),
	result: z.object({
		items: z.array(neverScannedModel),
		total: z.int().nonnegative().describe("how many such stretches there are"),
		neverAsked: addressCount.describe("addresses"),
		neverAnswered: addressCount.describe("addresses"),
	}),
});
