/** Handlers of the policy area. */
import { AppError } from "../../../protocol/errors.ts";
import type { PolicyChange, PolicyEffect, PolicyRule } from "../../../protocol/model/policy.ts";
import { countTicketsByRule, listPolicyRules, type StoredRule, savePolicyRules } from "../../store/policy-rules.ts";
import { transaction } from "../../store/sql.ts";
import { isoOf } from "../../store/time.ts";
import { applyPolicy } from "../../tickets/apply-policy.ts";
import { changeRules } from "../../tickets/policy-change.ts";
import { policyWork } from "../../tickets/policy-work.ts";
import { conditionOf, problemOf, readRule, rulesInForce } from "../../tickets/rules.ts";
import type { AreaHandlers } from "../handler.ts";
import type { Services } from "../services.ts";

export function policyHandlers({ store, hub, audit }: Services): AreaHandlers<"policy"> {
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
	const changedRules = (change: PolicyChange, by: string): StoredRule[] => {
		// Said with its position before anything is looked at: a rule of somebody else's may be the broken one.
		if (change.kind === "save") conditionOf(readRule(change.rule), clock.now());
		return changeRules(listPolicyRules(db), change, { by, at: clock.now() });
	};
	const workOf = (rules: readonly StoredRule[]) => {
		const now = clock.now();
		const inForce = rulesInForce(rules, now);
		return { rules: inForce, ...policyWork(db, inForce, now) };
	};
	return {
		list: () => {
			const items = viewOf(listPolicyRules(db));
			return { items, total: items.length };
		},
		preview: ({ change }, { user }) => {
			const rules = listPolicyRules(db);
			const before = workOf(rules).effect;
			if (change === undefined) return { before, after: before, rules: viewOf(rules) };
			const changed = changedRules(change, user);
			return { before, after: workOf(changed).effect, rules: viewOf(changed) };
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
		apply: ({ digest }, { user }) => {
			const effect = transaction(db, () => {
				const { rules, work, effect } = workOf(listPolicyRules(db));
				if (effect.digest !== digest) throw notAsShown(effect);
				if (work.length === 0) return effect;
				applyPolicy(db, rules, { work }, clock.now());
				audit.write({ who: user, action: "policy.apply", object: "policy", after: effect });
				return effect;
			});
			hub.post({ kind: "findings-changed" });
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
