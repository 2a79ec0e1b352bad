/** What a policy says of the open findings there are, worked out in one statement. Changes nothing. */
import { createHash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { PolicyAction, PolicyEffect, PolicyRuleWords } from "../../protocol/model/policy.ts";
import type { SqlValue } from "../query/fields.ts";
import { openNumbers } from "../store/codes.ts";
import { openCounts, readCounters } from "../store/counters.ts";
import { storeFailure } from "../store/failure.ts";
import { findingFromFor } from "../store/findings.ts";
import { first } from "../store/sql.ts";
import { conditionOf, type ReadRule } from "./rules.ts";

/** A finding a rule does something to. */
export interface PolicyWork {
	readonly finding: number;
	readonly asset: number;
	readonly severity: number;
	/** The place of the rule among those that were handed in. */
	readonly rule: number;
	/** Its open ticket; null: it has none. */
	readonly ticket: number | null;
}

export interface PolicyFindings {
	readonly work: readonly PolicyWork[];
	readonly effect: PolicyEffect;
}

/** `now` in milliseconds. Throws `invalid` for rules whose queries are too much for one statement. */
export function policyWork(db: DatabaseSync, rules: readonly ReadRule[], now: number): PolicyFindings {
	const figures = rules.map(() => ({ tickets: 0, ignored: 0, left: 0 }));
	const work: PolicyWork[] = [];
	const assets = new Set<number>();
	let spokenOf = 0;
	for (const [finding, asset, severity, at, ticket] of fittingFindings(db, rules, now)) {
		const action = rules[at]?.rule.action;
		const figure = figures[at];
		if (ticket === null) spokenOf++;
		// Of what has a ticket already only ignoring has more to say.
		if (figure === undefined || (ticket !== null && action !== "ignore")) continue;
		if (action === "nothing") figure.left++;
		else {
			figure[action === "ignore" ? "ignored" : "tickets"]++;
			assets.add(asset);
			work.push({ finding, asset, severity, rule: at, ticket });
		}
	}
	return { work, effect: effectOf(rules, figures, work, assets.size, countTicketless(db) - spokenOf) };
}

/** With the first rule that fits each. What no rule fits is left out: of millions, most. */
function fittingFindings(db: DatabaseSync, rules: readonly ReadRule[], now: number): Iterable<Row> {
	if (rules.length === 0) return [];
	const conditions = rules.map((rule) => conditionOf(rule, now));
	const params = conditions.flatMap((condition) => condition.params);
	const cases = conditions.map(({ sql }, at) => `WHEN (${sql}) THEN ${at}`).join(" ");
	const fits = `f.open = ${openNumbers.open} AND (${conditions.map(({ sql }) => `(${sql})`).join(" OR ")}) AND ifnull(t.state, 0) <= 2`;
	const text = `SELECT f.id, f.asset, f.severity, CASE ${cases} END, t.id FROM ${findingFromFor(fits)} WHERE ${fits}`;
	return rowsOf(db, text, [...params, ...params]);
}

function countTicketless(db: DatabaseSync): number {
	const open = Object.values(openCounts(readCounters(db))).reduce((sum, n) => sum + n, 0);
	const text = `SELECT count(*) AS n FROM ticket t JOIN finding f ON f.id = t.finding WHERE f.open = ${openNumbers.open}`;
	return open - (first<{ n: number }>(db, text)?.n ?? 0);
}

type Row = [finding: number, asset: number, severity: number, rule: number, ticket: number | null];

function rowsOf(db: DatabaseSync, text: string, params: readonly (SqlValue | null)[]): Iterable<Row> {
	try {
		const statement = db.prepare(text);
		statement.setReturnArrays(true);
		return statement.iterate(...params) as unknown as Iterable<Row>;
	} catch (error) {
		throw storeFailure(error, db.location() ?? "in memory");
	}
}

function effectOf(
	rules: readonly ReadRule[],
	figures: readonly { tickets: number; ignored: number; left: number }[],
	work: readonly PolicyWork[],
	assets: number,
	unmatched: number,
): PolicyEffect {
	const sum = (name: "tickets" | "ignored" | "left") => figures.reduce((total, figure) => total + figure[name], 0);
	return {
		...{ tickets: sum("tickets"), ignored: sum("ignored"), left: sum("left"), assets, unmatched },
		rules: rules.map(({ rule: { name } }, at) => ({ name, ...{ tickets: 0, ignored: 0, left: 0, ...figures[at] } })),
		digest: digestOf(
			work,
			rules.map(({ rule }) => rule),
		),
	};
}

/** Says exactly which findings, and what becomes of each. */
function digestOf(work: readonly PolicyWork[], rules: readonly PolicyRuleWords[]): string {
	const told = rules.map(({ name, action, assignee, days }): [string, PolicyAction, string | null, number | null] => [
		...([name, action, assignee, days] as const),
	]);
	const numbers = new Float64Array(work.length * 2);
	work.forEach(({ finding, rule }, at) => {
		numbers[at * 2] = finding;
		numbers[at * 2 + 1] = rule;
	});
	const hash = createHash("sha256").update(JSON.stringify(told)).update(new Uint8Array(numbers.buffer));
	return hash.digest("hex").slice(0, 32);
}
