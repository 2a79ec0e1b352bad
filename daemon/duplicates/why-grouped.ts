/** Says why two assets are shown as one machine, or why they are not, in sentences. Reads only. */
import type { DatabaseSync } from "node:sqlite";
import type { DuplicateGroup, DuplicateLink } from "../../protocol/model/duplicate.ts";
import { identifierRules } from "../identity/strength.ts";
import { findDuplicateGroup, isPending } from "../store/duplicates.ts";
import { findPoisoned, listKnownIdentifiers } from "../store/identifiers.ts";
import { first } from "../store/sql.ts";
import { mostSharing } from "./blocks.ts";
import { isStrong, largestGroup } from "./group.ts";
import { loadProfiles } from "./profile.ts";
import { leastConfidence, scorePair, strongConfidence } from "./score.ts";

/** `link`: the two compared, with what was said of them. At least one sentence. */
export function whyGrouped(db: DatabaseSync, link: DuplicateLink): string[] {
	const { a, b } = link;
	const [one, other] = [findDuplicateGroup(db, a), findDuplicateGroup(db, b)];
	if (one !== null && one.id === other?.id)
		return [
			`They are in group ${one.id}, which is ${one.confidence} % sure: as sure as the weakest link that holds it together.`,
		];
	if (isPending(db, [a, b])) return ["New evidence of them is still to be looked at: ask again in a moment."];
	const [idle, foreign] = [uselessWords(db, a, b), foreignWords(db, a, b)];
	if (link.vetoed) return [`They are no group: ${vetoWords(link)}.`, ...idle];
	if (link.for.length === 0)
		return ["They are no group: nothing that machines are recognised by is the same.", ...foreign, ...idle];
	if (link.confidence < leastConfidence)
		return [
			`They are no group: what they have in common makes it ${link.confidence} % sure, and groups are shown from ${leastConfidence} % on.`,
			...foreign,
			...idle,
			"A scan with a login tells: it reads what a machine has alone.",
		];
	const [group, stranger] = one === null ? [other, a] : [one, b];
	if (group !== null) return [groupWords(db, group, stranger, link)];
	return idle.length > 0
		? ["They are no group.", ...idle]
		: ["They are no group yet: search again to have them looked at."];
}

function vetoWords({ against: [strongest] }: DuplicateLink): string {
	if (strongest === undefined) return "they are two";
	return strongest.kind === "said" ? strongest.text : `they are two, by ${strongest.text}`;
}

/** Why an asset is not put to a group one of whose members it is like. */
function groupWords(db: DatabaseSync, group: DuplicateGroup, stranger: number, link: DuplicateLink): string {
	const like = link.a === stranger ? link.b : link.a;
	const members = group.members.map(({ id }) => id);
	const profiles = loadProfiles(db, [...members, stranger]);
	const profile = profiles.get(stranger);
	const others = members.flatMap((id) => {
		const member = profiles.get(id);
		return id === like || profile === undefined || member === undefined ? [] : scorePair(profile, member);
	});
	const memberIn = ({ a, b }: DuplicateLink) => (a === stranger ? b : a);
	const start = `Asset ${like} is in group ${group.id} (${group.confidence} % sure) with ${members.filter((id) => id !== like).join(", ")}`;
	const apart = others.find(({ vetoed }) => vetoed);
	if (apart !== undefined) return `${start}, and of assets ${stranger} and ${memberIn(apart)}: ${vetoWords(apart)}.`;
	if (members.length >= largestGroup) return `${start}, and a group has ${largestGroup} assets at most.`;
	const unlike = others.find(({ confidence }) => confidence < leastConfidence);
	if (unlike !== undefined && !isStrong(link))
		return `${start}, and asset ${stranger} is not like asset ${memberIn(unlike)}: only what is at least ${strongConfidence} % sure makes chains.`;
	return `${start}, and this is less sure (${link.confidence} %): it is shown when that group is decided on.`;
}

/** What both have and yet says nothing: poisoned, or on too many assets. */
function uselessWords(db: DatabaseSync, a: number, b: number): string[] {
	const theirs = new Set(listKnownIdentifiers(db, b).map(({ network, kind, value }) => `${network} ${kind} ${value}`));
	return listKnownIdentifiers(db, a)
		.filter(({ network, kind, value }) => kind !== "ip" && theirs.has(`${network} ${kind} ${value}`))
		.flatMap(({ network, kind, value }) => {
			const what = `${identifierRules[kind].title} ${value}`;
			if (findPoisoned(db, network, { kind, value }) !== null)
				return [`Both have the ${what}, which is poisoned: two machines showed it at once.`];
			const count = "SELECT count(*) AS n FROM identifier WHERE network = ? AND kind = ? AND value = ?";
			const n = first<{ n: number }>(db, count, network, kind, value)?.n ?? 0;
			const most = mostSharing(kind);
			return n > most
				? [`Both have the ${what}, but ${n} assets do: on more than ${most} it tells none from another.`]
				: [];
		});
}

function foreignWords(db: DatabaseSync, a: number, b: number): string[] {
	const [one, other] = loadProfiles(db, [a, b]).values();
	if (one === undefined || other === undefined || one.network === other.network) return [];
	return ["They are in different networks, where names, keys and adapters of one say nothing of the other."];
}
