/** What is done to requests, from their list and from one of them. */
import { writeFile } from "node:fs/promises";
import { mayAccess } from "../../../protocol/define.ts";
import { comment, get, readEvidence, revoke, withdraw } from "../../../protocol/methods/exceptions.ts";
import { type Exception, type ExceptionForCaller, exceptionLimits } from "../../../protocol/model/exception.ts";
import { attachEvidence, readEvidenceFile } from "../../connect/attach-evidence.ts";
import type { HandlersOf, ScreenContext } from "../../screens/view.ts";
import { standingWords } from "../../text/exception-words.ts";
import { plural, when } from "../../text/format.ts";
import { personName } from "../../text/people.ts";
import { askAgain } from "./ask-forms.ts";
import { coveredFilter } from "./covered-filter.ts";
import { openDecide } from "./decide-form.ts";

const dayMs = 86_400_000;

export interface RequestActs {
	/** What an act is about, of what is here; deciding takes all of them, the rest the first. */
	rows(): readonly ExceptionForCaller[];
	/** All of them, once they have been read; without it there are no others than those here. */
	take?(verb: string, run: (rows: readonly ExceptionForCaller[]) => void): void;
	done(): void;
}

/** Handlers of the scope `requests`, without those of the view. */
export function requestHandlers(
	context: ScreenContext,
	{ rows, take = (_, run) => run(rows()), done }: RequestActs,
): Omit<HandlersOf<"requests">, "view"> {
	const one = () => rows()[0];
	const on = (act: (row: Exception) => void) => () => {
		const row = one();
		if (row) act(row);
	};
	const unless = (reason: (row: ExceptionForCaller) => string | undefined) => () => {
		const row = one();
		return row === undefined ? "There is no request." : reason(row);
	};
	const mayDecide = unless((row) => {
		if (!mayAccess(context.client.hello.access, "approve")) return "Deciding needs approve access.";
		if (rows().length > 1)
			return rows().every(({ refusal }) => refusal !== null) ? (row.refusal ?? undefined) : undefined;
		return row.state === "requested" ? (row.refusal ?? undefined) : `Request ${row.id}: ${standingWords(row)}.`;
	});
	const isOpen = unless((row) => (row.state === "requested" ? undefined : `Request ${row.id}: ${standingWords(row)}.`));
	return {
		approve: {
			run: () => take("Approve", (all) => context.opens(openDecide(context, "approve", all, done))),
			disabled: mayDecide,
		},
		reject: {
			run: () => take("Reject", (all) => context.opens(openDecide(context, "reject", all, done))),
			disabled: mayDecide,
		},
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
			run: on((row) => context.opens(openSave(context, row))),
			disabled: unless((row) => (row.evidence > 0 ? undefined : "Nothing is attached to it.")),
		},
		findings: {
			run: on((row) => context.opens(openCovered(context, row))),
			disabled: unless((row) => (row.findings > 0 ? undefined : "It covers nothing.")),
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

function openComment(context: ScreenContext, { id }: Exception, done: () => void): void {
	ask(
		context,
		`Comment on request ${id}`,
		"says it",
		{ label: "Comment", hint: "for everybody who looks at it" },
		() => ["It stays: a comment cannot be taken back."],
		async (text) => {
			await context.client.call(comment, { id, text });
			done();
			return "Said.";
		},
	);
}

function openAttach(context: ScreenContext, { id }: Exception, done: () => void): void {
	const field = { label: "File", hint: "on this machine, 1 MiB at most" };
	const before = () => ["It stays with the request: it cannot be taken off again."];
	ask(context, `Attach evidence to request ${id}`, "attaches", field, before, async (path) => {
		const name = await attachEvidence(context.client, id, await readEvidenceFile(path));
		done();
		return `Attached: ${name}`;
	});
}

async function openCovered(context: ScreenContext, { id }: Exception): Promise<void> {
	context.open({ to: "findings", filter: coveredFilter(await context.client.call(get, { id })) });
}

async function openSave(context: ScreenContext, { id }: Exception): Promise<void> {
	const { evidence } = await context.client.call(get, { id });
	const pieces = evidence.map((piece) => ({ ...piece, label: `${piece.id}  ${piece.name}` }));
	const chosen = (label: string | undefined) => pieces.find((piece) => piece.label === label) ?? pieces[0];
	context.open({
		to: "form",
		form: {
			title: `Write evidence of request ${id} to a file`,
			verb: "writes",
			fields: [
				{
					...{ name: "evidence", label: "Evidence", value: pieces[0]?.label ?? "" },
					...{ choices: pieces.map(({ label }) => label), hint: "← → the pieces that are attached" },
				},
				{ name: "path", label: "File", value: "", hint: "where this console runs; never over one that is there" },
			],
			preview({ evidence: label }) {
				const piece = chosen(label);
				return piece
					? [`${plural(piece.bytes, "byte")}, attached by ${personName(piece.who)} on ${when(piece.at)} UTC.`]
					: [];
			},
			async submit({ evidence: label, path = "" }) {
				const piece = chosen(label);
				if (piece === undefined || path.trim() === "") throw new Error("Which file?");
				const read = await context.client.call(readEvidence, { id, evidence: piece.id });
				await writeFile(path.trim(), Buffer.from(read.content, "base64"), { flag: "wx", mode: 0o600 });
				context.toast("good", `${read.name}: ${plural(read.bytes, "byte")} written to ${path.trim()}.`);
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
			effect: [subject, "Nobody decides on it any more. This cannot be undone; it can be asked for again."],
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
		() => ["What it hid counts again at once. This cannot be undone; it can be asked for again."],
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
	before: () => readonly string[],
	act: (text: string) => Promise<string>,
): void {
	context.open({
		to: "form",
		form: {
			...{ title, verb },
			fields: [{ name: "text", value: "", ...field }],
			preview: before,
			async submit({ text = "" }) {
				if (text.trim() === "") throw new Error(`${field.label}: nothing is written there.`);
				context.toast("good", await act(text.trim()));
				return undefined;
			},
		},
	});
}
