/** What would mend findings, in words and as a script. Names come from hosts: all of it is harmless, and quoted where a shell reads it. */
import type { HostRemedy, VerifiedFinding } from "../../protocol/model/remedy.ts";
import { count, plural } from "./format.ts";
import { harmless } from "./harmless.ts";

/** Hosts on which the same commands do. */
interface Group {
	readonly system: string;
	readonly hosts: readonly HostRemedy[];
	readonly commands: readonly string[];
	readonly checks: readonly string[];
}

export function groupsOf(hosts: readonly HostRemedy[]): Group[] {
	const upgradable = hosts.filter(({ commands }) => commands.length > 0);
	const groups = Map.groupBy(upgradable, ({ system, commands, checks }) => JSON.stringify([system, commands, checks]));
	return [...groups.values()]
		.flatMap((own) => {
			const [first] = own;
			if (first === undefined) return [];
			return { system: first.system ?? "", hosts: own, commands: first.commands, checks: first.checks };
		})
		.sort((a, b) => closedBy(b.hosts) - closedBy(a.hosts));
}

export interface RemedySums {
	readonly hosts: number;
	readonly findings: number;
	readonly closes: number;
	readonly upgrades: number;
	readonly without: number;
	readonly other: number;
}

export function sumsOf(hosts: readonly HostRemedy[]): RemedySums {
	const sum = (of: (host: HostRemedy) => readonly unknown[]) => hosts.reduce((all, host) => all + of(host).length, 0);
	const [closes, without, other] = [sum((one) => one.closes), sum((one) => one.without), sum((one) => one.other)];
	return {
		...{ hosts: hosts.length, findings: closes + without + other, closes, without, other },
		upgrades: sum((one) => one.upgrades),
	};
}

/** `15 findings on 3 hosts: 4 upgrades close 12, 2 have no update, 1 is about no package.` */
export function remedySummary(hosts: readonly HostRemedy[]): string {
	const { findings, closes, upgrades, without, other } = sumsOf(hosts);
	const parts = [
		upgrades === 0
			? "no upgrade closes any"
			: `${plural(upgrades, "upgrade")} ${upgrades === 1 ? "closes" : "close"} ${count(closes)}`,
		...(without > 0 ? [`${count(without)} ${without === 1 ? "has" : "have"} no update`] : []),
		...(other > 0 ? [`${count(other)} ${other === 1 ? "is" : "are"} about no package`] : []),
	];
	return `${plural(findings, "finding")} on ${plural(hosts.length, "host")}: ${parts.join(", ")}.`;
}

export function remedyLines(hosts: readonly HostRemedy[]): string[] {
	return [
		remedySummary(hosts),
		...groupsOf(hosts).flatMap(groupLines),
		...heldBackLines(hosts),
		...waitingLines(hosts),
		...restLines("No update mends these:", hosts, ({ without }) => without),
		...restLines("About no package:", hosts, ({ other }) => other),
	].map(harmless);
}

function groupLines({ system, hosts, commands }: Group): string[] {
	const bySource = Map.groupBy(
		hosts.flatMap((host) => host.upgrades),
		({ source, to }) => `${source} ${to}`,
	);
	const upgrades = [...bySource.values()].map(sourceLine);
	const reboot = hosts.find((host) => host.reboot !== null)?.reboot;
	const names = shortList(
		hosts.map(({ asset }) => asset.name),
		12,
	);
	return [
		"",
		`${system === "" ? "System not known" : system}: ${names} (closes ${count(closedBy(hosts))})`,
		...commands.map((command) => `  # ${command}`),
		...upgrades.slice(0, mostLines),
		...(upgrades.length > mostLines ? [`  and ${count(upgrades.length - mostLines)} more`] : []),
		...(reboot == null
			? ["  Services that use them run on with what they have until they are restarted."]
			: [`  Restart the host afterwards: ${reboot}.`]),
	];
}

/** `  openssl 3.0.11-1 → 3.0.11-2: DSA-5678-1` */
function sourceLine(own: readonly HostRemedy["upgrades"][number][]): string {
	const [first] = own;
	const from = [...new Set(own.map((one) => one.from))];
	const advisories = [...new Set(own.flatMap((one) => one.advisories))];
	return `  ${first?.source} ${shortList(from, 2)} → ${first?.to}: ${shortList(advisories, 4)}`;
}

const mostLines = 40;

function heldBackLines(hosts: readonly HostRemedy[]): string[] {
	const held = hosts.filter(({ unsafe }) => unsafe.length > 0);
	if (held.length === 0) return [];
	const lines = held.map(({ asset, unsafe }) => `  ${asset.name}: ${shortList(unsafe, 8)}`);
	return ["", "Left out of the commands, as no packager allows such names:", ...lines];
}

/** Upgrades that are installed already and not in force. */
function waitingLines(hosts: readonly HostRemedy[]): string[] {
	const lines = hosts.flatMap(({ asset, waiting }) => {
		if (waiting === null) return [];
		const services = waiting.services ?? [];
		const what = [
			...(waiting.reboot === true ? ["a reboot"] : []),
			...(services.length > 0 ? [`a restart of ${shortList(services, 10)}`] : []),
		];
		return what.length === 0
			? []
			: [`  ${asset.name}: ${what.join(" and ")} (as of ${waiting.seenAt.slice(0, 16).replace("T", " ")} UTC)`];
	});
	return lines.length === 0 ? [] : ["", "Upgraded already, and waiting for:", ...lines.slice(0, mostLines)];
}

