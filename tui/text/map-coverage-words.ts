/** A map's coverage statement in words: a few lines for a summary, and all of it in fields. Pure. */
import type { MapCoverage } from "../../protocol/model/map-coverage.ts";
import { type CoverageField, excludedWords, lossOf, networkWords, parts, reasons } from "./coverage-words.ts";
import { count, plural } from "./format.ts";

const reasonsOfMap = { ...reasons, stopped: "the map was stopped", "not-over": "the map is not over" } as const;

/** One sentence for addresses, one for packets, and one for each thing that was left out. */
export function mapCoverageSummary(coverage: MapCoverage): string[] {
	const { addresses, packets, excludedBy, notReachedBecause, names } = coverage;
	const { named, excluded, notReached } = addresses;
	const lost = lossOf(coverage);
	const [most] = excludedBy;
	return [
		...(named === 0
			? []
			: [
					`Asked ${plural(named - excluded - notReached, "address", "addresses")} of ${count(named)}: ${addressWords(addresses)}.`,
				]),
		`Sent ${plural(packets.sent, "packet")}${lost === null ? "" : `; ${lost} lost`}${names === null ? "; no names were looked up" : `, and ${plural(names.asked, "question")} for names`}.`,
		...(notReachedBecause === null ? [] : [`Not everything was reached: ${reasonsOfMap[notReachedBecause]}.`]),
		...(most === undefined ? [] : [`Excluded by ${most.exclusion}${excludedBy.length > 1 ? " and others" : ""}.`]),
	];
}

/** All of it, in fields to stand under each other. */
export function mapCoverageFields(coverage: MapCoverage): CoverageField[] {
	const { addresses, packets, excludedBy, notReachedBecause, probes, unavailable, networks, engines } = coverage;
	const fields: CoverageField[] = [
		{
			name: "addresses",
			lines: addresses.named === 0 ? [] : [`${count(addresses.named)}: ${addressWords(addresses)}`],
		},
		{ name: "not reached", lines: notReachedBecause === null ? [] : [reasonsOfMap[notReachedBecause]] },
		{ name: "excluded by", lines: excludedWords(excludedBy, "this map's own") },
		{
			name: "looked with",
			lines: probes.map(({ probe, asked, answered }) => `${probe}: ${count(answered)} of ${count(asked)} answered`),
		},
		{ name: "not possible", lines: unavailable.map(({ method, why }) => `${method}: ${why}`) },
		{ name: "names", lines: [nameWords(coverage.names)] },
		{ name: "routes", lines: coverage.routes.traced === 0 ? [] : [routeWords(coverage.routes)] },
		{
			name: "packets",
			lines: [
				`${count(packets.sent)}: ${parts([
					[packets.tcp, "over TCP"],
					[packets.datagrams, "of other kinds"],
					[packets.canaries, "to tell hosts from ghosts"],
					[packets.trace, "to find routers"],
				])}`,
			],
		},
		{ name: "loss", lines: networks.filter(({ lost }) => lost > 0).map(networkWords) },
		{ name: "engine", lines: engines.map(({ name, reason }) => `${name}: ${reason}`) },
	];
	return fields.filter(({ lines }) => lines.length > 0);
}

function addressWords({ answered, ghosts, silent, excluded, notReached }: MapCoverage["addresses"]): string {
	return parts([
		[answered, "answered"],
		[ghosts, "ghosts"],
		[silent, "silent"],
		[excluded, "excluded"],
		[notReached, "not reached"],
	]);
}

function nameWords(names: MapCoverage["names"]): string {
	if (names === null) return "none looked up: no DNS traffic";
	const refused = names.refused === 0 ? "" : `, ${count(names.refused)} refused`;
	const silent = names.silent ? "; the name server kept silent and was given up" : "";
	return `${plural(names.found, "address", "addresses")} with a name, by ${plural(names.asked, "question")}${refused}${silent}`;
}

function routeWords({ traced, reached }: MapCoverage["routes"]): string {
	return `${plural(traced, "host")} traced, ${count(reached)} to the end`;
}
