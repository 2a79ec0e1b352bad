/** Groups of duplicates, links and merges as texts. */
import type {
	DuplicateDetail,
	DuplicateGroup,
	DuplicateLink,
	MergePreview,
	MergeRecord,
} from "../../../protocol/model/duplicate.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { age, count, plural } from "../../text/format.ts";
import { personName } from "../../text/people.ts";
import type { Piece } from "../../theme/line.ts";
import type { Block } from "../reader/document.ts";

/** How sure, with a word: meaning never hangs on colour alone. */
export function surePieces(confidence: number): Piece[] {
	if (confidence >= 90) return [[`${confidence} %`, "strong"]];
	return [[`${confidence} %`, confidence >= 70 ? "text" : "muted"]];
}

export function describeGroup(group: DuplicateGroup, detail: DuplicateDetail | undefined): readonly Block[] {
	const differing = (detail?.fields ?? []).filter(({ differs }) => differs).map(({ field }) => field);
	return [
		{ kind: "heading", text: `${group.confidence} % sure to be one machine` },
		...group.members.flatMap(({ id, name, addresses, os, openPorts, findings }): Block[] => [
			{ kind: "pieces", pieces: [[`${id} `, "muted"], [name, "strong"], ["  "], [addresses.join(" "), "address"]] },
			{
				kind: "pieces",
				pieces: [
					[
						`  ${os ?? "system unknown"}, ${plural(openPorts, "open port")}, ${plural(findings, "open finding")}`,
						"muted",
					],
				],
			},
		]),
		...(differing.length > 0
			? ([
					{ kind: "heading", text: "Differs" },
					{ kind: "text", text: differing.join(", ") },
				] as const)
			: []),
		...evidenceBlocks(detail?.links ?? []),
	];
}

/** What a merge would do: which asset stays, what moves to it, and what speaks against it. `into`: the one somebody chose. */
export function describeImpact(preview: MergePreview | undefined, into: number | undefined): Block[] {
	if (preview === undefined) return [{ kind: "text", text: "Asking what a merge would do …", token: "muted" }];
	const { survivor, gone, moves, obstacles, impossible } = preview;
	const how = into === undefined ? "known best and longest" : "chosen";
	const moved = moves
		.filter(({ rows }) => rows > 0)
		.map(({ what, rows, unified }) => `${count(rows)} ${what}${unified > 0 ? ` (${count(unified)} in both)` : ""}`);
	return [
		{ kind: "heading", text: "What merging does" },
		{
			kind: "pieces",
			pieces: [
				["stays ", "muted"],
				[`${survivor.id} ${survivor.name}`, "strong"],
				[`, ${how}`, "muted"],
			],
		},
		{ kind: "pieces", pieces: [["into it ", "muted"], [gone.map(({ id, name }) => `${id} ${name}`).join(", ")]] },
		{ kind: "item", mark: ["→", "accent"], text: moved.length === 0 ? "nothing moves" : moved.join(", ") },
		...obstacles.map((text): Block => ({ kind: "item", mark: ["✗", "bad"], text })),
		...(impossible === null ? [] : [{ kind: "item", mark: ["✗", "bad"], text: impossible } as const]),
		{ kind: "text", text: "It can be undone, also after later scans.", token: "muted" },
	];
}

/** What speaks for and against, pair by pair. */
export function evidenceBlocks(links: readonly DuplicateLink[]): Block[] {
	return links.flatMap(({ a, b, confidence, vetoed, for: reasons, against }): Block[] => [
		{
			kind: "heading",
			text: `${a} and ${b}`,
			figures: [vetoed ? ["two machines", "bad"] : [`${confidence} %`, "strong"]],
		},
		...reasons.map(({ text, weight }): Block => ({ kind: "item", mark: ["+", "good"], text: `${text} (${weight})` })),
		...against.map(({ text, weight }): Block => ({ kind: "item", mark: ["-", "bad"], text: `${text} (${weight})` })),
		...(reasons.length + against.length === 0
			? ([{ kind: "text", text: "nothing in common", token: "muted" }] as const)
			: []),
	]);
}

export function describeMerge(merge: MergeRecord, now: number): readonly Block[] {
	const { survivor, gone, by, why, at, automatic, confidence, chosen, undone, whyNotUndone, evidence, conflicts } =
		merge;
	const named = ({ id, name, addresses }: MergeRecord["survivor"]): Piece[] => [
		[`${id} `, "muted"],
		[name, "strong"],
		["  "],
		[addresses.slice(0, 8).join(" "), "address"],
	];
	return [
		{ kind: "field", name: "Into", pieces: named(survivor) },
		...gone.map((side): Block => ({ kind: "field", name: "Went into it", pieces: named(side) })),
		{ kind: "field", name: "When", pieces: [[`${at.slice(0, 16).replace("T", " ")} UTC, ${age(at, now)} ago`]] },
		{ kind: "field", name: "By", pieces: [[automatic ? "itself: it was sure" : personName(by)]] },
		...(why === "" ? [] : ([{ kind: "field", name: "Why", pieces: [[why]] }] as const)),
		{ kind: "field", name: "Sure", pieces: [[confidence === null ? "somebody said so" : `${confidence} %`]] },
		...Object.entries(chosen).map(
			([field, value]): Block => ({ kind: "field", name: `Held ${field}`, pieces: [[value]] }),
		),
		{ kind: "gap" },
		undone === null
			? whyNotUndone === null
				? {
						kind: "pieces",
						pieces: [
							[keyOf("merges", "undo"), "key"],
							[" undoes it, with what came in since", "muted"],
						],
					}
				: { kind: "text", text: whyNotUndone, token: "warning" }
			: {
					kind: "text",
					text: `Undone by ${personName(undone.by)} on ${undone.at.slice(0, 16).replace("T", " ")} UTC${undone.why === "" ? "" : `: ${undone.why}`}`,
					token: "muted",
				},
		...(isContradicted(merge)
			? ([
					{
						kind: "pieces",
						pieces: [
							[keyOf("merges", "keep"), "key"],
							[" keeps it: what speaks against it is told no more", "muted"],
						],
					},
				] as const)
			: []),
		...(conflicts.length > 0 ? ([{ kind: "heading", text: "Against it, since" }] as const) : []),
		...conflicts.map(({ text, at: seen, kept }): Block => {
			const words = kept === null ? "" : `, kept by ${personName(kept.by)}${kept.why === "" ? "" : `: ${kept.why}`}`;
			const mark: Piece = kept === null ? ["!", "bad"] : ["-", "muted"];
			return { kind: "item", mark, text: `${text} (${age(seen, now)} ago${words})` };
		}),
		{ kind: "heading", text: "The evidence there was" },
		...evidenceBlocks(evidence),
		...(evidence.length === 0 ? ([{ kind: "text", text: "none", token: "muted" }] as const) : []),
	];
}

/** Something came in since that speaks against it, and nobody has looked at that. */
export function isContradicted({ undone, conflicts }: MergeRecord): boolean {
	return undone === null && conflicts.some(({ kept }) => kept === null);
}

export function mergeState(merge: MergeRecord): Piece[] {
	const { undone, whyNotUndone } = merge;
	if (undone !== null) return [["undone", "muted"]];
	if (isContradicted(merge)) return [["! contradicted", "bad"]];
	return whyNotUndone === null ? [["holds", "good"]] : [["holds, see why", "warning"]];
}

export function memberNames({ members }: DuplicateGroup): string {
	return [...new Set(members.map(({ name }) => name))].join(" = ");
}

export function memberCount({ members }: DuplicateGroup): string {
	return count(members.length);
}
