/** Deciding on requests: one, or several with one note; signed with the operator's SSH key where the daemon knows it. */
import { AppError } from "../../../protocol/errors.ts";
import { decide, decideMany, get, revoke } from "../../../protocol/methods/exceptions.ts";
import { type Exception, type ExceptionForCaller, exceptionLimits } from "../../../protocol/model/exception.ts";
import { signRequest, signRequests } from "../../connect/sign-decision.ts";
import { findSigningKey, type OwnSigningKey } from "../../connect/signing-key.ts";
import type { FormField, ScreenContext } from "../../screens/view.ts";
import { beforeWords, blastWords, laterWords } from "../../text/exception-words.ts";
import { plural } from "../../text/format.ts";
import { personName } from "../../text/people.ts";
import type { RequestDetail } from "./describe-request.ts";

type Verdict = "approve" | "reject";
interface Said {
	readonly decision: Verdict;
	readonly note: string;
	readonly days?: number;
}

/** What the decision is made by is known before the dialog is there. */
export async function openDecide(
	context: ScreenContext,
	decision: Verdict,
	rows: readonly ExceptionForCaller[],
	done: () => void,
): Promise<void> {
	const [one] = rows;
	if (one === undefined) return;
	const [detail, key] = await Promise.all([
		rows.length === 1 ? context.client.call(get, { id: one.id }) : undefined,
		findSigningKey(context.client),
	]);
	const verb = decision === "approve" ? "Approve" : "Reject";
	context.open({
		to: "form",
		form: {
			title: rows.length === 1 ? `${verb} request ${one.id}` : `${verb} ${rows.length} requests`,
			verb: decision === "approve" ? "approves" : "rejects",
			fields: fieldsOf(decision, rows, key),
			preview: () => (detail ? oneLines(detail, decision) : severalLines(rows, decision)),
			async submit({ note = "", days, sign = "" }) {
				const said = { decision, note, ...(days === undefined ? {} : { days: Number(days) }) };
				if (rows.length > 1) await decideSeveral(context, rows, said, sign.trim(), done);
				else await decideOne(context, one, said, sign.trim(), done);
				done();
				return undefined;
			},
		},
	});
}

function fieldsOf(decision: Verdict, rows: readonly ExceptionForCaller[], key: OwnSigningKey): FormField[] {
	const [one] = rows;
	return [
		{
			...{ name: "note", label: "Note", value: "" },
			hint: decision === "approve" ? "may be left empty" : "who asked must know why",
		},
		...(decision === "approve" && one && rows.length === 1
			? [{ name: "days", label: "Days", value: String(one.days), hint: "as many as were asked for, or fewer" }]
			: []),
		...(key.isKnown
			? [
					{
						...{ name: "sign", label: "Sign with", value: key.path },
						hint: "your SSH key, or the .pub file of one your agent holds; empty: unsigned",
					},
				]
			: []),
	];
}

function oneLines({ exception, evidence, similar, singleOperator }: RequestDetail, decision: Verdict): string[] {
	const attached = evidence.map(({ name }) => name).join(", ");
	return [
		`${exception.subject} (${personName(exception.requester)})`,
		`“${exception.reason}”`,
		...(attached === "" ? ["Nothing is attached."] : [`Attached: ${attached}`]),
		...similar.slice(0, 2).map(beforeWords),
		...(singleOperator ? ["Four eyes are switched off: one's own requests may be decided."] : []),
		effectOf(decision, exception),
		...(decision === "approve" && exception.live ? [laterWords] : []),
	];
}

function severalLines(rows: readonly ExceptionForCaller[], decision: Verdict): string[] {
	const shown = 5;
	const own = rows.filter(({ refusal }) => refusal !== null).length;
	const meant = rows.filter(({ state, refusal }) => state === "requested" && refusal === null);
	const live = meant.filter((row) => row.live).length;
	const sum = (name: "findings" | "assets") => meant.reduce((total, row) => total + row[name], 0);
	return [
		...rows.slice(0, shown).map(({ id, subject, requester }) => `${id}  ${subject} (${personName(requester)})`),
		...(rows.length > shown ? [`and ${rows.length - shown} more`] : []),
		...(own > 0 ? [`${plural(own, "of them is", "of them are")} not yours to decide on, and left.`] : []),
		effectOf(decision, { findings: sum("findings"), assets: sum("assets") }),
		...(decision === "approve" && live > 0
			? [`${plural(live, "of them covers", "of them cover")} what comes later too.`]
			: []),
	];
}

