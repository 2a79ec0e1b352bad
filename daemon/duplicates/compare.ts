/** Assets side by side: their evidence for and against each other, and each field of theirs. */
import type { DatabaseSync } from "node:sqlite";
import type {
	DuplicateDetail,
	DuplicateField,
	DuplicateGroup,
	DuplicateMember,
	MergeField,
} from "../../protocol/model/duplicate.ts";
import { identifierRules } from "../identity/strength.ts";
import { type IdentifierKind, identifierKinds } from "../store/identifiers.ts";
import { pairKey, readNotSame } from "../store/not-same.ts";
import { personName } from "../store/people.ts";
import { isoOf } from "../store/time.ts";
import { readSide } from "./merge.ts";
import { fieldText } from "./plan-merge.ts";
import { loadProfiles, type Profile } from "./profile.ts";
import { compareAll } from "./search.ts";
import { whyGrouped } from "./why-grouped.ts";

const linksTold = 200;
/** Values of one field of one asset that are told. */
const valuesTold = 8;

/** A group, or assets that are to be looked at as one. */
export function compareAssets(db: DatabaseSync, group: DuplicateGroup): DuplicateDetail {
	const ids = group.members.map(({ id }) => id);
	const profiles = loadProfiles(db, ids);
	const said = readNotSame(db);
	const links = compareAll(profiles).map((link) => {
		const word = said.get(pairKey(link.a, link.b));
		if (word === undefined) return link;
		const reason = word.why === "" ? "" : `: ${word.why}`;
		const text = `${personName(db, word.by)} said on ${isoOf(word.at).slice(0, 10)} that they are not the same${reason}`;
		return { ...link, confidence: 0, vetoed: true, against: [{ kind: "said", text, weight: 100 }, ...link.against] };
	});
	return { group, links: links.slice(0, linksTold), fields: fieldsOf(db, group.members, profiles) };
}

/** Assets that somebody chose; of two it is also told why they are shown as one machine, or are not. */
export function compareChosen(db: DatabaseSync, chosen: DuplicateGroup): DuplicateDetail {
	const detail = compareAssets(db, chosen);
	const [link, ...more] = detail.links;
	return link === undefined || more.length > 0 ? detail : { ...detail, grouping: whyGrouped(db, link) };
}

function fieldsOf(
	db: DatabaseSync,
	members: readonly DuplicateMember[],
	profiles: ReadonlyMap<number, Profile>,
): DuplicateField[] {
	const rows = members.map(({ id }) => readSide(db, id).row);
	const field = (name: string, values: string[], choice: MergeField | null = null): DuplicateField => {
		return { field: name, values, differs: new Set(values).size > 1, choice };
	};
	const chosen = (choice: MergeField) =>
		field(
			choice,
			rows.map((row) => fieldText(choice, row)),
			choice,
		);
	const identifiers = identifierKinds.flatMap((kind) => {
		const values = members.map(({ id }) => valuesOf(profiles.get(id), kind));
		return values.every((value) => value === "") ? [] : [field(identifierRules[kind].title, values)];
	});
	return [
		...(["name", "os", "tracking", "address"] as const).map(chosen),
		field(
			"addresses",
			members.map(({ addresses }) => addresses.join(", ")),
		),
		...identifiers.filter(({ field }) => field !== identifierRules.ip.title),
		field(
			"services",
			members.map(({ id }) => listed(profiles.get(id)?.services.map(serviceText) ?? [])),
		),
		field(
			"open ports",
			members.map(({ openPorts }) => String(openPorts)),
		),
		field(
			"open findings",
			members.map(({ findings }) => String(findings)),
		),
		field(
			"first seen",
			members.map(({ firstSeen }) => firstSeen.slice(0, 16).replace("T", " ")),
		),
		field(
			"last seen",
			members.map(({ lastSeen }) => lastSeen.slice(0, 16).replace("T", " ")),
		),
	];
}

function valuesOf(profile: Profile | undefined, kind: IdentifierKind): string {
	return listed((profile?.identifiers ?? []).filter((one) => one.kind === kind).map(({ value }) => value));
}

function listed(values: readonly string[]): string {
	const sorted = [...new Set(values)].sort();
	const more = sorted.length > valuesTold ? `, and ${sorted.length - valuesTold} more` : "";
	return `${sorted.slice(0, valuesTold).join(", ")}${more}`;
}

/** Without the number of its transport. */
function serviceText(text: string): string {
	const [port, , ...rest] = text.split(" ");
	return `${port} ${rest.join(" ")}`;
}