function restLines(
	title: string,
	hosts: readonly HostRemedy[],
	of: (host: HostRemedy) => HostRemedy["other"],
): string[] {
	const rests = hosts.flatMap((host) => of(host).map((rest) => ({ ...rest, host: host.asset.name })));
	if (rests.length === 0) return [];
	const groups = [...Map.groupBy(rests, (rest) => `${rest.title}\n${rest.what}`).values()];
	const lines = groups.slice(0, mostLines).flatMap((own) => {
		const [first] = own;
		if (first === undefined) return [];
		const places = shortList([...new Set(own.map(hostAndPlace))], 8);
		return [`  ${first.title}: ${places}`, ...first.what.split("\n").map((text) => `    ${text}`)];
	});
	return [
		"",
		title,
		...lines,
		...(groups.length > mostLines ? [`  and ${count(groups.length - mostLines)} more`] : []),
	];
}

/** A host that is called by its address is named once. */
function hostAndPlace({ host, place }: { readonly host: string; readonly place: string }): string {
	const isNamed = place === host || place.startsWith(`${host}:`) || place.startsWith(`[${host}]:`);
	return isNamed ? place : `${host} (${place})`;
}

/**
 * For /bin/sh: run on a host, it does what that host needs, and says what is still too old. The host is known by its name, or by
 * the first argument; those of one name that need different things by `name#id` alone. Hosts whose names a shell would not leave
 * alone are left out, and named in a comment.
 */
export function remedyScript(hosts: readonly HostRemedy[]): string {
	const groups = groupsOf(hosts);
	const named = (host: HostRemedy) => safeHost.test(host.asset.name);
	const left = hosts.filter((host) => host.commands.length > 0 && !named(host));
	const shared = sharedNames(groups);
	const cases = groups.flatMap(({ system, hosts: own, commands, checks }) => {
		const labels = own.filter(named).map(({ asset }) => (shared.has(asset.name) ? numbered(asset) : asset.name));
		if (labels.length === 0) return [];
		const reboot = own.find((host) => host.reboot !== null)?.reboot;
		return [
			`# ${commented(system)}: closes ${closedBy(own)}`,
			`${[...new Set(labels)].map((label) => `'${label}'`).join("|")})`,
			...commands.map((command) => `\t${command}`),
			...checks.map((check) => `\t${check}`),
			...(reboot == null ? [] : [`\techo 'Restart this host: ${reboot.replaceAll("'", "")}.'`]),
			"\texit 0;;",
		];
	});
	const unclear = [...shared]
		.filter(([name]) => safeHost.test(name))
		.map(([name, own]) => {
			const words = `${name} is the name of more than one host. Give the one it is as an argument`;
			return `'${name}') echo "${words}: ${shortList(own.map(numbered), 20)}." >&2; exit 1;;`;
		});
	return [
		"#!/bin/sh",
		`# ${commented(remedySummary(hosts))}`,
		...left.map((host) => `# Left out for its name: ${commented(host.asset.name)}`),
		"set -eu",
		// Hosts are called by their whole names, and most say the short one.
		'[ "$#" -gt 0 ] || set -- "$(hostname)" ""',
		"for host; do",
		'[ -n "$host" ] || host="$(hostname -f 2>/dev/null)" || break',
		'case "$host" in',
		...cases,
		...unclear,
		"esac",
		"done",
		'echo "Nothing to upgrade is known of $1. Give the name it has in Vedette as an argument." >&2',
		"exit 1",
		"",
	].join("\n");
}

/** Names of hosts that do not all need the same: what is done on one must not be done on another. */
function sharedNames(groups: readonly Group[]): Map<string, HostRemedy["asset"][]> {
	const placed = groups.flatMap((group) => group.hosts.map(({ asset }) => ({ asset, group })));
	const byName = [...Map.groupBy(placed, ({ asset }) => asset.name)];
	const shared = byName.filter(([, own]) => new Set(own.map(({ group }) => group)).size > 1);
	return new Map(shared.map(([name, own]) => [name, own.map(({ asset }) => asset).sort((a, b) => a.id - b.id)]));
}

function numbered({ id, name }: HostRemedy["asset"]): string {
	return `${name}#${id}`;
}

const safeHost = /^[A-Za-z0-9][A-Za-z0-9._:-]*$/;

function commented(text: string): string {
	return harmless(text).replace(/\s+/g, " ");
}

function closedBy(hosts: readonly HostRemedy[]): number {
	return hosts.reduce((sum, { closes }) => sum + closes.length, 0);
}

function shortList(names: readonly string[], most: number): string {
	const shown = names.slice(0, most).join(", ");
	return names.length > most ? `${shown} and ${count(names.length - most)} more` : shown;
}

/** `Fixed: 2 of 3; still there: 1.` */
export function verifiedSummary(items: readonly VerifiedFinding[]): string {
	const of = (after: VerifiedFinding["after"]) => items.filter((one) => one.after === after).length;
	const parts = [
		`Fixed: ${count(of("fixed"))} of ${count(items.length)}`,
		...(of("found") > 0 ? [`still there: ${count(of("found"))}`] : []),
		...(of("untested") > 0 ? [`not tested by the scan, so as before: ${count(of("untested"))}`] : []),
		...(of("gone") > 0 ? [`no longer in the inventory: ${count(of("gone"))}`] : []),
	];
	return `${parts.join("; ")}.`;
}
