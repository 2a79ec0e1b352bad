/** What people see of ghosts: rows of neighbouring networks that are alike joined to one entry, with its evidence in words. Pure. */
import type { Ghost, GhostKind } from "../../protocol/model/ghost.ts";
import type { GhostRow } from "../evidence/ghost-sighting.ts";
import { AddressSet } from "../scope/address-set.ts";
import type { GhostRules } from "./rules.ts";
import { rangeTexts, startOf, unitSize } from "./unit.ts";

/** Which addresses a row has, its ranges say. */
export type GhostPart = Omit<GhostRow, "addresses">;

/** Ports named in an entry. */
const mostSpoken = 32;

/** By origin, newest first, then by address. */
export function ghostEntries(parts: readonly GhostPart[], rules: GhostRules): Ghost[] {
	return joined(parts).map((group) => entryOf(group, rules));
}

function joined(parts: readonly GhostPart[]): GhostPart[][] {
	const sorted = [...parts].sort(
		(a, b) =>
			(b.scan ?? 0) - (a.scan ?? 0) ||
			(b.map ?? 0) - (a.map ?? 0) ||
			a.kind.localeCompare(b.kind) ||
			a.pattern.join().localeCompare(b.pattern.join()) ||
			byStart(a.network, b.network),
	);
	const groups: GhostPart[][] = [];
	for (const part of sorted) {
		const group = groups.at(-1);
		const before = group?.at(-1);
		if (group !== undefined && before !== undefined && belongTogether(before, part)) group.push(part);
		else groups.push([part]);
	}
	return groups;
}

function byStart(a: string, b: string): number {
	const [first, second] = [startOf(a), startOf(b)];
	if (first === null || second === null) return a.localeCompare(b);
	return first.family - second.family || (first.value < second.value ? -1 : first.value > second.value ? 1 : 0);
}

function belongTogether(a: GhostPart, b: GhostPart): boolean {
	const [first, second] = [startOf(a.network), startOf(b.network)];
	return (
		a.scan === b.scan &&
		a.map === b.map &&
		a.kind === b.kind &&
		a.pattern.join() === b.pattern.join() &&
		first !== null &&
		second !== null &&
		first.family === second.family &&
		first.value + BigInt(unitSize) === second.value
	);
}

function entryOf(parts: readonly GhostPart[], rules: GhostRules): Ghost {
	const [one] = parts;
	if (one === undefined) throw new RangeError("an entry has at least one part");
	const addresses = AddressSet.fromText(parts.flatMap((part) => part.ranges));
	const sum = (of: (part: GhostPart) => number) => parts.reduce((total, part) => total + of(part), 0);
	const canaries = {
		asked: sum((part) => part.canaries.asked),
		accepted: sum((part) => part.canaries.accepted),
		refused: sum((part) => part.canaries.refused),
	};
	const rtts = parts.flatMap((part) => (part.rttMs === null ? [] : [part.rttMs]));
	const base = {
		id: Math.min(...parts.map((part) => part.id)),
		scan: one.scan,
		map: one.map,
		kind: one.kind,
		confidence:
			one.kind === "told" || (canaries.accepted > 0 && canaries.refused === 0)
				? ("certain" as const)
				: ("likely" as const),
		ranges: rangeTexts(addresses),
		addresses: addresses.size,
		asked: Math.max(
			addresses.size,
			sum((part) => part.asked),
		),
		ports: [...one.pattern],
		canaries,
		listenedTo: sum((part) => part.listenedTo),
		spoke: parts.flatMap((part) => part.spoken).slice(0, mostSpoken),
		rttMs:
			rtts.length === 0
				? null
				: { least: Math.min(...rtts.map(({ least }) => least)), most: Math.max(...rtts.map(({ most }) => most)) },
		firstSeenAt: new Date(Math.min(...parts.map((part) => part.firstAt))).toISOString(),
		lastSeenAt: new Date(Math.max(...parts.map((part) => part.lastAt))).toISOString(),
		rule: ruleOver(addresses, rules),
	};
	return { ...base, evidence: evidenceOf(base, one.openOfAsked) };
}

function ruleOver(addresses: AddressSet, rules: GhostRules): Ghost["rule"] {
	if (addresses.subtract(rules.real).size === 0) return "real";
	return addresses.subtract(rules.ghosts).size === 0 ? "ghost" : null;
}

/** Sentences, the strongest first. */
function evidenceOf(
	ghost: Omit<Ghost, "evidence">,
	openOfAsked: { readonly open: number; readonly asked: number } | null,
): string[] {
	const { kind, addresses, asked, ports, canaries, listenedTo, spoke, rttMs } = ghost;
	const sentences: string[] = [answered(kind, addresses, asked, ports)];
	if (canaries.accepted > 0)
		sentences.push(
			`${canaries.accepted} of ${canaries.asked} canary ports, which nobody has a reason to listen on, accepted.`,
		);
	else if (canaries.asked > 0 && kind !== "told")
		sentences.push(
			`Canary ports: ${canaries.asked} asked, ${canaries.refused === 0 ? "none" : canaries.refused} refused, none accepted.`,
		);
	if (openOfAsked !== null) sentences.push(`${openOfAsked.open} of ${openOfAsked.asked} ports asked were open.`);
	if (kind === "gateway-error")
		sentences.push("Each answered with the same error of a proxy that cannot reach whom it was asked for.");
	else if (spoke.length > 0) sentences.push(spokenWords(spoke));
	else if (listenedTo > 0)
		sentences.push(
			`No byte came from any of ${listenedTo === 1 ? "the one port" : `the ${listenedTo} ports`} listened to.`,
		);
	if (rttMs !== null && addresses > 1)
		sentences.push(`Round trips were between ${rttMs.least.toFixed(1)} and ${rttMs.most.toFixed(1)} ms.`);
	return sentences;
}

function answered(kind: GhostKind, addresses: number, asked: number, ports: readonly number[]): string {
	const who = `${addresses} of ${asked} ${asked === 1 ? "address" : "addresses"}`;
	switch (kind) {
		case "accepts-any-port":
			return `${who} accepted a connection on whatever port was asked.`;
		case "says-nothing":
		case "gateway-error":
			return `${who} answered on ${listOf(ports)} only, and dropped everything else.`;
		case "refuses-any-port":
			return `${who} answered by refusing, and none has a port open.`;
		case "nothing-open":
			return `${who} answered discovery, dropped everything else, and none has a port open.`;
		case "told":
			return `${who} answered; somebody said that these are ghosts.`;
	}
}

function spokenWords(spoke: Ghost["spoke"]): string {
	const words = spoke
		.slice(0, 4)
		.map(({ address, port, protocol }) => `${address}:${port} (${protocol ?? "not recognised"})`);
	const more = spoke.length > 4 ? ` and ${spoke.length - 4} more` : "";
	const meaning = spoke.some(({ canary }) => canary)
		? "canary ports among them, so it is made up"
		: "a real host may stand behind that";
	return `Something spoke on ${words.join(", ")}${more}: ${meaning}.`;
}

function listOf(ports: readonly number[]): string {
	return ports.length < 2 ? `port ${ports.join()}` : `ports ${ports.slice(0, -1).join(", ")} and ${ports.at(-1)}`;
}
