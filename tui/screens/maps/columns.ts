/** The columns of the maps table. */
import type { NetworkMap } from "../../../protocol/model/map.ts";
import type { Column } from "../../components/list/columns.ts";
import { mapProgressCell } from "../../components/map/describe-map.ts";
import { statusPieces } from "../../components/scan/scan-words.ts";
import { age, compact } from "../../text/format.ts";

export const mapColumns: readonly Column<NetworkMap>[] = [
	{ id: "title", title: "MAP", sort: "title", width: 18, grow: 3, most: 44, worth: 100, draw: (row) => [[row.title]] },
	{ id: "status", title: "STATUS", sort: "status", width: 11, worth: 99, draw: statusPieces },
	{ id: "progress", title: "PROGRESS", width: 19, worth: 95, draw: (row) => mapProgressCell(row, 19) },
	{
		id: "hosts",
		title: "HOSTS",
		sort: "hosts",
		width: 6,
		worth: 90,
		align: "right",
		draw: (row) => [[compact(row.hosts)]],
	},
	{
		id: "live",
		title: "LIVE",
		sort: "live",
		width: 6,
		worth: 85,
		align: "right",
		draw: (row) => [[compact(row.live)]],
	},
	{
		id: "addresses",
		title: "OF",
		width: 6,
		worth: 50,
		align: "right",
		draw: (row) => [[compact(row.addresses), "muted"]],
	},
	{
		id: "domain",
		title: "DOMAIN",
		sort: "domain",
		width: 10,
		grow: 1,
		most: 30,
		worth: 40,
		draw: (row) => [[row.domain, "muted"]],
	},
	{
		id: "created",
		title: "AGE",
		sort: "createdAt",
		width: 5,
		worth: 70,
		align: "right",
		draw: (row, now) => [[age(row.createdAt, now), "muted"]],
	},
];
