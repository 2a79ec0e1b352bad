/** An option profile in words: what a scan with it does, by topic. */
import { type Profile, portsText, udpPortsText } from "../../../protocol/model/profile.ts";
import { count, plural, when } from "../../text/format.ts";
import { personName } from "../../text/people.ts";
import type { Piece } from "../../theme/line.ts";
import type { Block } from "../reader/document.ts";

export function describeProfile(profile: Profile): Block[] {
	const { options, limits } = profile;
	const { discovery } = options;
	const field = (name: string, ...pieces: Piece[]): Block => ({ kind: "field", name, pieces });
	const yes = (value: boolean) => (value ? "yes" : "no");
	return [
		{ kind: "text", text: options.description || "No description." },
		{ kind: "gap" },
		field("version", [String(profile.version)], [profile.builtIn ? "  built in: clone it to change it" : "", "muted"]),
		...(profile.editedAt === null
			? []
			: [
					field(
						"edited",
						[when(profile.editedAt)],
						[profile.editedBy === null ? "" : ` by ${personName(profile.editedBy)}`, "muted"],
					),
				]),
		{ kind: "heading", text: "Ports" },
		field("TCP", [portsText(options.ports)]),
		field("UDP", [udpPortsText(options.udp)]),
		{ kind: "heading", text: "Finding hosts" },
		field("ICMP echo", [yes(discovery.icmp)]),
		field("ARP, ND", [yes(discovery.arp)], ["  on the local link, with CAP_NET_RAW", "faint"]),
		field("TCP", [discovery.ports || "none"]),
		field("TCP ACK", [discovery.ackPorts || "none"], ["  with CAP_NET_RAW", "faint"]),
		field("UDP", [discovery.udpPorts || "none"]),
		field("silent hosts", [discovery.scanDeadHosts ? "are scanned anyway" : "are left alone"]),
		field("dead hosts", [
			discovery.closeDeadAfter === null
				? "keep their findings open"
				: `findings are closed after ${plural(discovery.closeDeadAfter, "scan")} in a row without an answer`,
		]),
		{ kind: "heading", text: "Pace", figures: [[options.performance.level, "muted"]] },
		field("rate", [`${count(limits.ratePerSecond)} attempts a second`]),
		field("in flight", [`${count(limits.inFlight)} in all, ${count(limits.inFlightPerHost)} to a host`]),
		field("patience", [`${count(limits.timeoutMs)} ms, ${limits.retries} further tries`]),
		field("in parallel", [`${plural(limits.hostsInParallel, "host")}, ${count(limits.surveysPerHost)} services each`]),
		field("time limits", [
			`${minutes(options.maxMinutesPerHost)} a host, ${minutes(options.maxMinutesPerScan)} a scan`,
		]),
		{ kind: "heading", text: "Maps" },
		field("name server", [options.maps.resolver || "as kept for maps"]),
		field("routes", [options.maps.trace]),
	];
}

function minutes(value: number | null): string {
	return value === null ? "no limit" : `${count(value)} min`;
}
