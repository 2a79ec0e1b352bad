/** What a login brought home, laid over a host's outcome, so that both are judged together. Pure. */
import type { DataOf, EvidenceRecord } from "../evidence/record.ts";
import type { LoginResult } from "./host.ts";
import { type LoginCounts, noLogins } from "./host-counts.ts";
import type { HostOutcome } from "./journal.ts";

const counted: Record<DataOf<"login">["outcome"], keyof LoginCounts> = {
	passed: "passed",
	insufficient: "insufficient",
	failed: "failed",
	locked: "locked",
	"not-attempted": "notAttempted",
};

/** Null changes nothing: nobody meant to log in. */
export function withLogin(outcome: HostOutcome, result: LoginResult | null): HostOutcome {
	if (result === null) return outcome;
	const { login, gathered } = result;
	const { address, finishedAt: observedAt, coverage, counts } = outcome;
	const place = { address, port: 0, protocol: "tcp", source: "login", observedAt } as const;
	const inside = gathered.map(({ kind, data, complete }) => ({ ...place, kind, data, complete }) as EvidenceRecord);
	const whole = gathered.filter(({ complete }) => complete).map(({ kind }) => kind);
	return {
		...outcome,
		records: [...outcome.records, { ...place, kind: "login", data: login, complete: true }, ...inside],
		coverage: { ...coverage, hostKinds: [...coverage.hostKinds, "login", ...whole] },
		// What was asked for and did not come: the scan's result is not whole.
		partial: outcome.partial || login.outcome === "failed" || login.outcome === "locked",
		counts: { ...counts, logins: { ...noLogins, [counted[login.outcome]]: 1 } },
	};
}
