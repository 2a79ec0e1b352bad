/**
 * A request over a query that covers 100,000 findings of three million: shown, made, approved, taken back, as a client asks the
 * daemon for it. Beside each the limit it is to keep, and for the decision also the same rows written by a plain UPDATE that keeps
 * no figure.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { ExceptionKeeper } from "../../../daemon/exception-keeper.ts";
import { exceptionsHandlers } from "../../../daemon/rpc/handlers/exceptions.ts";
import { coveredIds } from "../../../daemon/store/exception-cover.ts";
import { transaction } from "../../../daemon/store/sql.ts";
import { openStore, type Store } from "../../../daemon/store/store.ts";
import type { ExceptionScope } from "../../../protocol/model/exception.ts";
import { caller, openBulkDaemon, Timings } from "../bulk-daemon.ts";
import { median, ratio, spread } from "../figures.ts";
import type { BenchOptions, BenchRow } from "../main.ts";
import { fill } from "../tags/fill.ts";

const now = Date.now();
const rounds = 5;
/** Between a decision and the next: nobody takes one back within the second, and the log is carried over meanwhile. */
const restMs = 1_500;

export async function run({ smoke }: BenchOptions = { smoke: false }): Promise<BenchRow[]> {
	const folder = mkdtempSync(join(tmpdir(), "vedette-bench-"));
	const store = openStore(join(folder, "store.db"), { clock: { now: () => now } });
	try {
		fill(store.db, { assets: smoke ? 2_000 : 100_000, services: 1, findings: smoke ? 10 : 30, now });
		// As the daemon's own: filling it turned it off.
		store.db.exec("PRAGMA synchronous = NORMAL");
		return await measure(store, folder);
	} finally {
		store.close();
		rmSync(folder, { recursive: true });
	}
}

async function measure(store: Store, folder: string): Promise<BenchRow[]> {
	const { db } = store;
	const { services, hub, audit, log, close } = await openBulkDaemon(store, folder);
	const keeper = new ExceptionKeeper({ store, hub, audit, log });
	const handlers = exceptionsHandlers(services, keeper);
	// Nine of the 200 signatures: a hundred thousand findings, spread over nearly all assets.
	const qids = Array.from({ length: 9 }, (_, n) => 100_010 + n);
	const scopes: ExceptionScope[] = [{ kind: "query", query: "severity>=1", qids, live: false }];
	const timings = new Timings();
	const [ana, ben] = [caller("unix:1"), caller("unix:2")];
	let covers = "";
	for (let round = 0; round < rounds; round++) {
		const { digest, findings, assets } = await timings.time("preview", () => handlers.preview({ scopes }, ana));
		covers = `${findings.toLocaleString("en")} findings on ${assets.toLocaleString("en")} assets`;
		const wish = { scopes, kind: "false-positive" as const, reason: "bench", days: 90, digest };
		const { requests } = await timings.time("request", () => handlers.request(wish, ana));
		const id = requests[0]?.id ?? 0;
		await setTimeout(restMs);
		await timings.time("approve", () => handlers.decide({ id, decision: "approve", note: "" }, ben));
		await setTimeout(restMs);
		await timings.time("revoke", () => handlers.revoke({ id, note: "bench" }, ben));
		const ids = JSON.stringify(coveredIds(db, id));
		const plain = db.prepare("UPDATE finding SET change = 2 WHERE id IN (SELECT value FROM json_each(?))");
		await timings.time("plain", () => transaction(db, () => plain.run(ids)));
	}
	await keeper.close();
	await close();
	const cpu = (name: string) => median(timings.cpu(name)).toFixed(0);
	return [
		timings.row("preview", "a request is shown", 200, covers),
		timings.row("request", "it is made", 2_000, covers),
		timings.row("approve", "it is approved", 2_000, covers),
		timings.row("revoke", "the approval is taken back", 2_000, covers),
		timings.lagRow(["preview", "request", "approve", "revoke"]),
		{
			...{ name: "approved, beside a plain UPDATE", ours: spread(timings.ms("approve"), 0) },
			...{ peer: spread(timings.ms("plain"), 0), unit: "ms" },
			ratio: ratio(median(timings.ms("approve")), median(timings.ms("plain"))),
			note: `CPU ${cpu("approve")} beside ${cpu("plain")} ms; the same rows, one column, no figure kept`,
		},
	];
}
