/** What is known of a host beside its services and findings, as fields of the query language: tags, software, accounts. */
import { trackingMethods } from "../../protocol/model/asset.ts";
import { fewValues } from "../query/condition-sql.ts";
import type { ColumnField, ExistsField, Field } from "../query/fields.ts";

/** Records of one kind with each element of what they list. The functions are record-functions.ts's. */
const listed = (kind: string, path: string) => ({
	tables: `record er JOIN body eb ON eb.id = er.body JOIN json_each(record_text(eb.packed, eb.data), '$.${path}') el`,
	on: `er.asset = a.id AND er.kind = '${kind}'`,
});

const ofPackage = { key: "pn.value", table: "package pk", id: "pk.id" };
const ofTag = { key: "xt.tag", table: "tag tg", id: "tg.id" };
const tags: ExistsField = {
	exists: {
		tables: "asset_tag xt",
		on: "xt.asset = a.id",
		from: {
			row: "a.id",
			select: (condition: string) => `SELECT xt.asset FROM asset_tag xt WHERE ${condition}`,
			when: "few",
		},
		fields: {
			name: {
				kind: "text",
				sql: "tg.name",
				lookup: ofTag,
				suggest: "SELECT name AS value FROM tag ORDER BY favourite DESC, name",
			},
			id: { kind: "int", sql: "tg.id", lookup: ofTag },
			criticality: { kind: "int", sql: "ifnull(tg.criticality, 2)", lookup: ofTag },
		},
		default: "name",
	},
	help: "a tag the asset carries; tags below it are not meant",
};

const identifiers = (kind: string, of: ColumnField["kind"], help: string): ExistsField => ({
	exists: {
		tables: "identifier ih",
		on: `ih.asset = a.id AND ih.kind = '${kind}'`,
		fields: { value: { kind: of, sql: "ih.value" } },
		default: "value",
	},
	help,
});

const lastScan: ColumnField = {
	kind: "date",
	sql: "a.last_scan",
	help: "never scanned: neither before nor after anything",
};
const firstSeen: ColumnField = { kind: "date", sql: "a.first_seen" };
const os: ColumnField = {
	kind: "text",
	sql: "a.os",
	few: { table: "asset", column: "os" },
	suggest: fewValues({ table: "asset", column: "os" }),
};
const name: ColumnField = { kind: "text", sql: "a.name" };
const tracking: ColumnField = {
	kind: "enum",
	sql: "a.tracking",
	values: { ...Object.fromEntries(trackingMethods.map((word) => [word, word])), DNS: "DNSNAME", QAGENT: "AGENT" },
};

/** What is asked of an asset by columns of its own; further names are those other systems have for them. Over `asset a`. */
export const ownFields = {
	name,
	"asset.name": name,
	os,
	operatingSystem: os,
	"operatingSystem.name": os,
	tracking,
	trackingMethod: tracking,
	network: {
		kind: "keyword",
		sql: "(SELECT nw.name FROM network nw WHERE nw.id = a.network)",
		help: "the network its addresses are in",
	},
	firstSeen,
	firstFound: firstSeen,
	created: firstSeen,
	lastSeen: { kind: "date", sql: "a.last_seen" },
	updated: { kind: "date", sql: "a.last_seen" },
	lastScan,
	missed: { kind: "int", sql: "a.missed", help: "scans in a row that did not find it alive" },
	lastVmScanDate: lastScan,
	lastVmScanDateScanner: lastScan,
	"sensor.lastVMScan": lastScan,
	activatedForModules: {
		kind: "enum",
		sql: "'VM'",
		values: { VM: "VM", ...Object.fromEntries(["PC", "SCA", "PM", "FIM", "EDR"].map((word) => [word, word])) },
		help: "every asset is looked at for vulnerabilities: VM",
	},
} as const satisfies Record<string, Field>;

/** Over `asset a`. */
export const hostFields = {
	tags,
	tag: tags,
	lastBoot: {
		kind: "date",
		sql: `(SELECT max(json_extract(record_text(bb.packed, bb.data), '$.bootedAt')) FROM record br JOIN body bb ON bb.id = br.body
			WHERE br.asset = a.id AND br.kind = 'system')`,
		help: "as a login saw it",
	},
	netbiosName: identifiers("netbios", "text", "its NetBIOS name"),
	"interfaces.hostname": identifiers("name", "text", "a host name it was seen by"),
	"interfaces.macAddress": identifiers("mac", "keyword", "a hardware address, as 00:11:22:33:44:55"),
	criticality: {
		kind: "int",
		sql: "(SELECT max(ifnull(tm.criticality, 2)) FROM asset_tag xm JOIN tag tm ON tm.id = xm.tag WHERE xm.asset = a.id)",
		help: "the highest of its tags, 1 to 5",
	},
	software: {
		exists: {
			tables: `record pr JOIN body pb ON pb.id = pr.body JOIN package_list pl ON pl.id = pb.list
				JOIN json_each(package_numbers(pl.data)) pn`,
			on: "pr.asset = a.id AND pr.kind = 'packages'",
			// Each list is read once for all hosts that have it.
			from: {
				row: "a.id",
				select: (condition: string) => `SELECT pr.asset FROM record pr JOIN body pb ON pb.id = pr.body
				WHERE pr.kind = 'packages' AND pb.list IN (SELECT pl.id FROM package_list pl
					JOIN json_each(package_numbers(pl.data)) pn WHERE ${condition})`,
				when: "always",
			},
			fields: {
				name: { kind: "text", sql: "json_extract(pk.body, '$.name')", lookup: ofPackage },
				version: { kind: "text", sql: "json_extract(pk.body, '$.version')", lookup: ofPackage },
				publisher: { kind: "text", sql: "json_extract(pk.body, '$.vendor')", lookup: ofPackage },
			},
			default: "name",
		},
		help: "an installed package, as a login or an import listed it",
	},
	services: {
		exists: {
			...listed("services", "services"),
			fields: {
				name: { kind: "text", sql: "json_extract(el.value, '$.name')" },
				status: {
					kind: "enum",
					sql: "iif(json_extract(el.value, '$.active'), 'running', 'stopped')",
					values: { running: "running", stopped: "stopped" },
				},
			},
			default: "name",
		},
		help: "a system service, as a login listed it",
	},
	accounts: {
		exists: {
			...listed("accounts", "users"),
			fields: { username: { kind: "text", sql: "json_extract(el.value, '$.name')" } },
			default: "username",
		},
		help: "a local account",
	},
} as const satisfies Record<string, Field>;
