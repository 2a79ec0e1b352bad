/** Handlers of the policy area. */
import { AppError } from "../../../protocol/errors.ts";
import type { PolicyChange, PolicyEffect, PolicyRule } from "../../../protocol/model/policy.ts";
import { countTicketsByRule, listPolicyRules, type StoredRule, savePolicyRules } from "../../store/policy-rules.ts";
import { transaction } from "../../store/sql.ts";
import { isoOf } from "../../store/time.ts";
import { changeRules } from "../../tickets/policy-change.ts";
import { conditionOf, problemOf, readRule, rulesInForce } from "../../tickets/rules.ts";
import type { AreaHandlers } from "../handler.ts";
import type { Services } from "../services.ts";

export function policyHandlers({ store, hub, audit, bulk, people }: Services): AreaHandlers<"policy"> {
	const { db, clock } = store;
	const viewOf = (rules: readonly StoredRule[]): PolicyRule[] => {
		const tickets = countTicketsByRule(db);
		return rules.map(({ changedAt, ...rule }) => ({
			...rule,
			changedAt: isoOf(changedAt),
			tickets: tickets.get(rule.name) ?? 0,
			problem: problemOf(rule, clock.now()),
		}));
	};
	const changedRules = (wanted: PolicyChange, by: string): StoredRule[] => {
		const change = resolved(wanted);
		// Said with its position before anything is looked at: a rule of somebody else's may be the broken one.
		if (change.kind === "save") conditionOf(readRule(change.rule), clock.now());
		return changeRules(listPolicyRules(db), change, { by, at: clock.now() });
	};
	const resolved = (change: PolicyChange): PolicyChange =>
		change.kind === "save"
			? { ...change, rule: { ...change.rule, assignee: people.stored(change.rule.assignee) } }
			: change;
	const workOf = (rules: readonly StoredRule[], signal: AbortSignal) =>
		bulk.ask("policy", { rules, now: clock.now() }, signal);
	return {
		list: () => {
			const items = viewOf(listPolicyRules(db));
			return { items, total: items.length };
		},
		preview: async ({ change }, { user, signal }) => {
			const rules = listPolicyRules(db);
			const changed = change === undefined ? null : changedRules(change, user);
			const before = (await workOf(rules, signal)).effect;
			if (changed === null) return { before, after: before, rules: viewOf(rules) };
			return { before, after: (await workOf(changed, signal)).effect, rules: viewOf(changed) };
		},
		change: ({ change }, { user }) => {
			const rules = transaction(db, () => {
				const before = listPolicyRules(db);
				const after = changedRules(change, user);
				savePolicyRules(db, after);
				const name = change.kind === "save" ? change.rule.name : change.name;
				audit.write({ who: user, action: `policy.${change.kind}`, object: `policy rule ${name}`, before, after });
				return after;
			});
			return { rules: viewOf(rules) };
		},
		apply: async ({ digest }, { user, signal }) => {
			const rules = listPolicyRules(db);
			const { effect, list } = await workOf(rules, signal);
			if (effect.digest !== digest) throw notAsShown(effect);
			if (list.length === 0) return effect;
			const begun = transaction(db, () => {
				const inForce = rulesInForce(rules, clock.now()).map(({ rule }) => rule);
				const begun = bulk.start("policy", { rules: inForce, at: clock.now() }, { list, size: list.length / 2 });
				audit.write({ who: user, action: "policy.apply", object: "policy", after: effect });
				return begun;
			});
			await bulk.finish(begun);
			if (begun.done !== null) hub.post({ kind: "findings-changed" });
			return effect;
		},
	};
}

function notAsShown(effect: PolicyEffect): AppError {
	const { tickets, ignored, assets } = effect;
	return new AppError(
		"conflict",
		`It would make ${tickets} tickets and ignore ${ignored} findings on ${assets} assets now, or others than were shown: nothing was changed.`,
		{ hint: "Look again at what it would do, then apply it.", details: { effect } },
	);
}
