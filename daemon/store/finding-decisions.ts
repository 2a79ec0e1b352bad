/** What was decided, or asked to be decided, on findings: by a request of somebody, or because it is ignored. */
import type { DatabaseSync } from "node:sqlite";
import type { FindingDecision } from "../../protocol/model/export.ts";
import type { Finding } from "../../protocol/model/finding.ts";
import { all } from "./sql.ts";
import { isoOrNull } from "./time.ts";

/** By finding; those of which nothing is to be said are left out. An approval counts before what is ignored, that before a request. */
export function decisionsOn(
	db: DatabaseSync,
	findings: readonly Pick<Finding, "id" | "ignored">[],
): Map<number, FindingDecision> {
	const decisions = new Map<number, FindingDecision>();
	const idsOf = (some: typeof findings) => JSON.stringify(some.map(({ id }) => id));
	for (const row of all<RequestRow>(db, requestsText, idsOf(findings))) {
		if (decisions.get(row.finding)?.state !== "approved") decisions.set(row.finding, toDecision(row));
	}
	const ignored = findings.filter((one) => one.ignored);
	for (const row of ignored.length === 0 ? [] : all<IgnoredRow>(db, ignoredText, idsOf(ignored))) {
		if (decisions.get(row.finding)?.state === "approved") continue;
		const { finding, reason, who, until } = row;
		decisions.set(finding, {
			...{ kind: "ignored", state: "approved", request: null, reason, requester: who, approver: null },
			until: isoOrNull(until),
		});
	}
	return decisions;
}

interface RequestRow extends Omit<FindingDecision, "until"> {
	finding: number;
	until: number | null;
}

interface IgnoredRow {
	finding: number;
	reason: string;
	who: string;
	until: number | null;
}

const requestsText = `SELECT ef.finding, e.kind, e.state, e.id AS request, e.reason, e.requester, e.decided_by AS approver, e.until
	FROM exception_finding ef JOIN exception e ON e.id = ef.exception
	WHERE ef.finding IN (SELECT value FROM json_each(?)) AND e.state IN ('approved', 'requested') ORDER BY e.id`;

/** Findings that a rule of the policy ignores have no request. */
const ignoredText = `SELECT f.id AS finding, ifnull(r.reason, '') AS reason, ifnull(r.who, '') AS who, r.until
	FROM finding f LEFT JOIN ignored i ON i.asset = f.asset AND i.signature = f.signature
	LEFT JOIN ignore_request r ON r.id = i.request
	WHERE f.id IN (SELECT value FROM json_each(?))`;

function toDecision({ finding: _, until, ...row }: RequestRow): FindingDecision {
	return { ...row, until: isoOrNull(until) };
}
