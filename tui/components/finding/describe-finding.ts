/** A finding as text: what is wrong, what was seen, what to do, where to read on, and what has happened to it. */
import type { MethodResult } from "../../../protocol/define.ts";
import type { get } from "../../../protocol/methods/findings.ts";
import type { Finding, FindingEvent } from "../../../protocol/model/finding.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { age, when } from "../../text/format.ts";
import { personName } from "../../text/people.ts";
import type { Piece } from "../../theme/line.ts";
import type { Token } from "../../theme/look.ts";
import { severityMark, severityName, severityToken } from "../../theme/severity.ts";
import { type Block, restAwaited } from "../reader/document.ts";
import { duePiece, statePieces } from "../ticket/ticket-words.ts";

export type FindingDetail = MethodResult<typeof get>;

const shownEvents = 12;

export function describeFinding(finding: Finding, detail: FindingDetail | undefined, now: number): Block[] {
	const blocks: Block[] = [
		{ kind: "text", text: finding.title, token: "strong" },
		{ kind: "gap" },
		{
			kind: "field",
			name: "severity",
			pieces: [severityMark(finding.severity), [` ${severityName(finding.severity)} · ${finding.type}`]],
		},
		{
			...{ kind: "field", name: "priority" },
			pieces: [
				[finding.priority.toFixed(1), "strong"],
				[" of 100; ", "muted"],
				[keyOf("finding", "why"), "key"],
				[" says why", "muted"],
			],
		},
		{ kind: "field", name: "where", pieces: wherePieces(finding) },
		{ kind: "field", name: "status", pieces: statusPieces(finding, now) },
		{ kind: "field", name: "seen", pieces: seenPieces(finding, now) },
	];
	if (finding.ticket !== null)
		blocks.push({ kind: "field", name: "ticket", pieces: ticketPieces(finding.ticket, now) });
	if (finding.cves.length > 0) blocks.push({ kind: "field", name: "CVE", pieces: [[finding.cves.join(" ")]] });
	blocks.push(...cvssBlocks(finding, detail), ...urgencyBlocks(finding));
	blocks.push({ kind: "field", name: "check", pieces: [[finding.signature], [`  QID ${finding.qid}`, "muted"]] });
	blocks.push(
		{ kind: "heading", text: "What was seen" },
		{ kind: "captured", text: finding.result || "nothing to show" },
	);
	if (!detail) return [...blocks, ...restAwaited];
	return [...blocks, ...signatureBlocks(detail), ...historyBlocks(detail.events)];
}

function cvssBlocks(finding: Finding, detail: FindingDetail | undefined): Block[] {
	if (finding.cvss === null) return [];
	const vector = detail?.signature.cvss?.vector ?? "";
	return [
		{
			kind: "field",
			name: "CVSS",
			pieces: [
				[finding.cvss.toFixed(1), "strong"],
				[`  ${vector}`, "muted"],
			],
		},
	];
}

const fixPieces: Record<NonNullable<Finding["fix"]>, Piece> = {
	available: ["an update is there", "good"],
	subscription: ["an update is there, for subscribers (Ubuntu Pro)", "warning"],
	none: ["the vendor has none yet", "warning"],
	postponed: ["put off by the vendor", "warning"],
	"will-not-fix": ["the vendor will not fix it", "muted"],
	"under-investigation": ["the vendor does not know yet whether it is affected", "muted"],
};

function urgencyBlocks({ kev, epss, fix }: Finding): Block[] {
	const exploited: Piece[] = kev ? [["known to be exploited (CISA KEV)", "bad"]] : [];
	const likely: Piece[] = epss === null ? [] : [[`${kev ? "  " : ""}EPSS ${(epss * 100).toFixed(1)} % within 30 days`]];
	const pieces = [...exploited, ...likely];
	return [
		...(pieces.length > 0 ? [{ kind: "field" as const, name: "used", pieces }] : []),
		...(fix === null ? [] : [{ kind: "field" as const, name: "fix", pieces: [fixPieces[fix]] }]),
	];
}

function signatureBlocks({ signature }: FindingDetail): Block[] {
	const blocks: Block[] = [
		{ kind: "heading", text: "Why it matters" },
		{ kind: "text", text: reflowed(signature.description) },
		{ kind: "heading", text: "What to do" },
		{ kind: "text", text: reflowed(signature.solution) },
	];
	if (signature.pci.fail) {
		blocks.push({ kind: "gap" }, { kind: "pieces", pieces: [["✗ ", "bad"], [`fails PCI (${signature.pci.reason})`]] });
	}
	const asked = (signature.requirements ?? []).map(({ standard, id }) => `${standard}, ${id}`);
	const references = [...asked, ...signature.cwes, ...signature.references];
	if (references.length > 0) blocks.push({ kind: "heading", text: "Read on" });
	for (const reference of references)
		blocks.push({ kind: "item", mark: ["·", "faint"], text: reference, token: "muted" });
	return blocks;
}

