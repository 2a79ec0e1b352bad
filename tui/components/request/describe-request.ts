/** A request as text: what it is about, what was done to verify it, what was said and decided. */
import type { MethodResult } from "../../../protocol/define.ts";
import type { get } from "../../../protocol/methods/exceptions.ts";
import type {
	CoveredFinding,
	Exception,
	ExceptionEvent,
	ExceptionForCaller,
	ExceptionState,
} from "../../../protocol/model/exception.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { blastWords, scopeWords, similarWords, standingWords } from "../../text/exception-words.ts";
import { count, plural, when } from "../../text/format.ts";
import { personName } from "../../text/people.ts";
import type { Piece } from "../../theme/line.ts";
import type { Token } from "../../theme/look.ts";
import { severityMark } from "../../theme/severity.ts";
import { type Block, restAwaited } from "../reader/document.ts";

export type RequestDetail = MethodResult<typeof get>;

const shownFindings = 20;

export function describeRequest(one: ExceptionForCaller, detail: RequestDetail | undefined): Block[] {
	const blocks: Block[] = [
		{ kind: "text", text: one.subject, token: "strong" },
		{ kind: "gap" },
		{ kind: "field", name: "state", pieces: [[standingWords(one), stateTokens[one.state]]] },
		{ kind: "field", name: "kind", pieces: [[one.kind]] },
		{ kind: "field", name: "covers", pieces: [[blastWords(one)], [`  ${scopeWords(one.scope)}`, "muted"]] },
		{
			...{ kind: "field", name: "asked by" },
			pieces: [
				[personName(one.requester)],
				[`  ${when(one.requestedAt)} UTC, for ${plural(one.days, "day")}`, "muted"],
			],
		},
		...(one.previous === null ? [] : [field("again", `what request ${one.previous} asked for`)]),
		...(one.next === null ? [] : [field("asked again", `as request ${one.next}`)]),
		...(one.decisionNote ? [field("decision", one.decisionNote)] : []),
		...(one.endNote ? [field("end", one.endNote)] : []),
		...(one.signed ? [field("signed", "the decision carries a signature")] : []),
		{ kind: "heading", text: "What was done to verify it" },
		{ kind: "text", text: one.reason },
	];
	if (!detail) return [...blocks, ...restAwaited];
	const alone: Block[] = detail.singleOperator
		? [
				{ kind: "gap" },
				{
					...{ kind: "item", mark: ["!", "warning"] },
					text: "Four eyes are switched off: one's own requests may be decided.",
				},
			]
		: [];
	const own: Block[] =
		one.state === "requested" && one.refusal !== null
			? [{ kind: "gap" }, { kind: "item", mark: ["!", "warning"], text: one.refusal }]
			: [];
	return [...blocks, ...alone, ...own, ...restOf(one, detail)];
}

function restOf(one: Exception, { findings, evidence, history, similar }: RequestDetail): Block[] {
	const more = one.findings - Math.min(findings.length, shownFindings);
	return [
		...headed(
			"Evidence",
			evidence.map(({ id, name, bytes, who }) => [
				[`${id} `, "muted"],
				[name],
				[`  ${count(bytes)} bytes, ${personName(who)}`, "muted"],
			]),
		),
		...listed(
			"Decided before on the like",
			similar.map((before) => ({ text: similarWords(before), token: stateTokens[before.state] })),
		),
		...headed("Findings, the worst first", findings.slice(0, shownFindings).map(coveredPieces)),
		...(more > 0 ? [{ kind: "text", text: `and ${plural(more, "more finding")}`, token: "faint" } as Block] : []),
		{ kind: "heading", text: "History" },
		...history.flatMap((event): Block[] => [
			{
				kind: "pieces",
				pieces: [[`${when(event.at)}  `, "muted"], eventPiece(event), [`  ${personName(event.who)}`, "muted"]],
			},
			...(event.text === "" ? [] : [{ kind: "item", mark: [" ", "faint"], text: event.text, token: "muted" } as Block]),
		]),
	];
}

/** For a finding: the requests that cover it. */
export function requestBlocks(requests: readonly Exception[]): Block[] {
	return listed(
		`Requests for exceptions (${keyOf("finding", "request")} opens the newest)`,
		requests.map((one) => ({
			text: `request ${one.id}, ${one.kind}: ${standingWords(one)}`,
			token: stateTokens[one.state],
		})),
	);
}

function coveredPieces({ severity, title, asset, port }: CoveredFinding): Piece[] {
	return [severityMark(severity), [`  ${port === null ? asset.name : `${asset.name}:${port}`}  `, "address"], [title]];
}

const stateTokens: Readonly<Record<ExceptionState, Token>> = {
	requested: "warning",
	approved: "good",
	rejected: "bad",
	withdrawn: "muted",
	expired: "muted",
	revoked: "muted",
};

/** Its word tells it without the colour. */
export function statePiece(state: ExceptionState): Piece {
	return [state, stateTokens[state]];
}

const eventTokens: Partial<Record<ExceptionEvent["kind"], Token>> = {
	approved: "good",
	rejected: "bad",
	warned: "warning",
	expired: "warning",
};

function eventPiece({ kind }: ExceptionEvent): Piece {
	return [kind, eventTokens[kind] ?? "text"];
}

function field(name: string, text: string): Block {
	return { kind: "field", name, pieces: [[text]] };
}

function headed(text: string, lines: readonly Piece[][]): Block[] {
	if (lines.length === 0) return [];
	return [{ kind: "heading", text }, ...lines.map((pieces): Block => ({ kind: "pieces", pieces }))];
}

/** Sentences, each gone on with under itself. */
function listed(text: string, sentences: readonly { readonly text: string; readonly token: Token }[]): Block[] {
	if (sentences.length === 0) return [];
	return [
		{ kind: "heading", text },
		...sentences.map((sentence): Block => ({ kind: "item", mark: ["·", "faint"], ...sentence })),
	];
}
