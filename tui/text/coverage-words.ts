/** A scan's coverage statement in words: a few lines for a summary, and all of it in fields. Pure. */
import type { PairCoverage, ScanCoverage } from "../../protocol/model/scan-coverage.ts";
import { count, plural } from "./format.ts";

export interface CoverageField {
	readonly name: string;
	/** One line each. */
	readonly lines: readonly string[];
}

/** What a summary says: one sentence for addresses, one for pairs and packets, and one for each thing that was left out. */
export function coverageSummary(coverage: ScanCoverage): string[] {
	const { addresses, tcp, udp, packets } = coverage;
	const asked = addresses.named - addresses.excluded - addresses.notReached;
	const lines = [
		`Asked ${plural(asked, "address", "addresses")} of ${count(addresses.named)}: ${parts([
			[addresses.answered, "answered"],
			[addresses.silent, "silent"],
			[addresses.excluded, "excluded"],
			[addresses.notReached, "not reached"],
		])}.`,
	];
	if (tcp.pairs + udp.pairs > 0) {
		const pairs = [
			...(tcp.pairs > 0 ? [`TCP ${pairWords(tcp)}`] : []),
			...(udp.pairs > 0 ? [`UDP ${pairWords(udp)}`] : []),
		];
		lines.push(`Asked ports: ${pairs.join("; ")}.`);
	}
	const lost = lossOf(coverage);
	lines.push(
		`Sent ${plural(packets.sent, "packet")}${packets.repeats > 0 ? `, ${count(packets.repeats)} of them again` : ""}${uncountedWords(packets)}${lost === null ? "" : `; ${lost} lost`}.`,
	);
	return [...lines, ...leftOut(coverage)];
}

/** All of it, in fields to stand under each other. */
export function coverageFields(coverage: ScanCoverage): CoverageField[] {
	const { addresses, tcp, udp, packets, surveys, discovery, engines, networks, excludedBy, notScanned } = coverage;
	const beyond = coverage.notScannedTotal - notScanned.length;
	const fields: CoverageField[] = [
		{ name: "addresses", lines: [`${count(addresses.named)}: ${addressWords(addresses)}`] },
		{
			name: "answered",
			lines: [
				parts([
					[addresses.finished, "asked everything"],
					[addresses.cutByHostTime, "cut short by the time for a host"],
					[addresses.cutByScanTime, "cut short by the time for the scan"],
					[addresses.unfinished, unfinishedWords(coverage)],
					[addresses.ghosts, "ghosts, no hosts"],
				]),
			],
		},
		{ name: "not reached", lines: coverage.notReachedBecause === null ? [] : [reasons[coverage.notReachedBecause]] },
		{
			name: "excluded by",
			lines: excludedWords(excludedBy, "this scan's own"),
		},
		{
			name: "not scanned",
			lines: [
				...notScanned.map(({ target, why }) => `${target}: ${why}`),
				...(beyond > 0 ? [`and ${count(beyond)} more`] : []),
			],
		},
		{ name: "TCP pairs", lines: tcp.pairs === 0 ? [] : [`${count(tcp.pairs)}: ${pairWords(tcp)}`] },
		{ name: "UDP pairs", lines: udp.pairs === 0 ? [] : [`${count(udp.pairs)}: ${pairWords(udp)}`] },
		{ name: "UDP in doubt", lines: sparingWords(coverage) },
		{ name: "open ports", lines: surveys.open === 0 ? [] : [`${count(surveys.open)}: ${surveyWords(surveys)}`] },
		{ name: "logins", lines: coverage.logins === undefined ? [] : [loginWords(coverage.logins)] },
		{ name: "found by", lines: discovery.found.map(({ by, hosts }) => `${by}: ${plural(hosts, "host")}`) },
		{ name: "looked with", lines: discovery.used },
		{ name: "not possible", lines: discovery.unavailable.map(({ method, why }) => `${method}: ${why}`) },
		{
			name: "packets",
			lines: [
				`${count(packets.sent)}: ${parts([
					[packets.discovery, "to find hosts"],
					[packets.ports, "to ports"],
				])}; ${count(packets.repeats)} of them again${uncountedWords(packets)}`,
			],
		},
		{ name: "loss", lines: networks.filter(({ lost }) => lost > 0).map(networkWords) },
		{ name: "engine", lines: engines.map(({ name, reason }) => `${name}: ${reason}`) },
	];
	return fields.filter(({ lines }) => lines.some((line) => line !== ""));
}

/** What a daemon that was killed could not count. */
function uncountedWords({ uncounted = 0 }: ScanCoverage["packets"]): string {
	return uncounted === 0 ? "" : `, and ${count(uncounted)} more at most before the daemon was killed`;
}

function unfinishedWords({ notReachedBecause }: ScanCoverage): string {
	return notReachedBecause === "stopped"
		? "not asked everything; what was found of them is kept"
		: "not asked everything yet";
}

