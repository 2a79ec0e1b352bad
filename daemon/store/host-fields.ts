/** What is known of a host beside its services and findings, as fields of the query language: tags, software, accounts. */
import type { ExistsField, Field } from "../query/fields.ts";

/** Records of one kind with each element of what they list. The functions are record-functions.ts's. */
const listed = (kind: string, path: string) => ({
	tables: `record er JOIN body eb ON eb.id = er.body JOIN json_each(record_text(eb.packed, eb.data), '$.${path}') el`,
	on: `er.asset = a.id AND er.kind = '${kind}'`,
});

const tags: ExistsField = {
	exists: {
		tables: "asset_tag xt JOIN tag tg ON tg.id = xt.tag",
		on: "xt.asset = a.id",
		fields: {
			name: { kind: "text", sql: "tg.name" },
			id: { kind: "int", sql: "tg.id" },
			criticality: { kind: "int", sql: "ifnull(tg.criticality, 2)" },
		},
		default: "name",
	},
	help: "a tag the asset carries; tags below it are not meant",
};

/** Over `asset a`. */
export const hostFields = {
	tags,
	tag: tags,
	criticality: {
		kind: "int",
		sql: "(SELECT max(ifnull(tm.criticality, 2)) FROM asset_tag xm JOIN tag tm ON tm.id = xm.tag WHERE xm.asset = a.id)",
		help: "the highest of its tags, 1 to 5",
	},
	software: {
		exists: {
			tables: `record pr JOIN body pb ON pb.id = pr.body JOIN package_list pl ON pl.id = pb.list
				JOIN json_each(package_numbers(pl.data)) pn JOIN package pk ON pk.id = pn.value`,
			on: "pr.asset = a.id AND pr.kind = 'packages'",
			fields: {
				name: { kind: "text", sql: "json_extract(pk.body, '$.name')" },
				version: { kind: "text", sql: "json_extract(pk.body, '$.version')" },
				publisher: { kind: "text", sql: "json_extract(pk.body, '$.vendor')" },
			},
			default: "name",
		},
		help: "an installed package, as a login or an import listed it",
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
