/** Applies the policy to the findings there are: tickets for those without, and what it says to ignore, in one transaction. */
import type { DatabaseSync } from "node:sqlite";
import { setExcepted } from "../store/excepted.ts";
import type { StoredRule } from "../store/policy-rules.ts";
import { run } from "../store/sql.ts";
import { readTicketSettings } from "../store/ticket-settings.ts";
import { dueFromNumbers, ticketStateNumbers } from "../store/tickets.ts";
import { dayMs, slaDaysSql } from "./due.ts";
import { movableBy } from "./lifecycle.ts";
import type { PolicyFindings } from "./policy-work.ts";
import type { ReadRule } from "./rules.ts";

/** In the caller's transaction; `at` in milliseconds. */
export function applyPolicy(
	db: DatabaseSync,
	rules: readonly ReadRule<StoredRule>[],
	{ work }: Pick<PolicyFindings, "work">,
	at: number,
): void {
	if (work.length === 0) return;
	fillWork(db, rules, work);
	makeTickets(db, at);
	ignoreTickets(db, at);
	const ignored = work.filter(({ rule }) => rules[rule]?.rule.action === "ignore").map(({ finding }) => finding);
	db.exec("DELETE FROM temp.policy_work; DELETE FROM temp.policy_says");
	setExcepted(db, ignored, "ignored", true, at);
}

const workTables = `CREATE TEMP TABLE IF NOT EXISTS policy_work
		(finding INTEGER PRIMARY KEY, asset INTEGER, severity INTEGER, rule INTEGER, ticket INTEGER);
	CREATE TEMP TABLE IF NOT EXISTS policy_says
		(rule INTEGER PRIMARY KEY, name TEXT, ignores INTEGER, assignee TEXT, days INTEGER)`;

function fillWork(db: DatabaseSync, rules: readonly ReadRule<StoredRule>[], work: PolicyFindings["work"]): void {
	db.exec(workTables);
	const insert = db.prepare(
		"INSERT INTO temp.policy_work (finding, asset, severity, rule, ticket) VALUES (?, ?, ?, ?, ?)",
	);
	for (const { finding, asset, severity, rule, ticket } of work) insert.run(finding, asset, severity, rule, ticket);
	rules.forEach(({ rule: { name, action, assignee, days } }, rule) => {
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