export const reasons = {
	"scan-time": "the time for the scan was up",
	stopped: "the scan was stopped",
	"not-over": "the scan is not over",
	"no-route": "no route leads there from this machine",
} as const;

/** What was left out, and why; nothing when everything was asked. */
function leftOut(coverage: ScanCoverage): string[] {
	const { addresses, surveys, discovery } = coverage;
	const cut = addresses.cutByHostTime + addresses.cutByScanTime;
	const [most] = coverage.excludedBy;
	return [
		...(coverage.notReachedBecause === null
			? []
			: [`Not everything was reached: ${reasons[coverage.notReachedBecause]}.`]),
		...(cut === 0 ? [] : [`${plural(cut, "host was", "hosts were")} cut short by a time limit.`]),
		...(most === undefined
			? []
			: [`Excluded by ${most.exclusion}${coverage.excludedBy.length > 1 ? " and others" : ""}.`]),
		...(surveys.leftAlone === 0 ? [] : [`${plural(surveys.leftAlone, "fragile port")} left alone.`]),
		...(coverage.notScannedTotal === 0
			? []
			: [`${plural(coverage.notScannedTotal, "target leads", "targets lead")} nowhere.`]),
		...sparingWords(coverage),
		...discovery.unavailable.map(({ method, why }) => `Not possible here: ${method} (${why}).`),
	];
}

/** A line for each; `own` is said of those that hold for this one alone. */
export function excludedWords(excludedBy: ScanCoverage["excludedBy"], own: string): string[] {
	return excludedBy.map(
		({ exclusion, from, comment, addresses: kept }) =>
			`${exclusion}${from === "scan" ? ` (${own})` : ""}: ${count(kept)}${comment === null ? "" : ` (${comment})`}`,
	);
}

/** Whose silent UDP ports may be closed as well as open. */
function sparingWords({ udpSparing }: ScanCoverage): string[] {
	if (udpSparing === undefined || udpSparing.total === 0) return [];
	const { total, hosts } = udpSparing;
	const named = hosts.slice(0, 3).join(", ");
	return [
		`${plural(total, "host seldom says", "hosts seldom say")} that a UDP port is closed, so silence there proves nothing: ${named}${total > 3 ? " and others" : ""}.`,
	];
}

function addressWords(addresses: ScanCoverage["addresses"]): string {
	return parts([
		[addresses.answered, "answered"],
		[addresses.silent, "silent"],
		[addresses.excluded, "excluded"],
		[addresses.notReached, "not reached"],
	]);
}

function pairWords({ open, closed, filtered, unreachable, notAsked }: PairCoverage): string {
	return parts([
		[open, "open"],
		[closed, "closed"],
		[filtered, "without an answer"],
		[unreachable, "unreachable"],
		[notAsked, "not asked"],
	]);
}

function surveyWords(surveys: ScanCoverage["surveys"]): string {
	return parts([
		[surveys.talkedTo, "talked to"],
		[surveys.leftAlone, "fragile and left alone"],
		[surveys.failed, "not answered in full"],
		[surveys.refused, "refused when talked to"],
		[surveys.notReached, "not reached"],
	]);
}

function loginWords(logins: NonNullable<ScanCoverage["logins"]>): string {
	if (Object.values(logins).every((hosts) => hosts === 0)) return "";
	return parts([
		[logins.passed, "passed"],
		[logins.insufficient, "passed without the rights they need"],
		[logins.failed, "failed"],
		[logins.locked, "with a locked account"],
		[logins.notAttempted, "not attempted"],
	]);
}

export function networkWords({ network, sent, answers, lost, rttMs }: ScanCoverage["networks"][number]): string {
	const time = rttMs === null ? "" : `, ${rttMs} ms`;
	return `${network}: ${share(lost, lost + answers)} (${count(lost)} of ${count(lost + answers)}; ${count(sent)} sent${time})`;
}

/** Over all networks that are told; null when nothing is known to be lost. */
export function lossOf({ networks }: Pick<ScanCoverage, "networks">): string | null {
	const lost = networks.reduce((sum, one) => sum + one.lost, 0);
	const answers = networks.reduce((sum, one) => sum + one.answers, 0);
	return lost === 0 ? null : share(lost, lost + answers);
}

function share(part: number, whole: number): string {
	return `${((100 * part) / Math.max(1, whole)).toFixed(part * 100 < whole ? 2 : 1)} %`;
}

/** `3 answered, 2 silent`: what is not there is left out; `none` when nothing is. */
export function parts(list: readonly (readonly [number, string])[]): string {
	const present = list.filter(([value]) => value > 0).map(([value, word]) => `${count(value)} ${word}`);
	return present.length === 0 ? "none" : present.join(", ");
}
