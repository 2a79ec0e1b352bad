/** A map and its hosts for the console: status, progress and flags as pieces, details as blocks to read. */
import type { MapDifference, MapHost, NetworkMap } from "../../../protocol/model/map.ts";
import type { MapCoverage } from "../../../protocol/model/map-coverage.ts";
import { isOver } from "../../../protocol/model/run-status.ts";
import { clock, compact, count, duration, percent, plural, when } from "../../text/format.ts";
import { mapCoverageFields } from "../../text/map-coverage-words.ts";
import { windowWords } from "../../text/window-words.ts";
import type { Piece } from "../../theme/line.ts";
import type { Token } from "../../theme/look.ts";
import type { Block } from "../reader/document.ts";
import { barPieces, statusPieces } from "../scan/scan-words.ts";
import { flagsMeaning, foundByText, routeText } from "./map-words.ts";

/** A bar, how much is done and what was found so far; when it is over, how long it took. At most `width` columns. */
export function mapProgressCell(map: NetworkMap, width: number): Piece[] {
	const took: Piece = [duration(map.activeMs / 1_000), "muted"];
	if (map.status === "finished") return [["in ", "faint"], took];
	if (isOver(map)) return [[`${percent(map.progress)} in `, "faint"], took];
	const figures = `${percent(map.progress).padStart(5)}`;
	const barWidth = Math.max(4, Math.min(14, width - figures.length));
	return [...barPieces(map.progress, barWidth, map.status === "running" ? "working" : "muted"), [figures]];
}

/** What stands at the right of the breadcrumb while a map runs, and after. */
export function mapFigures(map: NetworkMap): Piece[] {
	const { ghosts = 0 } = map;
	// Answered, and are no hosts: without a word of them a netblock full of answers looks empty.
	const besides: Piece[] = ghosts > 0 ? [[` · ${count(ghosts)} ghosts`, "warning"]] : [];
	if (isOver(map)) {
		return [...statusPieces(map), [" in ", "faint"], [duration(map.activeMs / 1_000), "number"], ...besides];
	}
	return [
		...statusPieces(map),
		[" "],
		...barPieces(map.progress, 10, "working"),
		[` ${percent(map.progress)}`, "working"],
		[` · ${clock(map.activeMs)}`, "muted"],
		[map.rate >= 1 ? ` · ${compact(map.rate)} probes/s` : "", "muted"],
		...besides,
	];
}

/** `coverage` is left out until it is known. */
export function describeMap(map: NetworkMap, coverage?: MapCoverage): Block[] {
	const resolver = map.dns ? (map.resolver ?? "those of this machine") : "none is asked";
	const field = (name: string, text: string, token?: Token): Block => ({
		kind: "field",
		name,
		pieces: [token === undefined ? [text] : [text, token]],
	});
	return [
		{ kind: "field", name: "status", pieces: mapFigures(map) },
		...(map.reason === null
			? []
			: [{ kind: "text", text: map.reason, token: map.partial ? "warning" : "muted" } as const]),
		field("domain", map.domain),
		field("netblock", map.netblock.join(" ") || "names only", "address"),
		...(map.exclusions.length === 0 ? [] : [field("without", map.exclusions.join(" "))]),
		field("profile", map.profile),
		...(map.window == null ? [] : [field("runs", windowWords(map.window))]),
		...(map.continuesAt == null ? [] : [field("goes on", `${when(map.continuesAt)} UTC`, "number")]),
		field("asked for", when(map.createdAt)),
		{ kind: "heading", text: "Found" },
		field("hosts", `${count(map.hosts)}, ${count(map.live)} live`),
		...(map.ghosts
			? [field("ghosts", `${plural(map.ghosts, "address", "addresses")}; why: vedette ghosts`, "warning")]
			: []),
		field("addresses", `${count(map.settled)} of ${count(map.addresses)} done`),
		{ kind: "heading", text: "How it looks" },
		field("TCP", map.tcpPorts.join(" ")),
		field("UDP", map.udpPorts.join(" ") || "none"),
		field("name server", resolver),
		field(
			"routes",
			map.trace === "none" ? "not traced" : map.trace === "all" ? "to every live host" : "to one of each /24",
		),
		...(coverage === undefined ? [] : coverageBlocks(coverage)),
	];
}

/** What it asked and what came of it, under a heading. */
export function coverageBlocks(coverage: MapCoverage): Block[] {
	const fields = mapCoverageFields(coverage).flatMap(({ name, lines }) =>
		lines
			.filter((line) => line !== "")
			.map((line, index): Block => ({ kind: "field", name: index === 0 ? name : "", pieces: [[line]] })),
	);
	return [{ kind: "heading", text: "What it asked" }, ...fields];
}

/** Flags as four letters, each where it always stands. */
export function flagPieces({ flags }: Pick<MapHost, "flags">): Piece[] {
	return [
		[flags.approved ? "A" : "-", flags.approved ? "good" : "faint"],
		[flags.scannable ? "S" : "-", flags.scannable ? "accent" : "faint"],
		[flags.live ? "L" : "-", flags.live ? "strong" : "faint"],
		[flags.netblock ? "N" : "-", flags.netblock ? "text" : "faint"],
	];
}

const standings: Readonly<Record<MapDifference["standing"], Piece>> = {
	approved: ["✓ approved", "good"],
	rogue: ["▲ rogue", "bad"],
	unknown: ["· unknown", "muted"],
};

export function standingPieces(standing: MapDifference["standing"]): Piece[] {
	return [standings[standing]];
}

const changes: Readonly<Record<NonNullable<MapDifference["change"]>, Piece>> = {
	added: ["+ added", "warning"],
	removed: ["− removed", "bad"],
	active: ["= active", "muted"],
};

export function changePieces(change: MapDifference["change"]): Piece[] {
	return change === null ? [["—", "faint"]] : [changes[change]];
}

export function describeHost(host: MapHost): Block[] {
	const route = routeText(host.route);
	return [
		{ kind: "field", name: "flags", pieces: [...flagPieces(host), ["  "], [flagsMeaning, "faint"]] },
		...(host.names.length === 0 ? [] : [{ kind: "field", name: "names", pieces: [[host.names.join(" ")]] } as const]),
		...(host.netbios === null ? [] : [{ kind: "field", name: "NetBIOS", pieces: [[host.netbios]] } as const]),
		...(host.os === null ? [] : [{ kind: "field", name: "system", pieces: [[host.os]] } as const]),
		{ kind: "field", name: "found by", pieces: [[foundByText(host) || "nothing"]] },
		{
			kind: "field",
			name: "round trip",
			pieces: [host.rttMs === null ? ["not measured", "faint"] : [`${host.rttMs.toFixed(1)} ms`]],
		},
		{ kind: "field", name: "route", pieces: [route === null ? ["not traced", "faint"] : [route, "address"]] },
	];
}

export function describeDifference({ host, standing, change, earlierRoute }: MapDifference): Block[] {
	return [
		{ kind: "field", name: "standing", pieces: standingPieces(standing) },
		{ kind: "field", name: "change", pieces: changePieces(change) },
		...(earlierRoute === null
			? []
			: [{ kind: "field", name: "route before", pieces: [[routeText(earlierRoute) ?? "", "warning"]] } as const]),
		...describeHost(host),
	];
}

export function hostWords(hosts: readonly MapHost[]): string {
	const [only] = hosts;
	return hosts.length === 1 && only ? only.address : plural(hosts.length, "host");
}
