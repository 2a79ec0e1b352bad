/** The rules of the remediation policy, as they are stored: in order, without a gap from 1. */
import type { DatabaseSync } from "node:sqlite";
import type { PolicyAction, PolicyRuleWords } from "../../protocol/model/policy.ts";
import { all, rollbacks, run } from "./sql.ts";

/** Times in milliseconds. */
export interface StoredRule extends PolicyRuleWords {
	readonly position: number;
	readonly changedBy: string;
	readonly changedAt: number;
}

const versions = new WeakMap<DatabaseSync, number>();

/** Another text whenever rules may be others than they were: for what is made of them and kept. */
export function policyVersion(db: DatabaseSync): string {
	return `${versions.get(db) ?? 0}.${rollbacks(db)}`;
}

/** In their order. */
export function listPolicyRules(db: DatabaseSync): StoredRule[] {
	return all<Omit<StoredRule, "enabled" | "action"> & { enabled: number; action: string }>(
		db,
		`SELECT name, position, findings, assets, action, assignee, days, enabled, changed_by AS changedBy, changed_at AS changedAt
		FROM policy_rule ORDER BY position, name`,
	).map((row) => ({ ...row, action: row.action as PolicyAction, enabled: row.enabled === 1 }));
}

/** Puts these in the place of those there are, in the caller's transaction. */
export function savePolicyRules(db: DatabaseSync, rules: readonly StoredRule[]): void {
	versions.set(db, (versions.get(db) ?? 0) + 1);
	run(db, "DELETE FROM policy_rule");
	rules.forEach((rule, at) => {
		run(
			db,
			`INSERT INTO policy_rule (name, position, findings, assets, action, assignee, days, enabled, changed_by, changed_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			...[rule.name, at + 1, rule.findings, rule.assets, rule.action, rule.assignee, rule.days],
			...[rule.enabled ? 1 : 0, rule.changedBy, rule.changedAt],
		);
	});
}

/** Open and resolved tickets by the rule that made them. */
export function countTicketsByRule(db: DatabaseSync): Map<string, number> {
	const rows = all<{ rule: string; n: number }>(
		db,
		"SELECT rule, count(*) AS n FROM ticket WHERE state <= 2 AND rule IS NOT NULL GROUP BY rule",
	);
	return new Map(rows.map(({ rule, n }) => [rule, n]));
}
