/**
 * A request over a query that covers 100,000 findings of three million: shown, made, approved, taken back. Beside each the limit
 * it is to keep, and for the decision also the same rows written by a plain UPDATE that keeps no figure.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import type { DatabaseSync } from "node:sqlite";
import { decide, revoke } from "../../../daemon/exceptions/decide.ts";
import { makeRequests, previewException } from "../../../daemon/exceptions/request.ts";
import { coveredIds } from "../../../daemon/store/exception-cover.ts";
import { transaction } from "../../../daemon/store/sql.ts";
import { openStore } from "../../../daemon/store/store.ts";
import type { ExceptionScope } from "../../../protocol/model/exception.ts";
import { median, ratio, spread } from "../figures.ts";
import type { BenchOptions, BenchRow } from "../main.ts";
import { fill } from "../tags/fill.ts";

const now = Date.now();
const rounds = 5;

export async function run({ smoke }: BenchOptions = { smoke: false }): Promise<BenchRow[]> {
	const folder = mkdtempSync(join(tmpdir(), "vedette-bench-"));
	const store = openStore(join(folder, "store.db"), { clock: { now: () => now } });
	try {
		fill(store.db, { assets: smoke ? 2_000 : 100_000, services: 1, findings: smoke ? 10 : 30, now });
		store.db.exec(
			"INSERT INTO counter (key, n) SELECT 'open:' || severity, count(*) FROM finding WHERE open = 1 GROUP BY severity",
		);
		return measure(store.db);
	} finally {
		store.close();
		rmSync(folder, { recursive: true });
	}
}

function measure(db: DatabaseSync): BenchRow[] {
	// Nine of the 200 signatures: a hundred thousand findings, spread over nearly all assets.
	const qids = Array.from({ length: 9 }, (_, n) => 100_010 + n);
	const scopes: ExceptionScope[] = [{ kind: "query", query: "severity>=1", qids, live: false }];
	const times: Record<"preview" | "request" | "approve" | "revoke" | "plain", number[]> = {
		...{ preview: [], request: [], approve: [], revoke: [], plain: [] },
	};
	/** What it took of a processor: the same on a machine that is busy with other things. */
	const cpu: typeof times = { preview: [], request: [], approve: [], revoke: [], plain: [] };
	const timed = <T>(name: keyof typeof times, work: () => T): T => {
		const used = process.cpuUsage();
		const start = performance.now();
		const value = work();
		times[name].push(performance.now() - start);
		const { user, system } = process.cpuUsage(used);
		cpu[name].push((user + system) / 1000);
		return value;
	};
	let covers = "";
	for (let round = 0; round < rounds; round++) {
		const { digest, findings, assets } = timed("preview", () => previewException(db, scopes, now));
		covers = `${findings.toLocaleString("en")} findings on ${assets.toLocaleString("en")} assets`;
		const wish = {
			scopes,
			kind: "false-positive" as const,
			reason: "bench",
			days: 90,
			digest,
			requester: "unix:1",
			requesterUid: 1,
			now,
		};
		const [one] = timed("request", () => transaction(db, () => makeRequests(db, wish)));
		const id = one?.id ?? 0;
		const said = { note: "", by: "unix:2", now };
		timed("approve", () => transaction(db, () => decide(db, id, { ...said, decision: "approve" })));
		timed("revoke", () => transaction(db, () => revoke(db, id, said)));
		const ids = JSON.stringify(coveredIds(db, id));
		const plain = db.prepare("UPDATE finding SET change = 2 WHERE id IN (SELECT value FROM json_each(?))");
		timed("plain", () => transaction(db, () => plain.run(ids)));
	}
	const limit = (name: keyof typeof times, what: string, most: number): BenchRow => ({
		...{ name: what, ours: spread(times[name], 0), peer: `≤ ${most}`, unit: "ms" },
		note: `CPU ${median(cpu[name]).toFixed(0)} ms; ${covers}; less is better`,
		ratio: ratio(median(times[name]), most),
	});
	return [
		limit("preview", "a request is shown", 200),
		limit("request", "it is made", 2_000),
		limit("approve", "it is approved", 2_000),
		limit("revoke", "the approval is taken back", 2_000),
		{
			...{ name: "approved, beside a plain UPDATE", ours: spread(times.approve, 0), peer: spread(times.plain, 0) },
			...{ ratio: ratio(median(times.approve), median(times.plain)), unit: "ms" },
			note: `CPU ${median(cpu.approve).toFixed(0)} beside ${median(cpu.plain).toFixed(0)} ms; the same rows, one column, no figure kept`,
		},
	];
}
