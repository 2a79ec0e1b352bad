/** What a sighting and a known asset have in common, and what sets them apart. Pure. */
import type { Identifier, KnownIdentifier } from "../store/identifiers.ts";
import type { GatheredIdentifier } from "./identifiers.ts";
import { mayIdentify } from "./never.ts";
import type { Candidate, Sighting } from "./resolve.ts";
import { agreements, contradictions } from "./strength.ts";

/** When a machine says it was started, and when it said so. Milliseconds. */
export interface Boot {
	at: number;
	seenAt: number;
}

export interface Likeness {
	candidate: Candidate;
	/** Values of both, strongest kind first. */
	agreed: Identifier[];
	/** Kinds that contradict, strongest first; `mac`: none of all its adapters; `seen-mac`: not the one that answered; `boot`. */
	apart: string[];
	/** The same hardware UUID, or an adapter of the same address. */
	hardwareAgrees: boolean;
	/** Its NetBIOS service says another name than the asset's: a machine has one, but may be given another. */
	renamed: boolean;
	/** The machine gives itself a name the asset has. */
	ownName: boolean;
	/** The asset is tracked by a name, and that is what was resolved. */
	trackedNameResolved: boolean;
	/** The asset is tracked by a name, and another was resolved or none. */
	otherName: boolean;
	/** The asset is tracked by a name, and none was resolved. */
	noName: boolean;
}

export function compareMachines(sighting: Sighting, candidate: Candidate): Likeness {
	const ours = sighting.identifiers.filter((one) => one.answered);
	const theirs = candidate.identifiers.filter((one) => one.answered);
	const agreed = agreements(ours, theirs).flatMap(({ kind, one }) => one.map((value) => ({ kind, value })));
	const settled = ours.filter((one) => one.fresh !== true);
	const kinds: string[] = contradictions(settled, theirs).map(({ kind }) => kind);
	const apart = [
		...kinds,
		...adaptersApart(ours, theirs),
		...(upAtOnce(sighting.boot, candidate.boot) ? ["boot"] : []),
	];
	const names = candidate.trackedName === null ? [] : namesFor(candidate, ours);
	const resolved = names.some((name) => name === candidate.trackedName);
	return {
		candidate,
		agreed,
		apart,
		hardwareAgrees: agreed.some(({ kind }) => kind === "dmi-uuid" || kind === "mac") && !kinds.includes("dmi-uuid"),
		renamed: areApart("netbios", ours, theirs),
		ownName: sharesOwnName(sighting, candidate),
		trackedNameResolved: resolved,
		otherName: candidate.trackedName !== null && !resolved,
		noName: candidate.trackedName !== null && names.length === 0,
	};
}

function namesFor({ tracking }: Candidate, ours: readonly GatheredIdentifier[]): string[] {
	const kind = tracking === "NETBIOS" ? "netbios" : "name";
	return ours.filter((one) => one.kind === kind).map(({ value }) => value);
}

/** Names a machine has given itself, or that its NetBIOS service has. What installers give to many is no name. */
function sharesOwnName({ ownNames, identifiers }: Sighting, candidate: Candidate): boolean {
	const known = (kind: string, value: string) =>
		candidate.identifiers.some((one) => one.kind === kind && one.value === value);
	return (
		ownNames.some((name) => mayIdentify("name", name) && known("name", name)) ||
		identifiers.some((one) => one.kind === "netbios" && known("netbios", one.value))
	);
}

function areApart(kind: string, ours: readonly Identifier[], theirs: readonly Identifier[]): boolean {
	const [seen, known] = [ours, theirs].map((list) => list.filter((one) => one.kind === kind)) as [
		Identifier[],
		Identifier[],
	];
	return seen.length > 0 && known.length > 0 && !seen.some(({ value }) => known.some((one) => one.value === value));
}

/** From inside all adapters are seen: with none in common it is other hardware. From outside one is: it may be a further one. */
function adaptersApart(ours: readonly GatheredIdentifier[], theirs: readonly KnownIdentifier[]): string[] {
	if (!areApart("mac", ours, theirs)) return [];
	const inside = (list: readonly GatheredIdentifier[]) =>
		list.some(({ kind, source }) => kind === "mac" && source !== "network");
	return [inside(ours) && inside(theirs) ? "mac" : "seen-mac"];
}

/** A clock that was set makes a start look like another one; less than this is no other start. Milliseconds. */
const sameBootMs = 15 * 60_000;

/** Two starts, and each was up before the other one was last seen: two machines. */
function upAtOnce(one: Boot | null, other: Boot | null): boolean {
	if (one === null || other === null || Math.abs(one.at - other.at) <= sameBootMs) return false;
	return Math.max(one.at, other.at) < Math.min(one.seenAt, other.seenAt);
}
