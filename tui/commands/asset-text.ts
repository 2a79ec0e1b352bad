/** One asset as lines of text: what it is, its addresses, by what it is recognised, who told of it, and why it is it. */
import type { AssetDetail, AssetIdentifier } from "../../protocol/model/asset.ts";
import { age, when } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import { missedWords } from "../text/missed-words.ts";
import { strandedWords, takersOf } from "../text/stranded-words.ts";
import { type Column, table } from "./print.ts";

/** How tables are drawn; see `table`. */
export interface Look {
	colour: boolean;
	width: number | null;
}

/** By number, else by name or address. */
export function assetNamed(text: string): { id: number } | { name: string } {
	const id = Number(text.replace(/^#/, ""));
	return Number.isSafeInteger(id) && id > 0 ? { id } : { name: text };
}

export function assetLines(detail: AssetDetail, now: number, look: Look): string[] {
	const { asset, services, identifiers, addresses = [], sources = [] } = detail;
	const section = <Row>(title: string, rows: readonly Row[], columns: readonly Column<Row>[]) =>
		rows.length === 0
			? []
			: [
					"",
					`${title}:`,
					...table(rows, columns, look)
						.split("\n")
						.map((line) => `  ${line}`),
				];
	return [
		...overviewLines(detail, now),
		...strandedLines(detail),
		...section("Addresses", addresses, [
			{ title: "ADDRESS", value: (one) => one.address },
			{ title: "STATE", value: (one) => stateWords[one.state] },
			{ title: "NETWORK", value: (one) => one.network, max: 24 },
			{ title: "FIRST", value: (one) => when(one.firstSeen) },
			{ title: "SEEN", value: (one) => age(one.lastSeen, now), align: "right" },
		]),
		...section(
			"Recognised by (strongest first)",
			identifiers.filter(({ kind }) => kind !== "ip"),
			[
				{ title: "KIND", value: (one) => one.title ?? one.kind },
				{ title: "VALUE", value: ({ value, vendor }) => (vendor == null ? value : `${value} (${vendor})`), max: 60 },
				{ title: "STRENGTH", value: (one) => one.strength ?? null, align: "right" },
				{ title: "SOURCE", value: (one) => one.source ?? null },
				{ title: "HOW", value: howWords },
				{ title: "SEEN", value: (one) => age(one.lastSeen, now), align: "right" },
			],
		),
		...identifiers.flatMap((one) =>
			one.poisoned == null ? [] : [`  ! ${one.title ?? one.kind}: ${harmless(one.poisoned)}`],
		),
		...section("Sources", sources, [
			{ title: "SOURCE", value: (one) => one.source },
			{ title: "SEEN", value: (one) => age(one.lastSeen, now), align: "right" },
			{ title: "COUNTS FOR", value: (one) => one.tells.join(", ") || null },
			{ title: "EVIDENCE", value: (one) => one.kinds.join(" "), max: 90 },
		]),
		...section("Open ports", services, [
			{ title: "PORT", value: (one) => `${one.port}/${one.protocol}` },
			{ title: "ADDRESS", value: (one) => one.address },
			{ title: "SERVICE", value: (one) => one.name },
			{ title: "PRODUCT", value: (one) => [one.product, one.version].filter(Boolean).join(" ") || null, max: 50 },
		]),
		...whyLines(detail, now).slice(0, 6),
		"",
		`All of why: vedette why-asset ${asset.id}   Evidence: vedette assets show ${asset.id} --json`,
	];
}

function strandedLines({ asset: { id }, stranded }: AssetDetail): string[] {
	if (stranded == null) return [];
	const [taker] = takersOf(stranded);
	return [
		"",
		"No address:",
		...strandedWords(stranded).map((text) => `  ${harmless(text)}`),
		...(taker === undefined
			? []
			: [
					`  Compare the two:            vedette duplicates compare ${id} ${taker}`,
					`  One machine all the same:   vedette duplicates merge ${id} ${taker} --into ${taker}`,
				]),
		`  No longer there:            vedette purge run id:${id} --reason "WHY" --yes`,
	];
}

/** Why what was seen is this asset, the newest reason first. */
export function whyLines({ resolutions = [] }: AssetDetail, now: number): string[] {
	if (resolutions.length === 0) return ["", "Why: it was stored before reasons were kept; the next scan says why."];
	return [
		"",
		"Why it is this asset:",
		...resolutions.flatMap((one) => [
			`  ${harmless(one.address)}${one.scan === null ? "" : ` (scan ${one.scan})`}, ${age(one.at, now)} ago: ${one.because}`,
			...one.agreed.slice(0, 8).map(({ kind, value }) => `      = ${kind} ${harmless(value)}`),
			...one.passed.map(({ asset, because }) => `      not asset ${asset}: ${harmless(because)}`),
		]),
	];
}

const stateWords = { main: "main", current: "current", former: "former", claimed: "claimed" } as const;

function howWords(one: AssetIdentifier): string {
	if (one.poisoned != null) return "poisoned";
	return one.primary === false ? "claimed" : "answered";
}

function overviewLines({ asset, missed }: AssetDetail, now: number): string[] {
	const found = (["5", "4", "3", "2", "1"] as const).flatMap((level) =>
		asset.findings[level] === 0 ? [] : [`${asset.findings[level]} of severity ${level}`],
	);
	const facts: [string, string][] = [
		["Asset", `${asset.id}  ${asset.name}`],
		["System", asset.os ?? "not identified"],
		["Tracked by", asset.trackedBy == null ? asset.tracking : `${asset.tracking} ${asset.trackedBy}`],
		["Network", asset.network ?? "default"],
		["Tags", asset.tags.join(", ")],
		["Findings", found.join(", ") || "none open"],
		["First seen", when(asset.firstSeen)],
		["Last seen", `${when(asset.lastSeen)} (${age(asset.lastSeen, now)} ago)`],
		["Last scan", asset.lastScan === null ? "never" : when(asset.lastScan)],
		["Not found", missedWords(missed)],
	];
	return facts.filter(([, text]) => text !== "").map(([name, text]) => `${name.padEnd(11)} ${harmless(text)}`);
}
