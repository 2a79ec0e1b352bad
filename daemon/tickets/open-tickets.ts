/**
 * What becomes of findings that have just opened: ignored where their check is ignored on the host, else what the first rule
 * of the policy that fits says. In the transaction that brought them in, once the asset carries its tags.
 */
import type { DatabaseSync } from "node:sqlite";
import type { Severity } from "../../protocol/model/severity.ts";
import { setExcepted } from "../store/excepted.ts";
import { ignoredSignatures } from "../store/ignored.ts";
import type { StoredRule } from "../store/policy-rules.ts";
import { all } from "../store/sql.ts";
import { addTicketEvents, insertTicket, setTicketStates, ticketStateOf } from "../store/tickets.ts";
import { dateTickets, daysLater } from "./due.ts";
import { moveTicket } from "./lifecycle.ts";
import { type Decide, livePolicy } from "./live-policy.ts";

interface OpenFinding {
	readonly id: number;
	readonly asset: number;
	readonly signature: number;
	readonly severity: Severity;
	readonly excepted: number;
	readonly ticket: number | null;
	readonly state: number | null;
}

/** `ids`: findings of the asset that opened, or whose sighting changed; one may be both. `at` in milliseconds. */
export function openTickets(db: DatabaseSync, asset: number, ids: readonly number[], at: number): void {
	if (ids.length === 0) return;
	const ignored = ignoredSignatures(db, asset);
	const decide = livePolicy(db, at);
	if (ignored.size === 0 && decide === null) return;
	const hidden: number[] = [];
	for (const finding of openOnes(db, ids)) {
		const by = ignored.get(finding.signature);
		if (by !== undefined) {
			const { request: ignoredBy, until: ignoredUntil } = by;
			if (ignoreOne(db, finding, { by: "daemon", at, ignoredBy, ignoredUntil })) hidden.push(finding.id);
		} else if (finding.ticket === null && finding.excepted === 0 && decide !== null) {
			if (byPolicy(db, finding, decide, at)) hidden.push(finding.id);
		}
	}
	setExcepted(db, hidden, "ignored", true, at);
}

function openOnes(db: DatabaseSync, ids: readonly number[]): OpenFinding[] {
	return all<OpenFinding>(
		db,
		`SELECT f.id, f.asset, f.signature, f.severity, f.excepted, t.id AS ticket, t.state
		FROM json_each(?) j JOIN finding f ON f.id = j.value LEFT JOIN ticket t ON t.finding = f.id
		WHERE f.open IN (1, 3) ORDER BY f.severity DESC, f.id`,
		JSON.stringify([...new Set(ids)]),
	);
}

/** True when the finding is to be ignored. */
function byPolicy(db: DatabaseSync, finding: OpenFinding, decide: Decide, at: number): boolean {
	const rule = decide(finding);
	if (rule === null || rule.action === "nothing") return false;
	if (rule.action === "ignore") {
		const ignoredUntil = daysLater(at, rule.days);
		return ignoreOne(db, finding, { by: `rule ${rule.name}`, at, rule, ignoredUntil });
	}
	const ticket = insertTicket(db, {
		...{ asset: finding.asset, finding: finding.id, state: "OPEN", assignee: rule.assignee },
		...{ days: rule.days, rule: rule.name, by: `rule ${rule.name}`, at, ignoredUntil: null, text: "" },
	});
	dateTickets(db, [ticket], at);
	return false;
}

interface Ignoring {
	readonly by: string;
	readonly at: number;
	readonly ignoredUntil: number | null;
	readonly ignoredBy?: number;
	readonly rule?: StoredRule;
}

/** Its ticket is closed as ignored, or made so. False when it was before. */
function ignoreOne(db: DatabaseSync, finding: OpenFinding, { rule, ...ignoring }: Ignoring): boolean {
	const { id, asset, ticket, state } = finding;
	if (ticket === null || state === null) {
		insertTicket(db, {
			...{ asset, finding: id, state: "IGNORED", assignee: rule?.assignee ?? null },
			...{ ...ignoring, days: null, rule: rule?.name ?? null, text: "" },
		});
		return true;
	}
	const moved = moveTicket(ticketStateOf(state), "ignore", { closeOpen: true });
	if (moved === null) return false;
	const { by, at, ...until } = ignoring;
	setTicketStates(db, [ticket], { state: moved.to, at, ...until });
	addTicketEvents(db, [ticket], { at, who: by, kind: moved.as, scan: null, text: "" });
	return true;
}
