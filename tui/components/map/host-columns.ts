/** The columns of a map's hosts, alone and compared with another map. */
import type { MapDifference, MapHost } from "../../../protocol/model/map.ts";
import type { Column } from "../list/columns.ts";
import { changePieces, flagPieces, standingPieces } from "./describe-map.ts";
import { foundByText, routeText, viaText } from "./map-words.ts";

export const hostColumns: readonly Column<MapHost>[] = columnsOf((host) => host);

/** A row of a comparison under the number of its host. */
export interface Difference extends MapDifference {
	readonly id: number;
}

export const differenceColumns: readonly Column<Difference>[] = [
	{ id: "change", title: "CHANGE", sort: "change", width: 9, worth: 98, draw: (row) => changePieces(row.change) },
	{
		id: "standing",
		title: "STANDING",
		sort: "standing",
		width: 10,
		worth: 97,
		draw: (row) => standingPieces(row.standing),
	},
	...columnsOf<Difference>(({ host }) => host),
	{
		id: "before",
		title: "ROUTE BEFORE",
		width: 14,
		grow: 1,
		most: 50,
		worth: 60,
		draw: ({ earlierRoute }) =>
			earlierRoute === null ? [["same", "faint"]] : [[routeText(earlierRoute) ?? "", "warning"]],
	},
];

function columnsOf<Row>(hostOf: (row: Row) => MapHost): Column<Row>[] {
	return [
		{
			id: "address",
			title: "ADDRESS",
			sort: "address",
			width: 15,
			grow: 1,
			most: 39,
			worth: 100,
			draw: (row) => [[hostOf(row).address, "address"]],
		},
		{ id: "flags", title: "FLAGS", width: 5, worth: 99, draw: (row) => flagPieces(hostOf(row)) },
		{
			id: "name",
			title: "NAME",
			sort: "name",
			width: 14,
			grow: 2,
			most: 40,
			worth: 90,
			draw: (row) => [[hostOf(row).names[0] ?? hostOf(row).netbios ?? ""]],
		},
		{
			id: "methods",
			title: "FOUND BY",
			sort: "methods",
			width: 18,
			grow: 4,
			most: 60,
			worth: 80,
			draw: (row) => [[foundByText(hostOf(row)), "muted"]],
		},
		{
			id: "via",
			title: "BEHIND",
			width: 15,
			worth: 70,
			draw: (row) => [[viaText(hostOf(row)) ?? "", "muted"]],
		},
		{
			id: "rtt",
			title: "RTT",
			width: 7,
			worth: 50,
			align: "right",
			draw: (row) => {
				const { rttMs } = hostOf(row);
				return [[rttMs === null ? "" : `${rttMs.toFixed(1)} ms`, "muted"]];
			},
		},
	];
}
