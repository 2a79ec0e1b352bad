/** Rows as text for elsewhere: values, lines, JSON, CSV (RFC 4180). What comes from hosts is made harmless. Pure. */
import { harmless } from "../../text/harmless.ts";
import { plainText } from "../../text/plain.ts";
import type { Column } from "./columns.ts";

export function cellText<Row>(column: Column<Row>, row: Row, now: number): string {
	return plainText(column.draw(row, now));
}

/** A line a row, values with tabs between. */
export function rowsText<Row>(columns: readonly Column<Row>[], rows: readonly Row[], now: number): string {
	return rows.map((row) => columns.map((column) => cellText(column, row, now)).join("\t")).join("\n");
}

/** One row as an object, several as an array. */
export function rowsJson(rows: readonly object[]): string {
	// Escaped as JSON does, control characters can do nothing; those beyond ASCII it leaves alone.
	const text = JSON.stringify(rows.length === 1 ? rows[0] : rows, null, 2);
	return text.split("\n").map(harmless).join("\n");
}

export function rowsCsv<Row>(columns: readonly Column<Row>[], rows: readonly Row[], now: number): string {
	const lines = [
		columns.map(({ title }) => quoted(title)),
		...rows.map((row) => columns.map((column) => quoted(cellText(column, row, now)))),
	];
	return lines.map((cells) => `${cells.join(",")}\r\n`).join("");
}

/** What spreadsheets take for the beginning of a formula (OWASP, "CSV Injection"), also as wide characters. */
const formula = /^\s*[=+\-@|%\uff1d\uff0b\uff0d\uff20]/;

function quoted(text: string): string {
	const safe = formula.test(text) ? `'${text}` : text;
	return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Commands that show a list, by the name of its screen. */
const commands: Readonly<Record<string, string>> = {
	findings: "vedette findings",
	assets: "vedette assets",
	scans: "vedette scans",
	tickets: "vedette ticket list",
	duplicates: "vedette duplicates",
	audit: "vedette audit list",
	purges: "vedette purge list",
	requests: "vedette except list",
};

/** The command that shows the same; undefined where there is none. */
export function listCommand(list: string, filter: string, sort: string | undefined): string | undefined {
	const command = commands[list];
	if (command === undefined) return undefined;
	const order = sort === undefined || list === "audit" || list === "purges" ? "" : ` --sort=${sort}`;
	return `${command}${filter.trim() === "" ? "" : ` ${shellQuoted(filter)}`}${order}`;
}

function shellQuoted(text: string): string {
	return `'${harmless(text).replaceAll("'", "'\\''")}'`;
}