function effectOf(decision: Verdict, figures: Pick<Exception, "findings" | "assets">): string {
	return decision === "approve"
		? `Approved, it ${blastWords(figures)}. Undone, it is revoked for good.`
		: "Nothing is hidden. This cannot be undone; it can be asked for again.";
}

async function decideOne(
	context: ScreenContext,
	{ id }: Exception,
	said: Said,
	path: string,
	done: () => void,
): Promise<void> {
	const signed = await signatureOf(context, id, said, path);
	const { exception, covered } = await context.client.call(decide, { id, ...said, ...signed });
	const withIt = path === "" ? "" : ", signed";
	if (said.decision === "reject") {
		context.toast("good", `Request ${id} is rejected${withIt}.`);
		return;
	}
	const until = exception.until?.slice(0, 10);
	context.offerUndo({
		what: `Approved until ${until}${withIt}: ${plural(covered, "finding")} set apart`,
		async undo() {
			await context.client.call(revoke, { id, note: "undone at once" });
			done();
		},
		final: revokedForGood,
	});
}

/** Whoever may decide may not ask in the place of who asked. */
const revokedForGood = "It is revoked for good: ask for it anew.";

/** As many as one call takes, again and again; one signature is over all of a call, as they stand now. */
async function decideSeveral(
	context: ScreenContext,
	rows: readonly ExceptionForCaller[],
	{ decision, note }: Said,
	path: string,
	done: () => void,
): Promise<void> {
	const { client } = context;
	const refusals: string[] = [];
	const made: number[] = [];
	const words = () =>
		`${plural(made.length, "request")} ${decision === "approve" ? "approved" : "rejected"}${path === "" ? "" : ", signed"}`;
	try {
		for (let from = 0; from < rows.length; from += exceptionLimits.scopes) {
			const ids = rows.slice(from, from + exceptionLimits.scopes).map(({ id }) => id);
			const key = { path, mayAsk: false };
			const signed = path === "" ? {} : { signature: await signRequests(client, ids, { decision, note }, key) };
			const { decided, refused } = await client.call(decideMany, { ids, decision, note, ...signed });
			made.push(...decided.map(({ id }) => id));
			refusals.push(...refused.map(({ reason }) => reason));
		}
	} finally {
		// Those of the calls before one that failed are approved all the same.
		if (decision === "approve" && made.length > 0) {
			const left = new Set(made);
			context.offerUndo({ what: words(), undo: () => revokeAll(context, left, done), final: revokedForGood });
		}
	}
	const [first] = refusals;
	if (first !== undefined) context.toast("bad", `${words()}, ${refusals.length} not: ${first}`);
	else if (decision === "reject") context.toast("good", `${words()}.`);
}

/** One after the other, those that cannot be left as they are; `left` has those that were not come to, when the daemon went. */
async function revokeAll({ client }: ScreenContext, left: Set<number>, done: () => void): Promise<void> {
	const refusals: string[] = [];
	try {
		for (const id of left) {
			try {
				await client.call(revoke, { id, note: "undone at once" });
			} catch (err) {
				if (!(err instanceof AppError) || err.code === "unavailable") throw err;
				refusals.push(err.message);
			}
			left.delete(id);
		}
	} finally {
		done();
	}
	const [first] = refusals;
	if (first !== undefined) throw new Error(`${plural(refusals.length, "request")} not revoked: ${first}`);
}

async function signatureOf(
	context: ScreenContext,
	id: number,
	said: Said,
	path: string,
): Promise<{ signature?: string }> {
	if (path === "") return {};
	return { signature: await signRequest(context.client, id, said, { path, mayAsk: false }) };
}
