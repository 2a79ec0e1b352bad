/** The dialogs about the policy: a rule with what it would do while it is written, moving, applying, removing. */
import * as policy from "../../../protocol/methods/policy.ts";
import {
	type PolicyAction,
	type PolicyChange,
	type PolicyRule,
	type PolicyRuleWords,
	policyActions,
} from "../../../protocol/model/policy.ts";
import { strangersOnce } from "../../connect/who-is-meant.ts";
import { keyOf } from "../../keys/find-binding.ts";
import type { FormValues, ScreenContext } from "../../screens/view.ts";
import { reversible } from "../../state/undo.ts";
import { plural } from "../../text/format.ts";
import { personName } from "../../text/people.ts";
import { doneWords, effectLines } from "../../text/policy-words.ts";
import { createLivePreview } from "../dialog/live-preview.ts";
import { changeLines } from "./describe-policy.ts";

/** A new rule, or a change of one. */
export function openRule(context: ScreenContext, rule: PolicyRule | undefined, done: () => void): void {
	const live = createLivePreview(
		context,
		(values) => changeOf(rule, values),
		async (change) => changeLines(await context.client.call(policy.preview, { change })),
	);
	const checked = strangersOnce(context.client);
	context.open({
		to: "form",
		form: {
			title: rule === undefined ? "A new rule" : `Edit the rule ${rule.name}`,
			verb: "saves",
			fields: [
				{ name: "name", label: "Name", value: rule?.name ?? "", hint: "tickets say it: urgent" },
				{
					...{ name: "findings", label: "Findings", value: rule?.findings ?? "" },
					hint: "a query: severity>=4 and qid:[105006, 105007]; empty: all",
				},
				{
					...{ name: "assets", label: "On assets", value: rule?.assets ?? "" },
					hint: "a query over assets: group:Web and tag:pci; empty: any",
				},
				{
					...{ name: "action", label: "Then", value: rule?.action ?? "ticket", choices: policyActions },
					hint: (value) => actionHints[value as PolicyAction] ?? "",
				},
				{
					name: "assignee",
					label: "Assign to",
					value: personName(rule?.assignee ?? ""),
					hint: "a name; empty: nobody",
				},
				{
					...{ name: "days", label: "Days", value: rule?.days?.toString() ?? "" },
					hint: "to resolve; empty: by severity and criticality. Of ignore: until it ends",
				},
			],
			preview: live,
			async submit(values) {
				const change = changeOf(rule, values);
				if (change === undefined) throw new Error("A rule needs a name.");
				await checked(change.rule.assignee);
				await context.client.call(policy.change, { change });
				const { name } = change.rule;
				const back: PolicyChange =
					rule === undefined ? { kind: "remove", name } : { kind: "save", rule: asWritten(rule), was: name };
				context.offerUndo(
					reversible(`The rule ${name} is saved; ${keyOf("policy", "apply")} applies it to the findings there are`, {
						again: () => context.client.call(policy.change, { change }),
						back: () => context.client.call(policy.change, { change: back }),
						done,
					}),
				);
				done();
				return undefined;
			},
		},
	});
}

const actionHints: Readonly<Record<PolicyAction, string>> = {
	ticket: "a ticket is made",
	ignore: "closed at once as ignored: the finding is in no count",
	nothing: "no ticket, whatever rules below say: put such rules first",
};

function changeOf(rule: PolicyRule | undefined, values: FormValues): (PolicyChange & { kind: "save" }) | undefined {
	const { name = "", findings = "", assets = "", action = "ticket", assignee = "", days = "" } = values;
	if (name.trim() === "") return undefined;
	const words: PolicyRuleWords = {
		...{ name: name.trim(), findings: findings.trim(), assets: assets.trim(), action: action as PolicyAction },
		assignee: assignee.trim() === "" ? null : assignee.trim(),
		days: days.trim() === "" ? null : Number(days),
		enabled: rule?.enabled ?? true,
	};
	return { kind: "save", rule: words, ...(rule === undefined ? {} : { was: rule.name }) };
}

function asWritten(rule: PolicyRule): PolicyRuleWords {
	const { position: _, tickets: __, problem: ___, changedBy: ____, changedAt: _____, ...words } = rule;
	return words;
}

export function switchRule(context: ScreenContext, rule: PolicyRule, done: () => void): void {
	const words = asWritten(rule);
	const change: PolicyChange = { kind: "save", rule: { ...words, enabled: !rule.enabled }, was: rule.name };
	context.client.call(policy.change, { change }).then(() => {
		context.offerUndo(
			reversible(`The rule ${rule.name} is ${rule.enabled ? "off" : "on"}`, {
				again: () => context.client.call(policy.change, { change }),
				back: () => context.client.call(policy.change, { change: { kind: "save", rule: words, was: rule.name } }),
				done,
			}),
		);
		done();
	}, context.fail);
}

export function moveRule(context: ScreenContext, { name, position }: PolicyRule, by: number, done: () => void): void {
	const change = { kind: "move" as const, name, position: Math.max(1, position + by) };
	context.client.call(policy.change, { change }).then(() => {
		context.offerUndo(
			reversible(`The rule ${name} is number ${change.position} now`, {
				again: () => context.client.call(policy.change, { change }),
				back: () => context.client.call(policy.change, { change: { ...change, position } }),
				done,
			}),
		);
		done();
	}, context.fail);
}

/** Says what the rules would do to the findings there are, then does just that. */
export async function openApply(context: ScreenContext, done: () => void): Promise<void> {
	const { after } = await context.client.call(policy.preview, {});
	if (after.tickets + after.ignored === 0) {
		context.toast("info", "The rules have nothing to do: every finding they speak of has its ticket.");
		return;
	}
	context.open({
		to: "confirm",
		question: {
			title: "Apply the rules to the findings there are?",
			effect: [...effectLines(after, 8), "This cannot be undone as a whole: tickets are changed one by one."],
			...{ yes: "Apply", no: "Leave" },
			run: () =>
				void context.client.call(policy.apply, { digest: after.digest }).then((applied) => {
					context.toast("good", doneWords(applied));
					done();
				}, context.fail),
		},
	});
}

export function openRemoveRule(context: ScreenContext, { name, tickets }: PolicyRule, done: () => void): void {
	context.open({
		to: "confirm",
		question: {
			title: `Remove the rule ${name}?`,
			effect: [
				`${plural(tickets, "open ticket")} it made stay${tickets === 1 ? "s" : ""}, and so does what it ignored.`,
				"This cannot be undone: it would have to be written anew.",
			],
			...{ yes: "Remove", no: "Keep" },
			run: () =>
				void context.client.call(policy.change, { change: { kind: "remove", name } }).then(() => {
					context.toast("good", `The rule ${name} is removed.`);
					done();
				}, context.fail),
		},
	});
}
