/** The columns of the assets table. */

import type { Asset } from "../../../protocol/model/asset.ts";
import type { Severity } from "../../../protocol/model/severity.ts";
import type { Column } from "../../components/list/columns.ts";
import { tagPieces } from "../../components/tag/tag-pieces.ts";
import { exactly } from "../../text/filter-terms.ts";
import { age, compact } from "../../text/format.ts";
import type { Piece } from "../../theme/line.ts";
import { countOf, severities, severityMark, severityShape, severityToken, worstOf } from "../../theme/severity.ts";

export const assetColumns: readonly Column<Asset>[] = [
	{ id: "severity", title: "SEV", sort: "severity", width: 4, worth: 100, draw: (row) => [worstMark(row)] },
	{
		id: "address",
		title: "ADDRESS",
		sort: "address",
		width: 15,
		grow: 1,
		most: 39,
		worth: 99,
		draw: (row) => [[addressOf(row), "address"]],
	},
	{ id: "name", title: "NAME", sort: "name", width: 19, grow: 3, most: 50, worth: 98, draw: (row) => [nameOf(row)] },
	{
		id: "os",
		title: "SYSTEM",
		sort: "os",
		width: 9,
		grow: 2,
		most: 34,
		worth: 50,
		draw: (row) => [row.os === null ? ["—", "faint"] : [row.os]],
	},
	{
		id: "ports",
		title: "OPEN",
		sort: "openPorts",
		width: 5,
		worth: 60,
		align: "right",
		draw: (row) => [[compact(row.openPorts)]],
	},
	...severities.filter((severity) => severity >= 3).map(severityColumn),
	{
		id: "tags",
		title: "TAGS",
		width: 8,
		grow: 1,
		most: 24,
		worth: 55,
		draw: (row) => tagPieces(row.tags, row.tagColours, "muted"),
	},
	{
		id: "seen",
		title: "SEEN",
		sort: "lastSeen",
		width: 5,
		worth: 70,
		align: "right",
		draw: (row, now) => [[age(row.lastSeen, now), "muted"]],
	},
];

function severityColumn(severity: Severity): Column<Asset> {
	const [shape] = severityShape(severity);
	return {
		id: `severity${severity}`,
		title: shape,
		width: 3,
		worth: 40 + severity,
		align: "right",
		draw(row) {
			const count = countOf(row.findings, severity);
			return [count === 0 ? ["·", "faint"] : [compact(count), severityToken(severity)]];
		},
	};
}

function worstMark(asset: Asset): Piece {
	const worst = worstOf(asset.findings);
	return worst === undefined ? ["✓", "good"] : severityMark(worst);
}

function addressOf(asset: Asset): string {
	const [first = "—", ...more] = asset.addresses;
	return more.length === 0 ? first : `${first} +${more.length}`;
}

/** A name that is only the address again says nothing. */
function nameOf(asset: Asset): Piece {
	return asset.addresses.includes(asset.name) ? ["—", "faint"] : [asset.name];
}

/** What of the query language means the value a row has in a column; without one, its system. */
export function valueTerm(column: string | undefined, row: Asset): string {
	switch (column) {
		case "severity":
			return `risk:${worstOf(row.findings) ?? 0}`;
		case "address":
			return `address:${addressOf(row)}`;
		case "name":
			return `name:${exactly(row.name)}`;
		case "ports":
			return `openPortCount>=${row.openPorts}`;
		case "seen":
			return `lastSeen:${row.lastSeen.slice(0, 10)}`;
		default:
			return row.os === null ? "os is null" : `os:${exactly(row.os)}`;
	}
}
