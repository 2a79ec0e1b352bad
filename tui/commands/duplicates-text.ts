/** Duplicates and merges as the command line tells them. */
import type {
	DuplicateDetail,
	DuplicateGroup,
	DuplicateLink,
	DuplicatesStatus,
	MergePreview,
	MergeRecord,
	NotSame,
} from "../../protocol/model/duplicate.ts";
import { age, count, plural } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import { personName } from "../text/people.ts";
import { strandedFilter } from "../text/stranded-words.ts";
import { type Column, duration } from "./print.ts";

export function groupColumns(now: number): Column<DuplicateGroup>[] {
	return [
		{ title: "GROUP", value: ({ id }) => id, align: "right" },
		{ title: "SURE", value: ({ confidence }) => `${confidence} %`, align: "right" },
		{ title: "ASSETS", value: ({ members }) => members.length, align: "right" },
		{ title: "NAMES", value: ({ members }) => [...new Set(members.map(({ name }) => name))].join(" = "), max: 60 },
		{ title: "ADDRESSES", value: ({ members }) => members.flatMap(({ addresses }) => addresses).join(" "), max: 50 },
		{ title: "IN COMMON", value: ({ reasons }) => reasons.join(", "), max: 40 },
		{ title: "FOUND", value: ({ foundAt }) => age(foundAt, now), align: "right" },
	];
}

export function mergeColumns(now: number): Column<MergeRecord>[] {
	return [
		{ title: "MERGE", value: ({ id }) => id, align: "right" },
		{ title: "AGO", value: ({ at }) => age(at, now), align: "right" },
		{ title: "BY", value: ({ by, automatic }) => (automatic ? "by itself" : personName(by)), max: 20 },
		{ title: "INTO", value: ({ survivor }) => `${survivor.id} ${survivor.name}`, max: 40 },
		{ title: "WENT INTO IT", value: ({ gone }) => gone.map(({ id, name }) => `${id} ${name}`).join(", "), max: 50 },
		{ title: "SURE", value: ({ confidence }) => (confidence === null ? null : `${confidence} %`), align: "right" },
		{ title: "STATE", value: stateOf, max: 30 },
		{ title: "WHY", value: ({ why }) => why, max: 40 },
	];
}

export function rejectionColumns(now: number): Column<NotSame>[] {
	const named = ({ id, name }: NotSame["a"]) => `${id} ${name ?? "(gone)"}`;
	return [
		{ title: "ASSET", value: ({ a }) => named(a), max: 40 },
		{ title: "IS NOT", value: ({ b }) => named(b), max: 40 },
		{ title: "AGO", value: ({ at }) => age(at, now), align: "right" },
		{ title: "BY", value: ({ by }) => personName(by), max: 20 },
		{ title: "WHY", value: ({ why }) => why, max: 50 },
	];
}

/** A group in full: its assets, the evidence, the fields side by side. */
export function detailLines({ group, links, fields, grouping = [] }: DuplicateDetail, all: boolean): string[] {
	const members = group.members.flatMap(({ id, name, addresses, os }) => [
		`  ${id}  ${harmless(name)}  ${harmless(addresses.join(" ")) || "no address"}  ${harmless(os ?? "system unknown")}`,
	]);
	const shown = fields.filter(({ differs }) => all || differs);
	return [
		...(group.confidence > 0 ? [`Group ${group.id}: ${group.confidence} % sure`] : []),
		...members,
		"",
		...links.flatMap(linkLines),
		...grouping.map(harmless),
		"",
		all ? "Fields (* differs)" : "Fields that differ",
		...shown.flatMap(({ field, values, differs }) => [
			`  ${differs ? "*" : " "} ${field}`,
			...values.map((value, at) => `      ${group.members[at]?.id ?? ""}  ${harmless(value) || "-"}`),
		]),
		...(shown.length === 0 ? ["  none"] : []),
	];
}

export function linkLines({ a, b, confidence, vetoed, for: reasons, against }: DuplicateLink): string[] {
	const verdict = vetoed ? "two machines" : `${confidence} % sure to be one`;
	return [
		`${a} and ${b}: ${verdict}`,
		...reasons.map(({ text, weight }) => `  + ${harmless(text)} (${weight})`),
		...against.map(({ text, weight }) => `  - ${harmless(text)} (${weight})`),
		...(reasons.length + against.length === 0 ? ["  nothing in common"] : []),
	];
}

