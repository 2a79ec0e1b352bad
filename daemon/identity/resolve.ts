/**
 * Which known asset is it that was seen? A pure function over candidates: rules in order of strength, each with what
 * forbids it. The same candidates in any order give the same answer, and the answer says why.
 */
import type { TrackingMethod } from "../../protocol/model/asset.ts";
import type { ResolutionRule } from "../../protocol/model/identity.ts";
import type { Identifier, KnownIdentifier } from "../store/identifiers.ts";
import { type Boot, compareMachines, type Likeness } from "./compare.ts";
import type { GatheredIdentifier } from "./identifiers.ts";

/** What was seen at one address, without what is poisoned. */
export interface Sighting {
	/** Milliseconds. */
	at: number;
	identifiers: readonly GatheredIdentifier[];
	/** Names the machine gives itself. */
	ownNames: readonly string[];
	boot: Boot | null;
}

/** An asset that has something in common with a sighting: an identifier that is not poisoned, or the address. */
export interface Candidate {
	asset: number;
	tracking: TrackingMethod;
	/** The name it is tracked by; null when by something else. */
	trackedName: string | null;
	/** The address is its own at present. */
	holds: boolean;
	/** It has other addresses at present. */
	elsewhere: boolean;
	/** Without those that are poisoned. */
	identifiers: readonly KnownIdentifier[];
	boot: Boot | null;
}

export interface Resolution {
	/** Null: none of them, a new one. */
	asset: number | null;
	rule: ResolutionRule;
	/** What the asset and the sighting have in common; of a new asset, nothing. */
	agreed: Identifier[];
	/** Candidates that were passed over though they have something in common, with what sets them apart. */
	passed: Passed[];
	/** Identifiers that two machines show at the same time. */
	poisoned: Poisoned[];
	/** What a new asset is tracked by. */
	tracking: { method: TrackingMethod; name: string | null };
	/** The name the asset at this address is tracked by did not resolve: nothing may be recorded. */
	unresolvedName: string | null;
}

export interface Passed {
	asset: number;
	/** What it has in common. */
	agreed: Identifier[];
	/** Kinds, `boot` (two machines were up at once) or `name` (tracked by a name that did not resolve to it). */
	apart: string[];
}

export interface Poisoned extends Identifier {
	/** The asset that has it as well. */
	asset: number;
	/** What shows that there are two machines. */
	apart: string[];
}

/** How long ago an identifier may have been seen on another machine to count as seen at the same time. Milliseconds. */
const sameTimeMs = 7 * 86_400_000;

export function resolve(sighting: Sighting, candidates: readonly Candidate[]): Resolution {
	const likenesses = [...candidates]
		.sort((a, b) => a.asset - b.asset)
		.map((candidate) => compareMachines(sighting, candidate));
	for (const { rule, holds: applies, forbidden } of rules) {
		const matching = likenesses.filter((like) => applies(like, likenesses) && forbidden(like).length === 0);
		const [best] = matching.sort(likelier);
		if (best !== undefined) return told(sighting, likenesses, best, rule);
	}
	return told(sighting, likenesses, null, "new");
}

interface Rule {
	rule: ResolutionRule;
	holds(like: Likeness, all: readonly Likeness[]): boolean;
	/** What forbids it, empty when nothing does. */
	forbidden(like: Likeness): string[];
}

/** What an authority gave to one machine: a copy of a machine may carry it, two that contradict are two machines. */
const assignedApart = ({ apart }: Likeness) =>
	apart.filter((kind) => kind === "agent-id" || kind === "host-id" || kind === "cloud-instance");

/**
 * A copy carries everything that is on the disk. What shows it: other hardware, two machines up at the same time, or another
 * name at another address.
 */
function cloneOf(like: Likeness): string[] {
	const { apart, hardwareAgrees, candidate, renamed } = like;
	const hardware = hardwareAgrees ? [] : apart.filter((kind) => kind === "dmi-uuid" || kind === "mac");
	if (candidate.holds || hardwareAgrees) return hardware;
	return [...hardware, ...apart.filter((kind) => kind === "boot"), ...(renamed ? ["netbios"] : [])];
}

/** Both made at installation, and both others: not the same installation. */
function installedApart({ apart }: Likeness): string[] {
	const both = apart.includes("machine-id") && apart.includes("ssh-host-key");
	return both ? ["machine-id", "ssh-host-key"] : [];
}

const isApart = (like: Likeness, ...kinds: string[]) => like.apart.filter((kind) => kinds.includes(kind));
const shares = (like: Likeness, kind: string) => like.agreed.some((one) => one.kind === kind);

const byIdentifier = (kind: ResolutionRule & Identifier["kind"], forbidden: Rule["forbidden"]): Rule => ({
	rule: kind,
	holds: (like) => shares(like, kind),
	forbidden,
});

