/**
 * The fields each list can be filtered and sorted by, and where they lie in SQL. The query language compiles filters
 * against the catalogues; `sorts` is for the pages. A new field is one line here.
 */
import { potentialShare } from "../../protocol/model/priority.ts";
import { runStatuses } from "../../protocol/model/run-status.ts";
import { sources } from "../evidence/record.ts";
import type { ColumnField, ExistsField, FieldCatalogue } from "../query/fields.ts";
import { exceptedSql, fixNumbers, ignoredSql, statusNumbers, transportNumbers, typeNumbers } from "./codes.ts";
import { hostFields, ownFields } from "./host-fields.ts";
import type { OwnOrder } from "./page-order.ts";
import { ticketField } from "./ticket-fields.ts";
import { qids, vulnerabilities } from "./vulnerability-fields.ts";

/** Field name to the SQL it is ordered by. It never yields null: null would drop rows between two pages. */
export type Sorts = Readonly<Record<string, string>>;

const asWords = (words: readonly string[]) => Object.fromEntries(words.map((word) => [word, word]));

/** The 16 bytes the query language compares addresses by, from the text key (address-key.ts) the store keeps. */
export const addressBytes = (key: string) =>
	`unhex(CASE WHEN substr(${key}, 1, 1) = '4' THEN '00000000000000000000ffff' || substr(${key}, 2) ELSE substr(${key}, 2, 32) END)`;

const port: ColumnField = { kind: "int", sql: "sv.port" };
const serviceName: ColumnField = {
	kind: "keyword",
	sql: "sv.name",
	suggest: "SELECT substr(key, 6) AS value FROM counter WHERE key LIKE 'name:%' AND n > 0 ORDER BY n DESC",
};
const product: ColumnField = { kind: "text", sql: "sv.product", few: { table: "service", column: "product" } };
const serviceFields = {
	port,
	service: serviceName,
	product,
	version: { kind: "text", sql: "sv.version" },
	protocol: { kind: "enum", sql: "sv.protocol", values: transportNumbers },
	detectedService: serviceName,
	tls: { kind: "bool", sql: "sv.tls" },
} as const satisfies Record<string, ColumnField>;
const ofSignature = { key: "fo.signature", table: "signature sg", id: "sg.id" };
const openFindingFields = {
	severity: { kind: "severity", sql: "fo.severity" },
	signature: { kind: "keyword", sql: "sg.name", lookup: ofSignature },
	qid: { kind: "int", sql: qids("sg"), many: true, lookup: ofSignature },
	title: { kind: "text", sql: "sg.title", lookup: ofSignature },
} as const satisfies Record<string, ColumnField>;

const services = (by: string, help: string): ExistsField => ({
	exists: {
		...{ tables: "service sv", on: "sv.asset = a.id", fields: serviceFields, default: by },
		from: {
			...{ row: "a.id", when: "few" as const },
			select: (condition: string) => `SELECT sv.asset FROM service sv WHERE ${condition}`,
		},
	},
	help,
});
const openFindings = (by: string, help: string): ExistsField => ({
	exists: {
		tables: "finding fo",
		on: "fo.asset = a.id AND fo.open = 1",
		from: {
			row: "a.id",
			select: (condition: string) => `SELECT fo.asset FROM finding fo WHERE fo.open = 1 AND ${condition}`,
			when: "few",
		},
		fields: openFindingFields,
		default: by,
	},
	help,
});

/** The highest severity among open findings, 0 when there is none. */
const highest =
	"(CASE WHEN a.n5 > 0 THEN 5 WHEN a.n4 > 0 THEN 4 WHEN a.n3 > 0 THEN 3 WHEN a.n2 > 0 THEN 2 WHEN a.n1 > 0 THEN 1 ELSE 0 END)";

const address: ExistsField = {
	exists: {
		tables: "asset_address aa",
		on: "aa.asset = a.id",
		from: {
			row: "a.id",
			select: (condition: string) => `SELECT aa.asset FROM asset_address aa WHERE ${condition}`,
			when: "always",
		},
		fields: { address: { kind: "ip", sql: "aa.address", storedAs: "key" } },
		default: "address",
	},
	help: "address, CIDR or range",
};

/** What is known of a finding that is potential, in tenths of a point; of others it is `s.points`. Over `signature s`. */
export const potentialPoints = `CAST(round(${potentialShare} * s.points) AS INTEGER)`;

/** A finding's priority in tenths of a point: what is known of it, and what is at stake on its asset. */
export const priorityTenths = `(CASE f.type WHEN ${typeNumbers.potential} THEN ${potentialPoints} ELSE s.points END + a.stakes)`;

