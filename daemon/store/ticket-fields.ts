/** What lists say of tickets in the query language: of the ticket of a finding, and of those of an asset. */
import type { ColumnField, ExistsField } from "../query/fields.ts";
import { namesOf } from "./people.ts";
import { ticketStateNumbers } from "./tickets.ts";

/** The words for one ticket, over a table of that name. */
export function ticketColumns(table: string) {
	return {
		id: { kind: "int", sql: `${table}.id` },
		state: {
			kind: "enum",
			sql: `${table}.state`,
			values: ticketStateNumbers,
			help: "FIXED and IGNORED ones are closed",
		},
		assignee: { kind: "keyword", sql: namesOf(`${table}.assignee`), many: true, help: "who works on it, by name" },
		due: { kind: "date", sql: `${table}.due` },
		overdue: {
			kind: "bool",
			sql: `ifnull(${table}.state <= 2 AND ${table}.due < store_now(), 0)`,
			help: "open or resolved, and the day has passed",
		},
		rule: { kind: "keyword", sql: `${table}.rule`, help: "the rule of the policy that made it" },
	} as const satisfies Record<string, ColumnField>;
}

/** Over rows that `on` ties to theirs by a column of the ticket: its `asset`, or its `finding`. */
export function ticketField(by: "asset" | "finding", row: string): ExistsField {
	return {
		exists: {
			tables: "ticket tk",
			on: `tk.${by} = ${row}`,
			from: {
				row,
				select: (condition: string) => `SELECT tk.${by} FROM ticket tk WHERE ${condition}`,
				when: "few",
			},
			fields: ticketColumns("tk"),
			default: "id",
		},
		help: by === "asset" ? "a ticket about a finding of it" : "its ticket",
	};
}