export function previewLines(preview: MergePreview): string[] {
	const { survivor, gone, fields, moves, confidence, obstacles, impossible } = preview;
	const names = gone.map(({ id, name }) => `${id} ${harmless(name)}`).join(", ");
	return [
		`Stays: asset ${survivor.id} ${harmless(survivor.name)}`,
		`Goes into it: ${names}`,
		...fields.map(
			({ field, value, from, chosen }) =>
				`  ${field}: ${harmless(value) || "-"}  (of ${from}${chosen ? ", and holds" : ""})`,
		),
		...moves.map(({ what, rows, unified }) => {
			const both = unified > 0 ? `, ${unified} of them with what is there already` : "";
			return `  ${count(rows)} ${what} ${rows === 1 ? "moves" : "move"}${both}`;
		}),
		confidence === null ? "Nothing was found that all of them have in common." : `${confidence} % sure.`,
		...obstacles.map((text) => `Against it: ${harmless(text)}`),
		...(obstacles.length > 0 && impossible === null ? ["With that against it, it takes --force."] : []),
		...(impossible === null ? [] : [`It cannot be done: ${harmless(impossible)}`]),
	];
}

export function mergeLines(merge: MergeRecord): string[] {
	const { id, survivor, gone, why, by, at, automatic, evidence, chosen, undone, whyNotUndone, conflicts } = merge;
	return [
		`Merge ${id}: ${gone.map((side) => `${side.id} ${harmless(side.name)}`).join(", ")} into ${survivor.id} ${harmless(survivor.name)}`,
		`${automatic ? "By itself" : `By ${harmless(personName(by))}`} on ${at.slice(0, 16).replace("T", " ")} UTC${why === "" ? "" : `: ${harmless(why)}`}`,
		...Object.entries(chosen).map(([field, value]) => `  ${field} holds: ${harmless(value)}`),
		...evidence.flatMap(linkLines),
		...conflicts.map(
			({ text, at: seen, kept }) =>
				`  against it since ${seen.slice(0, 16).replace("T", " ")} UTC: ${harmless(text)}${kept === null ? "" : ` (kept by ${harmless(personName(kept.by))}${kept.why === "" ? "" : `: ${harmless(kept.why)}`})`}`,
		),
		...(isContradicted(merge) ? [`Keep it all the same with: vedette duplicates keep ${id}`] : []),
		undone === null && whyNotUndone === null
			? `Undo it with: vedette duplicates undo ${id}`
			: harmless(whyNotUndone ?? stateOf(merge)),
	];
}

/** `stranded`: assets without an address. */
export function statusLines(status: DuplicatesStatus, stranded: number): string[] {
	const { groups, searching, pending, searchedAt, tookMs, auto, contradicted, common } = status;
	const searched =
		searchedAt === null
			? "The whole inventory was not searched yet."
			: `The whole inventory was searched on ${searchedAt.slice(0, 16).replace("T", " ")} UTC, in ${duration(tookMs ?? 0)}.`;
	return [
		`${plural(groups, "group")} of assets that may be one machine.`,
		searching ? "A search of everything is going on." : searched,
		...(pending > 0 ? [`${plural(pending, "asset")} with new evidence still to be looked at.`] : []),
		auto === null ? "Nothing is merged by itself." : `From ${auto} % on, groups are merged by themselves.`,
		...(contradicted > 0
			? [
					`Something that came in since speaks against ${plural(contradicted, "merge")}: vedette duplicates merges contradicted:yes`,
				]
			: []),
		...(stranded > 0
			? [
					`${plural(stranded, "asset")} without an address, as others answer where they were: vedette assets "${strandedFilter}"`,
				]
			: []),
		...(common.length > 0 ? ["On too many assets to tell anything:"] : []),
		...common.map(({ kind, value, assets }) => `  ${kind} ${harmless(value)}: ${count(assets)} assets`),
	];
}

/** Something came in since that speaks against it, and nobody has looked at that. */
function isContradicted({ undone, conflicts }: MergeRecord): boolean {
	return undone === null && conflicts.some(({ kept }) => kept === null);
}

function stateOf(merge: MergeRecord): string {
	const { undone, whyNotUndone } = merge;
	if (undone !== null) return `undone by ${personName(undone.by)}`;
	if (isContradicted(merge)) return "holds, CONTRADICTED";
	return whyNotUndone === null ? "holds" : "holds, not to be undone now";
}
