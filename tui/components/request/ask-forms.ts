/** The dialogs of asking: that findings be set apart, and once more. What would be hidden is known before the dialog is there. */

import type { MethodResult } from "../../../protocol/define.ts";
import { preview, type preview as previewMethod, request, resubmit } from "../../../protocol/methods/exceptions.ts";
import {
	type Exception,
	type ExceptionKind,
	type ExceptionScope,
	exceptionKinds,
	exceptionLimits,
} from "../../../protocol/model/exception.ts";
import type { Finding } from "../../../protocol/model/finding.ts";
import { attachEvidence, type EvidenceFile, readEvidenceFile } from "../../connect/attach-evidence.ts";
import { keyOf } from "../../keys/find-binding.ts";
import type { FormField, FormValues, ScreenContext } from "../../screens/view.ts";
import { sentenceOf } from "../../state/desk-words.ts";
import { beforeWords, blastWords, previewWords } from "../../text/exception-words.ts";
import { plural } from "../../text/format.ts";
import { personName } from "../../text/people.ts";

type Shown = MethodResult<typeof previewMethod>;

/** What a request may be about, and what it would hide. */
interface Choice {
	readonly name: string;
	/** A request for each. */
	readonly scopes: readonly ExceptionScope[];
	readonly shown: Shown;
}

/** Why nobody needs to ask; undefined when it may be asked for. */
export function whyNotExcept(finding: Finding | undefined): string | undefined {
	if (finding?.status === null) return "Information needs no exception.";
	return finding?.status === "FIXED" ? "It is fixed: there is nothing to set apart." : undefined;
}

/** For one finding: it alone, its vulnerability on its asset, or everywhere. For several: these, in one request or in one each. */
export function askForFindings(context: ScreenContext, findings: readonly Finding[], done: () => void): void {
	const [one] = findings;
	if (one === undefined) return;
	if (findings.length > 1) {
		const ids = findings.slice(0, exceptionLimits.findings).map(({ id }) => id);
		const each = ids.map((id): ExceptionScope => ({ kind: "findings", findings: [id] }));
		open(
			context,
			[
				{ name: `these ${ids.length}`, scopes: [{ kind: "findings", findings: ids }] },
				...(each.length > exceptionLimits.scopes
					? []
					: [{ name: `these ${ids.length}, a request for each`, scopes: each }]),
			],
			done,
		);
		return;
	}
	const qids = [one.qid];
	open(
		context,
		[
			{ name: "this finding", scopes: [{ kind: "findings", findings: [one.id] }] },
			{
				name: `QID ${one.qid} on ${one.asset.name}`,
				scopes: [{ kind: "asset", asset: one.asset.id, qids, live: false }],
			},
			{ name: `QID ${one.qid} everywhere`, scopes: [{ kind: "query", query: "", qids, live: false }] },
		],
		done,
	);
}

/** For all that a filter matches, on the screen or not. */
export function askForAll(context: ScreenContext, filter: string, done: () => void): void {
	open(context, [{ name: "all that match", scopes: [{ kind: "query", query: filter, qids: [], live: false }] }], done);
}

function open(context: ScreenContext, wanted: readonly Omit<Choice, "shown">[], done: () => void): void {
	const asked = wanted.map(async (choice) => {
		return { ...choice, shown: await context.client.call(preview, { scopes: [...choice.scopes] }) };
	});
	context.opens(Promise.all(asked).then((choices) => openAsk(context, choices, done)));
}

function openAsk(context: ScreenContext, choices: readonly Choice[], done: () => void): void {
	const chosen = (values: FormValues) => choices.find(({ name }) => name === values.covers) ?? choices[0];
	const names = choices.map(({ name }) => name);
	const mayLive = choices.some(({ scopes }) => scopes.some(namesChecks));
	context.open({
		to: "form",
		form: {
			title: "Ask for an exception",
			verb: "asks",
			fields: [
				...(choices.length > 1
					? [{ name: "covers", label: "Covers", value: names[0] ?? "", choices: names, hint: "← → choose" }]
					: []),
				...(mayLive
					? [
							{
								name: "later",
								label: "Later ones",
								value: "no",
								choices: ["no", "yes"],
								hint: "covered too, as it comes; not for one finding",
							},
						]
					: []),
				...wordFields("false-positive", "", exceptionLimits.days),
				{ name: "evidence", label: "Evidence", value: "", hint: "a file to attach, 1 MiB at most; empty: none" },
			],
			preview(values) {
				const choice = chosen(values);
				if (choice === undefined) return [];
				const { shown } = choice;
				if (shown.refusal !== null) return [shown.refusal];
				return [
					shown.subject,
					...previewWords(shown, isLive(choice, values)),
					...shown.similar.slice(0, 2).map(beforeWords),
				];
			},
			async submit(values) {
				const choice = chosen(values);
				if (choice === undefined) return undefined;
				const words = wordsOf(values);
				const file = values.evidence?.trim() ? await readEvidenceFile(values.evidence.trim()) : null;
				const live = isLive(choice, values);
				const scopes = choice.scopes.map((scope) => (live && namesChecks(scope) ? { ...scope, live } : scope));
				// Its digest is over the scope too.
				const { digest } = live ? await context.client.call(preview, { scopes }) : choice.shown;
				const { requests } = await context.client.call(request, { ...words, scopes, digest });
				done();
				const told = madeWords(requests, choice.shown);
				const problem = file === null ? null : await whyNotAttached(context, requests, file);
				// Asked for once more, because the form is still there, they would be there twice.
				if (problem === null) context.toast("good", told);
				else context.toast("bad", `${told} ${problem}`);
				return undefined;
			},
		},
	});
}

