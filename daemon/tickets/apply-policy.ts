/** Applies the policy to the findings there are: tickets for those without, and what it says to ignore; a step at a time. */
import type { DatabaseSync } from "node:sqlite";
import { type BulkStepOf, stepThrough } from "../store/bulk-works.ts";
import { openNumbers } from "../store/codes.ts";
import { setExcepted } from "../store/excepted.ts";
import type { StoredRule } from "../store/policy-rules.ts";
import { all, run } from "../store/sql.ts";
import { readTicketSettings } from "../store/ticket-settings.ts";
import { dueFromNumbers, ticketStateNumbers } from "../store/tickets.ts";
import { dayMs, slaDaysSql } from "./due.ts";
import { movableBy } from "./lifecycle.ts";
import type { PolicyWork } from "./policy-work.ts";

export interface PolicyApplied {
	/** Those in force, in their order. */
	readonly rules: readonly StoredRule[];
	/** Milliseconds. */
	readonly at: number;
}

/** Its list: a finding and the place of its rule, in turns. */
export const stepPolicy: BulkStepOf<PolicyApplied> = (db, { rules, at }, list, { place, most }) =>
	stepThrough(list, { place, most: most * 2 }, (some) => {
		const work = workAgain(db, rules, some);
		applyPolicy(db, rules, work, at);
		return { changed: work.length };
	});

/** A finding may have gone meanwhile, or have got a ticket. */
function workAgain(db: DatabaseSync, rules: readonly StoredRule[], some: readonly number[]): PolicyWork[] {
	const ruleOf = new Map<number, number>();
	for (let n = 0; n < some.length; n += 2) ruleOf.set(some[n] ?? 0, some[n + 1] ?? 0);
	return all<Omit<PolicyWork, "rule">>(
		db,
		`SELECT f.id AS finding, f.asset, f.severity, t.id AS ticket FROM json_each(?) j JOIN finding f ON f.id = j.value
		LEFT JOIN ticket t ON t.finding = f.id WHERE f.open = ${openNumbers.open} AND ifnull(t.state, 0) <= 2`,
		JSON.stringify([...ruleOf.keys()]),
	).flatMap((row) => {
		const rule = ruleOf.get(row.finding) ?? 0;
		return row.ticket === null || rules[rule]?.action === "ignore" ? { ...row, rule } : [];
	});
}

/** In the caller's transaction; `at` in milliseconds. */
export function applyPolicy(
	db: DatabaseSync,
	rules: readonly StoredRule[],
	work: readonly PolicyWork[],
	at: number,
): void {
	if (work.length === 0) return;
	fillWork(db, rules, work);
	makeTickets(db, at);
	ignoreTickets(db, at);
	const ignored = work.filter(({ rule }) => rules[rule]?.action === "ignore").map(({ finding }) => finding);
	db.exec("DELETE FROM temp.policy_work; DELETE FROM temp.policy_says");
	setExcepted(db, ignored, "ignored", true, at);
}

const workTables = `CREATE TEMP TABLE IF NOT EXISTS policy_work
		(finding INTEGER PRIMARY KEY, asset INTEGER, severity INTEGER, rule INTEGER, ticket INTEGER);
	CREATE TEMP TABLE IF NOT EXISTS policy_says
		(rule INTEGER PRIMARY KEY, name TEXT, ignores INTEGER, assignee TEXT, days INTEGER)`;

function fillWork(db: DatabaseSync, rules: readonly StoredRule[], work: readonly PolicyWork[]): void {
	db.exec(workTables);
	const insert = db.prepare(
		"INSERT INTO temp.policy_work (finding, asset, severity, rule, ticket) VALUES (?, ?, ?, ?, ?)",
	);
	for (const { finding, asset, severity, rule, ticket } of work) insert.run(finding, asset, severity, rule, ticket);
	rules.forEach(({ name, action, assignee, days }, rule) => {
		const ignores = action === "ignore" ? 1 : 0;
		run(
			db,
			"INSERT INTO temp.policy_says (rule, name, ignores, assignee, days) VALUES (?, ?, ?, ?, ?)",
			...[rule, name, ignores, assignee, days],
		);
	});
}

/** What an ignoring rule says has no due date, and the end of being ignored instead. */
function makeTickets(db: DatabaseSync, at: number): void {
	const { IGNORED, OPEN } = ticketStateNumbers;
	run(
		db,
		`INSERT INTO ticket (asset, finding, state, assignee, due, due_from, days, rule, opened_by, opened_at, changed_at, ignored_until)
		SELECT m.asset, m.finding, iif(m.ignores, ${IGNORED}, ${OPEN}), m.assignee, iif(m.ignores, NULL, ?1 + ifnull(m.days, m.sla) * ${dayMs}),
			CASE WHEN m.ignores THEN ${dueFromNumbers.none} WHEN m.days IS NOT NULL THEN ${dueFromNumbers.rule}
				WHEN m.sla IS NULL THEN ${dueFromNumbers.none} ELSE ${dueFromNumbers.sla} END,
			iif(m.ignores, NULL, m.days), m.name, 'rule ' || m.name, ?1, ?1, iif(m.ignores, ?1 + m.days * ${dayMs}, NULL)
		FROM (SELECT w.asset, w.finding, p.*, ${slaDaysSql(readTicketSettings(db).sla, "w.severity")} AS sla
			FROM temp.policy_work w JOIN temp.policy_says p ON p.rule = w.rule JOIN asset a ON a.id = w.asset
			WHERE w.ticket IS NULL ORDER BY w.severity DESC, w.finding) m`,
		at,
	);
	run(
		db,
		`INSERT INTO ticket_event (ticket, n, asset, at, who, kind, text)
		SELECT t.id, 1, t.asset, t.opened_at, t.opened_by, iif(t.state = ${ticketStateNumbers.IGNORED}, 'ignored', 'opened'), ''
		FROM temp.policy_work w JOIN ticket t ON t.finding = w.finding WHERE w.ticket IS NULL`,
	);
}

/** Open tickets of findings that an ignoring rule fits. */
function ignoreTickets(db: DatabaseSync, at: number): void {
	const states = movableBy("ignore", { closeOpen: true }).map((state) => ticketStateNumbers[state]);
	const meant = `temp.policy_work w JOIN temp.policy_says p ON p.rule = w.rule AND p.ignores = 1
		JOIN ticket t ON t.id = w.ticket AND t.state IN (${states.join(", ")})`;
	run(
		db,
		`INSERT INTO ticket_event (ticket, n, asset, at, who, kind, text)
		SELECT t.id, (SELECT max(n) + 1 FROM ticket_event e WHERE e.ticket = t.id), t.asset, ?, 'rule ' || p.name, 'ignored', ''
		FROM ${meant}`,
		at,
	);
	run(
		db,
		`UPDATE ticket SET state = ${ticketStateNumbers.IGNORED}, changed_at = ?1, ignored_until = ?1 + m.days * ${dayMs}
		FROM (SELECT t.id, p.days FROM ${meant}) m WHERE ticket.id = m.id`,
		at,
	);
}
