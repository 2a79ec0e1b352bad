/** How sure it is that two assets are one machine, with what speaks for it and against it in words. Pure. */
import type { DuplicateEvidence, DuplicateLink } from "../../protocol/model/duplicate.ts";
import { agreements, type Comparison, contradictions, identifierRules } from "../identity/strength.ts";
import type { Identifier, IdentifierKind } from "../store/identifiers.ts";
import type { Profile, ProfileIdentifier } from "./profile.ts";

/**
 * How sure a match by one kind alone makes, in percent. What decides when a sighting is resolved is near certain; names are
 * given again, adapters are carried about, certificates are served by whole farms, and addresses are handed round.
 */
const weights: Readonly<Record<IdentifierKind, number>> = {
	...{ "agent-id": 99, "host-id": 98, "cloud-instance": 97, "machine-id": 95, "ssh-host-key": 92, "dmi-uuid": 85 },
	...{ mac: 60, netbios: 50, name: 50, "tls-key": 25, ip: 15 },
};
/** What is only claimed is worth so much of what is proved: enough to suggest a name, never to merge by it. */
const claimedPart = 0.85;
const sameLabelWeight = 25;
const sameServicesWeight = 15;
/** Fewer services alike are alike on half of all hosts. */
const leastServices = 3;
const differentSystemWeight = 50;
const differentNameWeight = 15;
/** Shown: more of one kind say nothing more. */
const mostValues = 3;

/** A group is listed from here on. */
export const leastConfidence = 40;
/** From here on links make chains; weaker ones only pairs. */
export const strongConfidence = 70;

export function scorePair(one: Profile, other: Profile): DuplicateLink {
	const [mine, theirs] = comparable(one, other);
	const agreed = agreements(mine, theirs);
	const against = contradictions(mine, theirs);
	const evidence = [...agreed.map((found) => agreement(found, one, other)), ...further(one, other, agreed)];
	const counter = [...against.map(contradiction), ...differences(one, other, agreed)];
	const [strongest] = agreed;
	const strength = strongest === undefined ? 0 : identifierRules[strongest.kind].strength;
	const vetoed = against.some(({ kind }) => identifierRules[kind].strength > strength);
	const apart = evidence.reduce((rest, { weight }) => rest * (1 - weight / 100), 1);
	const together = counter.reduce((rest, { weight }) => rest * (1 - weight / 100), 1 - apart);
	return {
		a: Math.min(one.id, other.id),
		b: Math.max(one.id, other.id),
		confidence: vetoed ? 0 : Math.round(100 * together),
		vetoed,
		for: evidence.sort(byWeight),
		against: counter.sort(byWeight),
	};
}

/** What only means something within one network is left out between two. */
function comparable(one: Profile, other: Profile): [ProfileIdentifier[], ProfileIdentifier[]] {
	if (one.network === other.network) return [[...one.identifiers], [...other.identifiers]];
	const everywhere = ({ kind }: Identifier) => identifierRules[kind].scope === "everywhere";
	return [one.identifiers.filter(everywhere), other.identifiers.filter(everywhere)];
}

function agreement({ kind, one: values }: Comparison, one: Profile, other: Profile): DuplicateEvidence {
	const { title } = identifierRules[kind];
	const answered = values.some((value) => [one, other].every((profile) => answers(profile, kind, value)));
	const more = values.length > mostValues ? ` and ${values.length - mostValues} more` : "";
	const text = `the same ${title}: ${values.slice(0, mostValues).join(", ")}${more}`;
	if (answered) return { kind, text, weight: weights[kind] };
	return { kind, text: `${text} (claimed, not proved by both)`, weight: Math.round(weights[kind] * claimedPart) };
}

function answers({ identifiers }: Profile, kind: IdentifierKind, value: string): boolean {
	return identifiers.some((one) => one.kind === kind && one.value === value && one.answered);
}

function contradiction({ kind, one, other }: Comparison): DuplicateEvidence {
	const { title, strength } = identifierRules[kind];
	const text = `different ${title}: ${shown(one)} and ${shown(other)}`;
	return { kind, text, weight: Math.round(strength * 0.7) };
}

/** Weaker things they have in common; they add to others and never make a pair by themselves. */
function further(one: Profile, other: Profile, agreed: readonly Comparison[]): DuplicateEvidence[] {
	const found: DuplicateEvidence[] = [];
	const sameNetwork = one.network === other.network;
	if (sameNetwork && !agreed.some(({ kind }) => kind === "name" || kind === "netbios")) {
		const labels = labelsOf(one).filter((label) => labelsOf(other).includes(label));
		if (labels.length > 0) {
			found.push({ kind: "name", text: `the same short name: ${shown(labels)}`, weight: sameLabelWeight });
		}
	}
	if (agreed.length + found.length === 0) return found;
	const alike = one.services.filter((text) => other.services.includes(text));
	const all = new Set([...one.services, ...other.services]).size;
	if (alike.length >= leastServices && alike.length === all) {
		found.push({ kind: "service", text: `the same ${alike.length} services and versions`, weight: sameServicesWeight });
	}
	return found;
}

function differences(one: Profile, other: Profile, agreed: readonly Comparison[]): DuplicateEvidence[] {
	const found: DuplicateEvidence[] = [];
	const [mine, theirs] = [systemOf(one.os), systemOf(other.os)];
	if (mine !== null && theirs !== null && mine !== theirs) {
		const text = `different systems: ${one.os} and ${other.os}`;
		found.push({ kind: "os", text, weight: differentSystemWeight });
	}
	const named = agreed.some(({ kind }) => kind === "name" || kind === "netbios");
	const [labels, others] = [labelsOf(one), labelsOf(other)];
	if (!named && labels.length > 0 && others.length > 0 && !labels.some((label) => others.includes(label))) {
		const text = `different names: ${shown(labels)} and ${shown(others)}`;
		found.push({ kind: "name", text, weight: differentNameWeight });
	}
	return found;
}

/** The part of a name before its domain, as DNS and NetBIOS share it. */
export function labelOf(name: string): string {
	return name.split(".", 1)[0]?.toLowerCase() ?? "";
}

/** Names that thousands of machines have. */
const emptyLabels = new Set([
	"",
	"localhost",
	"router",
	"gateway",
	"www",
	"mail",
	"host",
	"server",
	"printer",
	"debian",
]);

function labelsOf({ identifiers }: Profile): string[] {
	const names = identifiers.filter(({ kind }) => kind === "name" || kind === "netbios").map(({ value }) => value);
	return [...new Set(names.map(labelOf))].filter((label) => !emptyLabels.has(label));
}

/** Of the families there are, the one an operating system's name belongs to; null when it names none. */
function systemOf(os: string | null): string | null {
	const family =
		/windows|linux|debian|ubuntu|alma|rocky|centos|red hat|fedora|suse|alpine|freebsd|openbsd|mac ?os|ios/i;
	const found = family.exec(os ?? "")?.[0].toLowerCase() ?? null;
	if (found === null) return null;
	return linuxes.test(found) ? "linux" : found;
}

const linuxes = /linux|debian|ubuntu|alma|rocky|centos|red hat|fedora|suse|alpine/;

function shown(values: readonly string[]): string {
	return values.slice(0, mostValues).join(", ");
}

function byWeight(a: DuplicateEvidence, b: DuplicateEvidence): number {
	return b.weight - a.weight || (a.text < b.text ? -1 : 1);
}