/** Null: all of them have it. */
async function whyNotAttached(
	{ client }: ScreenContext,
	requests: readonly Exception[],
	file: EvidenceFile,
): Promise<string | null> {
	let at: number | undefined;
	try {
		for (const { id } of requests) {
			at = id;
			await attachEvidence(client, id, file);
		}
		return null;
	} catch (err) {
		const further = at === requests.at(-1)?.id ? "" : " and those after it";
		return `${file.name} is not attached to request ${at}${further}: ${sentenceOf(err)}`;
	}
}

function madeWords(requests: readonly Exception[], shown: Shown): string {
	const ids = requests.map(({ id }) => id);
	const [one] = requests;
	const [which, it] =
		one !== undefined && ids.length === 1
			? [`Request ${one.id}: ${blastWords(one)}`, "it"]
			: [`Requests ${Math.min(...ids)} to ${Math.max(...ids)} together ${blastWords(shown, "hide")}`, "them"];
	return `${which} once somebody else approves ${it}; ${keyOf("everywhere", "requests")} shows ${it}.`;
}

function isLive({ scopes }: Choice, { later }: FormValues): boolean {
	return scopes.some(namesChecks) && later === "yes";
}

/** What comes later can be covered only where it is said which vulnerabilities. */
function namesChecks(scope: ExceptionScope): scope is Exclude<ExceptionScope, { kind: "findings" }> {
	return scope.kind !== "findings" && scope.qids.length > 0;
}

/** A new request with the text of the old one, for what its scope means by now. */
export function askAgain(context: ScreenContext, old: Exception, done: () => void): void {
	const asked = context.client.call(preview, { scopes: [old.scope] });
	context.opens(asked.then((shown) => openAgain(context, old, shown, done)));
}

function openAgain(context: ScreenContext, old: Exception, shown: Shown, done: () => void): void {
	const { findings, refusal } = shown;
	context.open({
		to: "form",
		form: {
			title: `Ask again for what request ${old.id} asked for`,
			verb: "asks",
			fields: wordFields(old.kind, old.reason, old.days),
			preview: () => [
				findings === 0 ? old.subject : shown.subject,
				...(old.decisionNote ? [`${personName(old.decidedBy ?? "")} said: ${old.decisionNote}`] : []),
				...(refusal === null ? previewWords(shown, old.live) : [refusal]),
				...(findings === old.findings ? [] : [`Request ${old.id} was about ${plural(old.findings, "finding")}.`]),
			],
			async submit(values) {
				const made = await context.client.call(resubmit, { id: old.id, ...wordsOf(values) });
				context.toast("good", `Request ${made.id} asks again, for ${plural(made.findings, "finding")}.`);
				done();
				return undefined;
			},
		},
	});
}

function wordFields(kind: ExceptionKind, reason: string, days: number): FormField[] {
	return [
		{
			name: "kind",
			label: "Kind",
			value: kind,
			choices: [...exceptionKinds],
			hint: (value) => kindHints[value as ExceptionKind],
		},
		{ name: "reason", label: "Reason", value: reason, hint: "what was done to verify it" },
		{
			name: "days",
			label: "Days",
			value: String(days),
			hint: `how long an approval holds, ${exceptionLimits.mostDays} at most`,
		},
	];
}

const kindHints: Readonly<Record<ExceptionKind, string>> = {
	"false-positive": "it is not there",
	"compensating-control": "it is there, and something else prevents its use",
	"risk-accepted": "it is there, and somebody answers for it",
	"not-applicable": "it does not concern this system, or could not be decided",
};

function wordsOf({ kind, reason = "", days = "" }: FormValues): { kind: ExceptionKind; reason: string; days: number } {
	if (reason.trim() === "") throw new Error("A request needs a reason: what was done to verify it.");
	const number = Number(days.trim());
	if (!Number.isInteger(number) || number < 1 || number > exceptionLimits.mostDays)
		throw new Error(`Days are a whole number from 1 to ${exceptionLimits.mostDays}.`);
	return { kind: kind as ExceptionKind, reason, days: number };
}
