/** What is done to requests, from their list and from one of them. */
import { writeFile } from "node:fs/promises";
import { mayAccess } from "../../../protocol/define.ts";
import { comment, decide, decideMany, readEvidence, revoke, withdraw } from "../../../protocol/methods/exceptions.ts";
import { type Exception, exceptionLimits } from "../../../protocol/model/exception.ts";
import { attachEvidence, readEvidenceFile } from "../../connect/attach-evidence.ts";
import type { HandlersOf, ScreenContext } from "../../screens/view.ts";
import { blastWords, standingWords } from "../../text/exception-words.ts";
import { plural } from "../../text/format.ts";
import { askAgain } from "./ask-forms.ts";

const dayMs = 86_400_000;

export interface RequestActs {
	/** What an act is about; deciding takes all of them, the rest the first. */
	rows(): readonly Exception[];
	done(): void;
}

/** Handlers of the scope `requests`, without those of the view. */
export function requestHandlers(
	context: ScreenContext,
	{ rows, done }: RequestActs,
): Omit<HandlersOf<"requests">, "view"> {
	const one = () => rows()[0];
	const on = (act: (row: Exception) => void) => () => {
		const row = one();
		if (row) act(row);
	};
	const unless = (reason: (row: Exception) => string | undefined) => () => {
		const row = one();
		return row === undefined ? "There is no request." : reason(row);
	};
	const mayDecide = unless((row) => {
		if (!mayAccess(context.client.hello.access, "approve")) return "Deciding needs approve access.";
		if (rows().length > 1) return undefined;
		return row.state === "requested" ? undefined : `Request ${row.id}: ${standingWords(row)}.`;
	});
	const isOpen = unless((row) => (row.state === "requested" ? undefined : `Request ${row.id}: ${standingWords(row)}.`));
	return {
		approve: { run: () => openDecide(context, "approve", rows(), done), disabled: mayDecide },
		reject: { run: () => openDecide(context, "reject", rows(), done), disabled: mayDecide },
		resubmit: {
			run: on((row) => askAgain(context, row, done)),
			disabled: unless((row) => {
				if (row.next !== null) return `It was asked for again already: request ${row.next}.`;
				if (row.state === "requested") return "It waits for a decision.";
				const soon = row.until !== null && Date.parse(row.until) - context.now() <= exceptionLimits.warnDays * dayMs;
				return row.state === "approved" && !soon
					? `It holds until ${row.until?.slice(0, 10)}; in its last ${exceptionLimits.warnDays} days it can be asked for again.`
					: undefined;
			}),
		},
		comment: { run: on((row) => openComment(context, row, done)), disabled: unless(() => undefined) },
		attach: { run: on((row) => openAttach(context, row, done)), disabled: isOpen },
		"save-evidence": {
			run: on((row) => openSave(context, row)),
			disabled: unless((row) => (row.evidence > 0 ? undefined : "Nothing is attached to it.")),
		},
		withdraw: { run: on((row) => openWithdraw(context, row, done)), disabled: isOpen },
		revoke: {
			run: on((row) => openRevoke(context, row, done)),
			disabled: unless((row) => {
				if (!mayAccess(context.client.hello.access, "approve")) return "Taking an approval back needs approve access.";
				return row.state === "approved" ? undefined : "Only what is approved can be revoked.";
			}),
		},
	};
}

