/** Findings as a table of comma-separated values (RFC 4180), a line each, safe for a spreadsheet and for a terminal. */
import { harmless } from "../../protocol/harmless.ts";
import type { ExportRow, ExportSource } from "./export-source.ts";

const columns: readonly (readonly [title: string, value: (row: ExportRow) => string | number | boolean | null])[] = [
	["uid", (row) => row.uid],
	["id", (row) => row.id],
	["asset_uid", (row) => row.assetUid],
	["asset_id", (row) => row.asset.id],
	["asset", (row) => row.asset.name],
	["address", (row) => row.address],
	["port", (row) => row.port],
	["protocol", (row) => row.protocol],
	["instance", (row) => row.instance ?? null],
	["qid", (row) => row.qid],
	["signature", (row) => row.signature],
	["title", (row) => row.title],
	["severity", (row) => row.severity],
	["type", (row) => row.type],
	["status", (row) => row.status],
	["excepted", (row) => row.excepted],
	["ignored", (row) => row.ignored],
	["decision", (row) => row.decision?.kind ?? null],
	["decision_state", (row) => row.decision?.state ?? null],
	["decision_reason", (row) => row.decision?.reason ?? null],
	["decision_requester", (row) => row.decision?.requester ?? null],
	["decision_approver", (row) => row.decision?.approver ?? null],
	["decision_until", (row) => row.decision?.until ?? null],
	["first_found", (row) => row.firstFound],
	["last_found", (row) => row.lastFound],
	["last_fixed", (row) => row.lastFixed],
	["times_found", (row) => row.timesFound],
	["cves", (row) => row.cves.join(" ")],
	["cvss", (row) => row.cvss],
	["kev", (row) => row.kev],
	["epss", (row) => row.epss],
	["fix", (row) => row.fix],
	["result", (row) => row.result],
	["priority", (row) => row.priority],
	["ticket", (row) => row.ticket?.id ?? null],
	["ticket_state", (row) => row.ticket?.state ?? null],
	["ticket_assignee", (row) => row.ticket?.assignee ?? null],
	["ticket_due", (row) => row.ticket?.due ?? null],
];

export function* writeCsv(source: ExportSource): Generator<string> {
	yield `${columns.map(([title]) => title).join(",")}\n`;
	for (const row of source.findings()) yield `${columns.map(([, value]) => cellOf(value(row))).join(",")}\n`;
}

function cellOf(value: string | number | boolean | null): string {
	if (value === null) return "";
	return typeof value === "string" ? textCell(value) : String(value);
}

/** What spreadsheets take for the beginning of a formula (OWASP, "CSV Injection"), also as wide characters and after blanks. */
const formula = /^\s*[=+\-@|%\uff1d\uff0b\uff0d\uff20]/;
const needsQuotes = /[",;\t']|^\s|\s$/;

/** Lines of a text are put on one. */
function textCell(text: string): string {
	const line = text
		.split(/\r\n|\n|\r/)
		.map(harmless)
		.join(" | ");
	const safe = formula.test(line) ? `'${line}` : line;
	return needsQuotes.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
