/** By what an asset is recognised, where it is and was, who told of it, and why what was seen is it: as text. */
import type { AssetDetail, AssetIdentifier } from "../../../protocol/model/asset.ts";
import type { ResolutionView } from "../../../protocol/model/identity.ts";
import { age } from "../../text/format.ts";
import type { Piece } from "../../theme/line.ts";
import type { Block } from "../reader/document.ts";

/** Reasons shown; all of them: `vedette why-asset`. */
const shownReasons = 12;

export function identityTabBlocks(detail: AssetDetail, now: number): Block[] {
	const { asset, identifiers, addresses = [], sources = [], resolutions = [] } = detail;
	const others = identifiers.filter(({ kind }) => kind !== "ip");
	return [
		{
			kind: "field",
			name: "tracked by",
			pieces: [[asset.tracking], [asset.trackedBy == null ? "" : ` ${asset.trackedBy}`, "strong"]],
		},
		{ kind: "heading", text: "Recognised by", figures: [["strongest first", "faint"]] },
		...(others.length === 0 ? [{ kind: "text", text: "Its address alone.", token: "muted" } as const] : []),
		...others.flatMap((one) => identifierBlocks(one, now)),
		{ kind: "heading", text: "Addresses" },
		...addresses.map(({ address, state, network, lastSeen }): Block => {
			const mark = state === "main" ? "strong" : state === "current" ? "text" : "faint";
			const where: Piece = [network === "default" ? "" : `  in ${network}`, "muted"];
			return {
				kind: "pieces",
				pieces: [
					[address.padEnd(18), "address"],
					[state.padEnd(9), mark],
					[`seen ${age(lastSeen, now)} ago`, "muted"],
					where,
				],
			};
		}),
		{ kind: "heading", text: "Sources" },
		...sources.map(({ source, kinds, lastSeen, tells }): Block => {
			const counts = tells.length === 0 ? "" : `  counts for ${tells.join(" and ")}`;
			const seen: Piece = [`${age(lastSeen, now)} ago`.padEnd(10), "muted"];
			return {
				kind: "pieces",
				pieces: [[source.padEnd(9)], seen, [counts, "good"], [`  ${kinds.join(" ")}`, "faint"]],
			};
		}),
		{ kind: "heading", text: "Why it is this asset" },
		...resolutions.slice(0, shownReasons).flatMap((one) => reasonBlocks(one, now)),
		...(resolutions.length === 0
			? [{ kind: "text", text: "Reasons are kept from the next scan on.", token: "muted" } as const]
			: []),
	];
}

function identifierBlocks(one: AssetIdentifier, now: number): Block[] {
	const poisoned = one.poisoned != null;
	const how = poisoned ? "poisoned" : one.primary === false ? "claimed" : "answered";
	const line: Block = {
		kind: "pieces",
		pieces: [
			[String(one.strength ?? "").padStart(3), poisoned ? "faint" : "strong"],
			[`  ${(one.title ?? one.kind).padEnd(17)}`],
			[
				`${how.padEnd(9)} ${(one.source ?? "").padEnd(8)} ${age(one.lastSeen, now).padStart(4)}  `,
				poisoned ? "bad" : "muted",
			],
			[one.value, "address"],
			[one.vendor == null ? "" : `  ${one.vendor}`, "muted"],
		],
	};
	return poisoned ? [line, { kind: "text", text: one.poisoned ?? "", token: "warning", indent: 5 }] : [line];
}

function reasonBlocks({ address, scan, at, because, agreed, passed }: ResolutionView, now: number): Block[] {
	const by = scan === null ? "" : `, scan ${scan}`;
	return [
		{
			kind: "pieces",
			pieces: [
				[address, "address"],
				[`  ${age(at, now)} ago${by}`, "muted"],
			],
		},
		{ kind: "text", text: because, indent: 2 },
		...agreed
			.slice(0, 6)
			.map(({ kind, value }): Block => ({ kind: "text", text: `= ${kind} ${value}`, token: "muted", indent: 4 })),
		...passed.map(
			(one): Block => ({ kind: "text", text: `not asset ${one.asset}: ${one.because}`, token: "muted", indent: 4 }),
		),
	];
}