function openDecide(
	context: ScreenContext,
	decision: "approve" | "reject",
	rows: readonly Exception[],
	done: () => void,
): void {
	const [one] = rows;
	if (one === undefined) return;
	const verb = decision === "approve" ? "Approve" : "Reject";
	const figures = { findings: sum(rows, "findings"), assets: sum(rows, "assets") };
	context.open({
		to: "form",
		form: {
			title: rows.length === 1 ? `${verb} request ${one.id}` : `${verb} ${rows.length} requests`,
			verb: decision === "approve" ? "approves" : "rejects",
			fields: [
				{
					name: "note",
					label: "Note",
					value: "",
					hint: decision === "approve" ? "may be left empty" : "who asked must know why",
				},
				...(decision === "approve" && rows.length === 1
					? [{ name: "days", label: "Days", value: String(one.days), hint: "as many as were asked for, or fewer" }]
					: []),
			],
			preview: () => [
				...rows.slice(0, 5).map(({ id, subject, requester }) => `${id}  ${subject} (${requester})`),
				...(rows.length > 5 ? [`and ${rows.length - 5} more`] : []),
				...(rows.length === 1 ? [`“${one.reason}”`] : []),
				decision === "approve"
					? `Approved, it ${blastWords(figures)}.`
					: "Nothing is hidden; it can be asked for again.",
			],
			async submit({ note = "", days }) {
				if (rows.length > 1) {
					const ids = rows.map(({ id }) => id);
					const { decided, refused } = await context.client.call(decideMany, { ids, decision, note });
					const [first] = refused;
					const words = `${plural(decided.length, "request")} decided`;
					if (first === undefined) context.toast("good", `${words}.`);
					else context.toast("bad", `${words}, ${refused.length} not: ${first.reason}`);
				} else {
					const term = days === undefined ? {} : { days: Number(days) };
					const outcome = await context.client.call(decide, { id: one.id, decision, note, ...term });
					const until = outcome.exception.until?.slice(0, 10);
					if (decision === "reject") context.toast("good", `Request ${one.id} is rejected.`);
					else {
						context.offerUndo({
							what: `Approved until ${until}: ${plural(outcome.covered, "finding")} set apart`,
							async undo() {
								await context.client.call(revoke, { id: one.id, note: "undone at once" });
								done();
							},
						});
					}
				}
				done();
				return undefined;
			},
		},
	});
}

function openComment(context: ScreenContext, { id }: Exception, done: () => void): void {
	ask(
		context,
		`Comment on request ${id}`,
		"says it",
		{ label: "Comment", hint: "for everybody who looks at it" },
		async (text) => {
			await context.client.call(comment, { id, text });
			done();
			return "Said.";
		},
	);
}

function openAttach(context: ScreenContext, { id }: Exception, done: () => void): void {
	const field = { label: "File", hint: "on this machine, 1 MiB at most" };
	ask(context, `Attach evidence to request ${id}`, "attaches", field, async (path) => {
		const name = await attachEvidence(context.client, id, await readEvidenceFile(path));
		done();
		return `Attached: ${name}`;
	});
}

function openSave(context: ScreenContext, { id }: Exception): void {
	context.open({
		to: "form",
		form: {
			title: `Write evidence of request ${id} to a file`,
			verb: "writes",
			fields: [
				{ name: "evidence", label: "Evidence", value: "", hint: "its number, as the request shows it" },
				{ name: "path", label: "File", value: "", hint: "on this machine; never over one that is there" },
			],
			async submit({ evidence = "", path = "" }) {
				if (path.trim() === "") throw new Error("Which file?");
				const read = await context.client.call(readEvidence, { id, evidence: Number(evidence) });
				await writeFile(path.trim(), Buffer.from(read.content, "base64"), { flag: "wx", mode: 0o600 });
				context.toast("good", `${read.name}: ${plural(read.bytes, "byte")} written.`);
				return undefined;
			},
		},
	});
}

function openWithdraw(context: ScreenContext, { id, subject }: Exception, done: () => void): void {
	context.open({
		to: "confirm",
		question: {
			title: `Withdraw request ${id}?`,
			effect: [subject, "Nobody decides on it any more; it can be asked for again."],
			...{ yes: "Withdraw", no: "Leave" },
			run: () =>
				void context.client.call(withdraw, { id }).then(() => {
					context.toast("good", `Request ${id} is withdrawn.`);
					done();
				}, context.fail),
		},
	});
}

function openRevoke(context: ScreenContext, { id }: Exception, done: () => void): void {
	ask(
		context,
		`Take the approval of request ${id} back`,
		"revokes",
		{ label: "Why", hint: "who asked must know why" },
		async (note) => {
			const { restored } = await context.client.call(revoke, { id, note });
			done();
			return `Revoked: ${plural(restored, "finding counts", "findings count")} again.`;
		},
	);
}

/** A dialog of one line; what `act` resolves with is said. */
function ask(
	context: ScreenContext,
	title: string,
	verb: string,
	field: { label: string; hint: string },
	act: (text: string) => Promise<string>,
): void {
	context.open({
		to: "form",
		form: {
			...{ title, verb },
			fields: [{ name: "text", value: "", ...field }],
			async submit({ text = "" }) {
				if (text.trim() === "") throw new Error(`${field.label}: nothing is written there.`);
				context.toast("good", await act(text.trim()));
				return undefined;
			},
		},
	});
}

function sum(rows: readonly Exception[], name: "findings" | "assets"): number {
	return rows.reduce((total, row) => total + row[name], 0);
}