/** That `asset a` is in `asset_group ag`, by an address or a host name. */
export const inGroup = `(ag.built_in = 1 OR (a.network = ag.network AND (
					EXISTS (SELECT 1 FROM asset_address ga JOIN asset_group_range gr ON ga.address BETWEEN gr.first AND gr.last
						WHERE ga.asset = a.id AND gr.grp = ag.id)
					OR EXISTS (SELECT 1 FROM identifier gi JOIN json_each(ag.dns_names) gn ON gi.value = gn.value
						WHERE gi.asset = a.id AND gi.kind = 'name'))))`;

/** By the figures the asset keeps of its open findings, so that none of them is read. */
const severityFound: ExistsField = {
	exists: {
		tables: "(SELECT 1 AS level UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5) fl",
		on: "(CASE fl.level WHEN 5 THEN a.n5 WHEN 4 THEN a.n4 WHEN 3 THEN a.n3 WHEN 2 THEN a.n2 ELSE a.n1 END) > 0",
		fields: { severity: { kind: "severity", sql: "fl.level" } },
		default: "severity",
	},
	help: "severity of an open finding",
};

/** Over `asset a`. */
export const assetFields: FieldCatalogue = {
	fields: {
		id: { kind: "int", sql: "a.id" },
		...ownFields,
		address,
		"interfaces.address": address,
		openPorts: services("port", "an open port"),
		openPortCount: { kind: "int", sql: "a.open_ports", help: "how many ports are open" },
		port: services("port", "an open port"),
		service: services("service", "what answers on an open port"),
		product: services("product", "software that answers on an open port"),
		severity: severityFound,
		finding: openFindings("title", "an open finding: severity, signature, qid, title"),
		signature: openFindings("signature", "signature of an open finding"),
		group: {
			exists: {
				tables: "asset_group ag",
				on: inGroup,
				fields: {
					title: { kind: "keyword", sql: "ag.title", suggest: "SELECT title AS value FROM asset_group ORDER BY title" },
					id: { kind: "int", sql: "ag.id" },
				},
				default: "title",
			},
			help: "an asset group the asset is in, by address or host name",
		},
		vulnerabilities,
		ticket: ticketField("asset", "a.id"),
		...hostFields,
		risk: { kind: "int", sql: highest, help: "highest severity among open findings, 0 to 5" },
	},
	bare: ["name", "address", "os", "service", "product", "tags"],
};

export const assetSorts: Sorts = {
	id: "a.id",
	name: "a.name COLLATE NOCASE",
	address: "a.address",
	os: "ifnull(a.os, '') COLLATE NOCASE",
	tracking: "a.tracking",
	firstSeen: "a.first_seen",
	lastSeen: "a.last_seen",
	lastScan: "ifnull(a.last_scan, -1)",
	openPorts: "a.open_ports",
	severity: "a.rank",
	risk: "a.rank",
};

const ofItsSignature = { key: "f.signature", table: "signature sf", id: "sf.id" };

/** Over `signature s`. */
export const requirementField: FieldCatalogue["fields"][string] = {
	exists: {
		tables: "json_each(s.body, '$.requirements') rq",
		on: "1",
		fields: {
			requirement: { kind: "keyword", sql: "json_extract(rq.value, '$.id')" },
			standard: { kind: "keyword", sql: "json_extract(rq.value, '$.standard')" },
		},
		default: "requirement",
	},
	help: "number in PCI DSS, as 8.3.9",
};

