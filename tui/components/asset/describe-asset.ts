/** An asset as text: what it is, what it offers, what is wrong with it, and what was gathered. */

import type { Asset, AssetDetail, EvidenceRecordView, Service } from "../../../protocol/model/asset.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { age, plural, when } from "../../text/format.ts";
import { lastLogin } from "../../text/login-words.ts";
import { missedWords } from "../../text/missed-words.ts";
import { strandedWords, takersOf } from "../../text/stranded-words.ts";
import type { Piece } from "../../theme/line.ts";
import {
	countOf,
	severities,
	severityName,
	severityShape,
	severitySummary,
	severityToken,
	totalOf,
} from "../../theme/severity.ts";
import { type Block, restAwaited } from "../reader/document.ts";
import { tagPieces } from "../tag/tag-pieces.ts";

/** Enough of an asset for the pane beside the list. */
export function summarizeAsset(asset: Asset, detail: AssetDetail | undefined, now: number): Block[] {
	return [
		...identityBlocks(asset, detail, now),
		...strandedBlocks(detail),
		...severityBlocks(asset),
		...portBlocks(detail?.services),
	];
}

function strandedBlocks(detail: AssetDetail | undefined): Block[] {
	if (detail?.stranded == null) return [];
	const acts: Piece[] = [
		...(takersOf(detail.stranded).length === 0
			? []
			: ([
					[keyOf("asset", "merge"), "key"],
					[" compares and merges   ", "muted"],
				] as const)),
		[keyOf("asset", "purge"), "key"],
		[" purges", "muted"],
	];
	return [
		{ kind: "heading", text: "No address" },
		...strandedWords(detail.stranded).map((text): Block => ({ kind: "text", text })),
		{ kind: "pieces", pieces: acts },
	];
}

function identityBlocks(asset: Asset, detail: AssetDetail | undefined, now: number): Block[] {
	const blocks: Block[] = [
		{ kind: "field", name: "name", pieces: [[asset.name, "strong"]] },
		{
			kind: "field",
			name: asset.addresses.length > 1 ? "addresses" : "address",
			pieces: asset.addresses.length === 0 ? [["none at present", "faint"]] : [[asset.addresses.join(" "), "address"]],
		},
		{ kind: "field", name: "system", pieces: [asset.os === null ? ["not identified", "faint"] : [asset.os]] },
		{ kind: "field", name: "known by", pieces: [[knownBy(asset), "muted"]] },
	];
	if ((asset.network ?? "default") !== "default")
		blocks.push({ kind: "field", name: "network", pieces: [[asset.network ?? ""]] });
	if (asset.tags.length > 0)
		blocks.push({ kind: "field", name: "tags", pieces: tagPieces(asset.tags, asset.tagColours) });
	blocks.push(
		{ kind: "field", name: "first seen", pieces: [[when(asset.firstSeen)]] },
		{
			kind: "field",
			name: "last seen",
			pieces: [[`${age(asset.lastSeen, now)} ago`], [`  ${when(asset.lastSeen)}`, "faint"]],
		},
		{
			kind: "field",
			name: "last scan",
			pieces: [[asset.lastScan === null ? "never" : `${age(asset.lastScan, now)} ago`]],
		},
	);
	blocks.push(...loginBlocks(detail, now));
	const missed = missedWords(detail?.missed);
	if (missed !== "") blocks.push({ kind: "field", name: "not found", pieces: [[missed, "warning"]] });
	const poisoned = (detail?.identifiers ?? []).filter((one) => one.poisoned != null).length;
	if (poisoned > 0)
		blocks.push({
			kind: "field",
			name: "poisoned",
			pieces: [[`${plural(poisoned, "identifier")}; see Identity`, "warning"]],
		});
	return blocks;
}

/** Whether what is inside is known, and why not: without a login most of what is wrong with a machine stays unseen. */
function loginBlocks(detail: AssetDetail | undefined, now: number): Block[] {
	if (detail === undefined) return [];
	const login = lastLogin(detail.records);
	if (login === null) return [{ kind: "field", name: "login", pieces: [["never tried", "faint"]] }];
	const told: Piece[] = [
		[login.text, login.token],
		[`  ${age(login.at, now)} ago`, "faint"],
	];
	const why: Block[] = login.why === "" ? [] : [{ kind: "field", name: "", pieces: [[login.why, "muted"]] }];
	return [{ kind: "field", name: "login", pieces: told }, ...why];
}

function knownBy({ tracking, trackedBy, addresses }: Asset): string {
	return trackedBy == null
		? tracking === "IP" && addresses.length > 1
			? "its identifiers"
			: tracking
		: `${tracking} ${trackedBy}`;
}

function severityBlocks(asset: Asset): Block[] {
	const total = totalOf(asset.findings);
	const blocks: Block[] = [
		{
			kind: "heading",
			text: "Open findings",
			figures: total === 0 ? [["none", "good"]] : severitySummary(asset.findings),
		},
	];
	for (const severity of severities) {
		const count = countOf(asset.findings, severity);
		if (count === 0) continue;
		const pieces: Piece[] = [
			severityShape(severity),
			[` ${severityName(severity).padEnd(10)}`, severityToken(severity)],
			[String(count).padStart(4)],
		];
		blocks.push({ kind: "pieces", pieces });
	}
	return blocks;
}

function portBlocks(services: readonly Service[] | undefined): Block[] {
	if (!services) return [...restAwaited];
	const blocks: Block[] = [{ kind: "heading", text: plural(services.length, "open port") }];
	const several = new Set(services.map(({ address }) => address)).size > 1;
	for (const [at, service] of services.entries()) {
		// Of a machine with several addresses the same port says nothing without the one it is at.
		if (several && service.address !== services[at - 1]?.address) {
			blocks.push({ kind: "pieces", pieces: [[`at ${service.address}`, "muted"]] });
		}
		blocks.push({ kind: "pieces", pieces: servicePieces(service) });
	}
	if (services.length === 0) blocks.push({ kind: "text", text: "No open port was seen.", token: "muted" });
	return blocks;
}

/** A service in one line: port, protocol, product. */
export function servicePieces(service: Service): Piece[] {
	const name = service.name ?? "not recognised";
	const what = [service.product, service.version].filter((part) => part !== null).join(" ");
	return [
		[`${service.port}/${service.protocol}`.padEnd(10), "address"],
		[`${name}${service.tls ? " (tls)" : ""}`.padEnd(14).concat(" "), service.name === null ? "faint" : "text"],
		[what],
		[service.info === null ? "" : `  ${service.info}`, "faint"],
	];
}

/** Evidence as it was stored, indented; long values are cut where the reader cuts them. */
export function evidenceBlocks(records: readonly EvidenceRecordView[], now: number): Block[] {
	if (records.length === 0) return [{ kind: "text", text: "No evidence is kept for this asset.", token: "muted" }];
	return records.flatMap((record): Block[] => {
		const where = record.port === 0 ? record.address : `${record.address}:${record.port}/${record.protocol}`;
		const note = record.complete ? "" : " · incomplete";
		return [
			{
				kind: "heading",
				text: record.kind,
				figures: [
					[where, "address"],
					[`  ${record.source}, ${age(record.observedAt, now)} ago${note}`, "muted"],
				],
			},
			{ kind: "captured", text: JSON.stringify(record.data, null, 2) ?? "" },
		];
	});
}
