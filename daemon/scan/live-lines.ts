/** The lines of the live view: what a scan has just learned, as it is shown and kept. Pure. */
import type { ScanResult } from "../../protocol/model/scan.ts";
import type { GhostSighting } from "../evidence/ghost-sighting.ts";
import type { PortSurvey } from "../probes/recognise.ts";
import { askedAnyway } from "./host-outcome.ts";
import type { HostOutcome, Target } from "./journal.ts";

/** More silent addresses than this are told in one line. */
const silentOneByOne = 16;

/** `at` in milliseconds, as in all of these. */
export function hostLines(targets: readonly Target[], state: "alive" | "dead" | "excluded", at: number): ScanResult[] {
	if (state === "excluded" && targets.length > silentOneByOne)
		return [logLine("info", `${targets.length} addresses are excluded by now`, at)];
	if (state === "dead" && targets.length > silentOneByOne)
		return [logLine("info", `${targets.length} addresses did not answer`, at)];
	return targets.map(({ address, how }) => ({
		kind: "host",
		at: new Date(at).toISOString(),
		address,
		alive: state === "alive" && how !== askedAnyway,
		how: how ?? "no answer",
	}));
}

export function serviceLine(address: string, survey: PortSurvey, at: number): ScanResult {
	const { port, protocol } = survey.coverage;
	return {
		kind: "service",
		at: new Date(at).toISOString(),
		address,
		port,
		protocol,
		name: survey.service?.name ?? null,
		product: survey.service?.product ?? null,
		version: survey.service?.version ?? null,
		tls: survey.service?.tls ?? false,
	};
}

/** What was left undone on a host whose time, or whose scan's, was up. */
export function cutLine({ address, coverage, cutBy }: HostOutcome, notAsked: number, at: number): ScanResult {
	const unseen = coverage.ports.filter((port) => port.outcome === "unknown" && port.kinds.length === 0).length;
	const whose = cutBy === "host" ? "its time was up" : "the scan's time was up";
	const text = `${address}: ${whose}; ${notAsked} ports were not asked, ${unseen} open ports not examined.`;
	return logLine("warn", text, at);
}

/** Open to the first packet, and refused when a connection was to follow. */
export function refusedLine({ address, counts }: HostOutcome, at: number): ScanResult[] {
	const { refused } = counts.surveys;
	if (refused === 0) return [];
	const what = refused === 1 ? "1 port answers" : `${refused} ports answer`;
	const text = `${address}: ${what} the first packet and refuses the connection that follows, as a firewall does that answers for others; no service is made of it.`;
	return [logLine("warn", refused === 1 ? text : text.replace("refuses", "refuse"), at)];
}

/** A login that failed, or brought less than it should; one that passed, with what it saw. */
export function loginLine({ address, records }: HostOutcome, at: number): ScanResult[] {
	const record = records.find(({ kind }) => kind === "login");
	if (record?.kind !== "login" || record.data.outcome === "not-attempted") return [];
	const { outcome, user, reason, hint, privileges, gathered, via, hostKey } = record.data;
	if (outcome === "passed") {
		const way = via.length === 0 ? "" : ` through ${via.join(", ")}`;
		const rights = privileges.obtained ? " with root's rights" : "";
		return [logLine("info", `${address}: logged in as ${user}${way}${rights}; gathered ${gathered.join(", ")}`, at)];
	}
	const alarm = hostKey?.state === "changed" || hostKey?.state === "revoked" ? "HOST KEY: " : "";
	return [logLine("warn", `${address}: ${alarm}${reason ?? "the login failed"} ${hint ?? ""}`.trim(), at)];
}

const ghostWords: Record<GhostSighting["kind"], string> = {
	"accepts-any-port": "something accepts a connection on whatever port is asked",
	"says-nothing": "the same ports are open on every address, and nothing speaks",
	"gateway-error": "every address answers with the same error of a proxy",
	"refuses-any-port": "every address refuses, and nothing is open",
	"nothing-open": "every address answers, and nothing is open",
	told: "somebody said that these are ghosts",
};

/** Once for each network: what is there is no host. */
export function ghostLine(network: string, { kind }: GhostSighting, at: number): ScanResult {
	return logLine("warn", `${network}: ${ghostWords[kind]}; no host is made of it. See: vedette ghosts`, at);
}

function logLine(level: "info" | "warn", text: string, at: number): ScanResult {
	return { kind: "log", at: new Date(at).toISOString(), level, text };
}