/** Over `finding f`, `signature s`, `asset a`, `result r`. */
export const findingFields: FieldCatalogue = {
	fields: {
		id: { kind: "int", sql: "f.id" },
		asset: { kind: "text", sql: "fa.name", lookup: { key: "f.asset", table: "asset fa", id: "fa.id" } },
		assetId: { kind: "int", sql: "f.asset", help: "number of the asset; several assets may have one name" },
		address: { kind: "ip", sql: "f.address", storedAs: "key" },
		port: { kind: "int", sql: "nullif(f.port, 0)" },
		protocol: { kind: "enum", sql: "(CASE WHEN f.port > 0 THEN f.protocol END)", values: transportNumbers },
		instance: { kind: "keyword", sql: "f.instance", help: "virtual host it was found on; *.example.org" },
		qid: { kind: "int", sql: qids("sf"), many: true, lookup: ofItsSignature },
		signature: {
			kind: "keyword",
			sql: "sf.name",
			lookup: ofItsSignature,
			suggest: "SELECT name AS value FROM signature ORDER BY open_findings DESC",
		},
		title: { kind: "text", sql: "sf.title", lookup: ofItsSignature },
		severity: { kind: "severity", sql: "f.severity" },
		type: { kind: "enum", sql: "f.type", values: typeNumbers },
		status: { kind: "enum", sql: "f.status", values: statusNumbers },
		source: { kind: "enum", sql: "f.source", values: asWords(sources), help: "who saw it" },
		firstFound: { kind: "date", sql: "f.first_found" },
		lastFound: { kind: "date", sql: "f.last_found" },
		lastFixed: { kind: "date", sql: "f.last_fixed" },
		timesFound: { kind: "int", sql: "f.times_found" },
		cve: {
			exists: {
				tables: "json_each(s.cves) cv",
				on: "1",
				fields: { cve: { kind: "keyword", sql: "cv.value" } },
				default: "cve",
				from: {
					row: "f.signature",
					select: (condition: string) => `SELECT sf.id FROM signature sf JOIN json_each(sf.cves) cv WHERE ${condition}`,
					when: "always",
				},
			},
		},
		requirement: requirementField,
		cvss: { kind: "number", sql: "s.cvss", help: "CVSS base score" },
		kev: { kind: "bool", sql: "s.kev", help: "on CISA's list of what is exploited" },
		epss: { kind: "number", sql: "s.epss", help: "probability of exploitation within 30 days, 0 to 1" },
		fix: { kind: "enum", sql: "f.fix", values: fixNumbers, help: "what the vendor does about it" },
		excepted: {
			kind: "bool",
			sql: exceptedSql,
			help: "set apart by an approved exception; left out unless asked for",
		},
		ignored: {
			kind: "bool",
			sql: ignoredSql,
			help: "ignored by somebody or a rule; left out unless asked for",
		},
		priority: {
			...{ kind: "number", sql: `(${priorityTenths} / 10.0)` },
			help: "what to mend first, 0 to 100; why: vedette priority explain N",
		},
		ticket: ticketField("finding", "f.id"),
		result: { kind: "text", sql: "r.text" },
		os: ownFields.os,
		tags: hostFields.tags,
		tag: hostFields.tags,
		criticality: hostFields.criticality,
		software: hostFields.software,
	},
	bare: ["asset", "address", "instance", "signature", "title", "cve"],
};

export const findingSorts: Sorts = {
	id: "f.id",
	asset: "a.name COLLATE NOCASE",
	address: "f.address",
	port: "f.port",
	protocol: "f.protocol",
	instance: "f.instance",
	qid: "s.qid",
	signature: "s.name",
	title: "s.title COLLATE NOCASE",
	severity: "f.severity",
	type: "f.type",
	status: "ifnull(f.status, 0)",
	firstFound: "f.first_found",
	lastFound: "f.last_found",
	lastFixed: "ifnull(f.last_fixed, -1)",
	timesFound: "f.times_found",
	cvss: "ifnull(s.cvss, -1)",
	kev: "s.kev",
	epss: "ifnull(s.epss, -1)",
	fix: "ifnull(f.fix, 0)",
	priority: priorityTenths,
};

/**
 * The worst first; of equals those of one asset together. The indexes of findings have it: all keys point the same way, as the next
 * page is found there by its place. By port among these would not fit into what columns in memory may take of millions.
 */
export const findingOrder = {
	order: { sql: "f.severity", descending: true },
	among: [{ sql: "f.asset", descending: true }],
	asOwn: { field: "severity", descending: true },
} satisfies OwnOrder;

/** Over `scan c`. */
export const scanFields: FieldCatalogue = {
	fields: {
		id: { kind: "int", sql: "c.id" },
		title: { kind: "text", sql: "c.title" },
		status: { kind: "enum", sql: "c.status", values: asWords(runStatuses) },
		createdAt: { kind: "date", sql: "c.created_at" },
		finishedAt: { kind: "date", sql: "c.finished_at" },
	},
	bare: ["title", "status"],
};

export const scanSorts: Sorts = {
	id: "c.id",
	title: "c.title COLLATE NOCASE",
	status: "c.status",
	createdAt: "c.created_at",
	finishedAt: "ifnull(c.finished_at, -1)",
};

/**
 * What a findings list leaves out unless the filter names `status`, `type` or what sets findings apart, as a condition to be
 * ANDed with the filter's; null when nothing. It is spelled as the partial indexes are, or they would not be used.
 */
export function findingScope(named: ReadonlySet<string>): string | null {
	const apart = named.has("excepted") || named.has("ignored");
	if (named.has("type")) return apart ? null : "f.open <> 3";
	if (named.has("status")) return apart ? "f.open <> 2" : "f.open IN (0, 1)";
	return apart ? "f.open IN (1, 3)" : "f.open = 1";
}
