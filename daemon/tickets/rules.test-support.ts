/** Rules for tests, written with what matters of them. */
import type { StoredRule } from "../store/policy-rules.ts";

export function ruleOf(words: Partial<StoredRule> & { readonly name: string }): StoredRule {
	return {
		...{ position: 1, findings: "", assets: "", action: "ticket", assignee: null, days: null, enabled: true },
		...{ changedBy: "unix:1001", changedAt: 0 },
		...words,
	};
}