/** Paragraphs come broken for the file they are written in; lists and indented lines keep their breaks. */
function reflowed(text: string): string {
	return text.replace(/([^\n])\n(?=[^\n\s*•-])/g, "$1 ");
}

/** The asset's name, unless it is the address again. */
function wherePieces(finding: Finding): Piece[] {
	const where: Piece = [whereOf(finding), "address"];
	return finding.asset.name === finding.address ? [where] : [where, [`  ${finding.asset.name}`, "muted"]];
}

const eventWords: Record<Exclude<FindingEvent["kind"], "verified">, Piece> = {
	new: ["found for the first time", "warning"],
	found: ["found again", "text"],
	fixed: ["fixed", "good"],
	reopened: ["came back", "bad"],
	closed: ["closed: the host was not found alive any more", "muted"],
	corrected: ["judged anew: what we know has changed, the host has not", "accent"],
};

export function wordsOf({ kind }: FindingEvent): Piece {
	return kind === "verified" ? ["tested again", "accent"] : eventWords[kind];
}

/** What came of a test, in full: it is the note for whoever asked for the change. */
export function noteOf({ kind, result }: FindingEvent): Block[] {
	return kind === "verified" && result !== "" ? [{ kind: "text", text: result, indent: 2 }] : [];
}

function historyBlocks(events: readonly FindingEvent[]): Block[] {
	if (events.length === 0) return [];
	const newest = events.toSorted((one, other) => (one.at < other.at ? 1 : -1)).slice(0, shownEvents);
	return [
		{ kind: "heading", text: "History" },
		...newest.flatMap((event): Block[] => {
			const scan: Piece[] = event.scan === null ? [] : [[`  scan ${event.scan}`, "faint"]];
			return [
				{ kind: "pieces", pieces: [[`${when(event.at)}  `, "muted"], wordsOf(event), ...scan] },
				...noteOf(event),
			];
		}),
	];
}

function ticketPieces(ticket: NonNullable<Finding["ticket"]>, now: number): Piece[] {
	const { id, state, assignee } = ticket;
	return [
		[String(id)],
		["  "],
		statePieces[state],
		["  "],
		duePiece(ticket, now),
		[assignee === null ? "" : `  ${personName(assignee)}`, "muted"],
	];
}

function statusPieces(finding: Finding, now: number): Piece[] {
	if (finding.status === null) return [["gathered "], [`${age(finding.lastFound, now)} ago`, "muted"]];
	if (finding.excepted) return [statusPiece(finding.status), ["  set apart by an approved exception", "accent"]];
	if (finding.ignored) return [statusPiece(finding.status), ["  ignored; its ticket takes that back", "accent"]];
	return [statusPiece(finding.status), [`  since ${when(finding.firstFound)}`, "muted"]];
}

function seenPieces(finding: Finding, now: number): Piece[] {
	const times = finding.timesFound === 1 ? "once" : `${finding.timesFound} times`;
	return [[times], [`, last ${age(finding.lastFound, now)} ago`, "muted"]];
}

const statusTokens: Record<NonNullable<Finding["status"]>, Token> = {
	NEW: "warning",
	ACTIVE: "text",
	REOPENED: "bad",
	FIXED: "good",
};

export function statusPiece(status: Finding["status"]): Piece {
	return status === null ? ["info", "faint"] : [status.toLowerCase(), statusTokens[status]];
}

/** `10.0.0.1:443/tcp`, or the address alone when it is about the whole host. */
export function whereOf(finding: Pick<Finding, "address" | "port" | "protocol">): string {
	const address = finding.address.includes(":") && finding.port !== null ? `[${finding.address}]` : finding.address;
	return finding.port === null ? address : `${address}:${finding.port}/${finding.protocol ?? "tcp"}`;
}

/** One finding in one line: mark, where, title. */
export function findingLine(finding: Finding): Piece[] {
	const port = finding.port === null ? "host" : `${finding.port}/${finding.protocol ?? "tcp"}`;
	return [
		severityMark(finding.severity),
		["  "],
		[port.padEnd(10), "muted"],
		[finding.title, finding.status === "FIXED" ? "faint" : severityTextToken(finding)],
	];
}

function severityTextToken(finding: Finding): Token {
	return finding.severity >= 4 ? severityToken(finding.severity) : "text";
}