/** In order: the first that holds and that nothing forbids decides. */
const rules: readonly Rule[] = [
	...(["agent-id", "host-id", "cloud-instance"] as const).map((kind) =>
		byIdentifier(kind, (like) => {
			// Given again after an installation it is the same machine; on other hardware elsewhere it is a copy.
			const copied = like.candidate.holds || like.hardwareAgrees ? [] : [...cloneOf(like), ...installedApart(like)];
			return [...assignedApart(like), ...copied];
		}),
	),
	{
		rule: "hardware",
		holds: (like) => shares(like, "dmi-uuid") && shares(like, "mac"),
		forbidden: assignedApart,
	},
	byIdentifier("machine-id", (like) => [
		...assignedApart(like),
		...cloneOf(like),
		...(like.candidate.holds || like.hardwareAgrees ? [] : isApart(like, "ssh-host-key")),
	]),
	byIdentifier("ssh-host-key", (like) => [...assignedApart(like), ...isApart(like, "machine-id"), ...cloneOf(like)]),
	byIdentifier("dmi-uuid", (like) => [
		...assignedApart(like),
		...isApart(like, "machine-id", "ssh-host-key", "mac"),
		...cloneOf(like),
	]),
	{
		rule: "tracked-name",
		holds: (like) => like.trackedNameResolved,
		forbidden: (like) => [
			...assignedApart(like),
			...(like.candidate.holds ? [] : isApart(like, "machine-id", "ssh-host-key", "dmi-uuid", "boot")),
		],
	},
	{
		// Installed anew: other keys, another machine-id, and yet the same hardware or the same name at the same place.
		rule: "place",
		holds: (like, all) =>
			like.candidate.holds &&
			!like.otherName &&
			(shares(like, "mac") || (like.ownName && all.filter(({ ownName }) => ownName).length === 1)),
		forbidden: (like) => [
			...assignedApart(like),
			...isApart(like, "dmi-uuid"),
			...(shares(like, "mac") ? [] : isApart(like, "mac", "seen-mac")),
		],
	},
	{
		rule: "adapter-and-name",
		holds: (like) => shares(like, "mac") && like.ownName && !like.otherName,
		forbidden: (like) => [...assignedApart(like), ...isApart(like, "machine-id", "ssh-host-key", "dmi-uuid", "boot")],
	},
	{
		rule: "address",
		holds: (like) => like.candidate.holds && like.candidate.trackedName === null,
		forbidden: (like) => [...like.apart],
	},
];

/** Of several that fit equally: who has the address, who has more in common, who was seen last, who is older. */
function likelier(a: Likeness, b: Likeness): number {
	return (
		Number(b.candidate.holds) - Number(a.candidate.holds) ||
		b.agreed.length - a.agreed.length ||
		lastSeen(b) - lastSeen(a) ||
		a.candidate.asset - b.candidate.asset
	);
}

function lastSeen({ candidate }: Likeness): number {
	return Math.max(0, ...candidate.identifiers.map((one) => one.lastSeen));
}

function told(sighting: Sighting, all: readonly Likeness[], best: Likeness | null, rule: ResolutionRule): Resolution {
	const others = all.filter((like) => like !== best);
	const passed = others.map((like) => {
		const { candidate, agreed, otherName } = like;
		return { asset: candidate.asset, agreed, apart: [...allApart(like), ...(otherName ? ["name"] : [])] };
	});
	const held = all.filter((like) => like.candidate.holds && like.candidate.trackedName !== null);
	const nameless = best === null ? (held.find((like) => like.noName)?.candidate.trackedName ?? null) : null;
	return {
		asset: best?.candidate.asset ?? null,
		rule,
		agreed: best?.agreed ?? [],
		passed,
		poisoned: others.flatMap((like) => poisonedBy(sighting, like)),
		tracking: trackingOf(sighting, held),
		unresolvedName: nameless,
	};
}

const allApart = ({ apart, renamed }: Likeness) => [...apart, ...(renamed ? ["netbios"] : [])];

/** What both show though they are two: seen there lately, and there is elsewhere. */
function poisonedBy({ at }: Sighting, like: Likeness): Poisoned[] {
	const { candidate, agreed } = like;
	const apart = allApart(like);
	if (candidate.holds || !candidate.elsewhere || apart.length === 0) return [];
	const lately = ({ kind, value }: Identifier) =>
		candidate.identifiers.some(
			(one) => one.kind === kind && one.value === value && one.answered && Math.abs(at - one.lastSeen) <= sameTimeMs,
		);
	return agreed
		.filter((one) => provenBy(one.kind, apart) && lately(one))
		.map((one) => ({ kind: one.kind, value: one.value, asset: candidate.asset, apart }));
}

/** Names and certificates are meant to be shared; what is to be one machine's alone is not. */
function provenBy(kind: Identifier["kind"], apart: readonly string[]): boolean {
	if (kind === "ip" || kind === "name" || kind === "netbios" || kind === "tls-key") return false;
	return apart.some((other) => other !== kind);
}

function trackingOf({ identifiers }: Sighting, held: readonly Likeness[]): Resolution["tracking"] {
	const has = (kind: string) => identifiers.some((one) => one.kind === kind);
	const byName = held[0]?.candidate;
	if (byName !== undefined) {
		const kind = byName.tracking === "NETBIOS" ? "netbios" : "name";
		const name = identifiers.find((one) => one.kind === kind && one.answered)?.value;
		if (name !== undefined) return { method: byName.tracking, name };
	}
	const method = has("agent-id") ? "AGENT" : has("cloud-instance") ? "INSTANCE_ID" : "IP";
	return { method, name: null };
}
