/**
 * A client on a thread of its own: a page of findings, the asset of one of them in full, and again, without a rest or so many
 * milliseconds later.
 */
import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import { systemClock } from "../../../daemon/clock.ts";
import { findAssetDetail } from "../../../daemon/store/assets.ts";
import { listFindings } from "../../../daemon/store/findings.ts";
import { registerFunctions } from "../../../daemon/store/functions.ts";
import { giveWay } from "../../../daemon/store/give-way.ts";

const { path, restMs } = workerData as { path: string; restMs: number };
const db = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
registerFunctions(db, systemClock);
// As the daemon's reading threads do.
giveWay();
const times: number[] = [];
let cursor: string | null = null;
let isOver = false;
parentPort?.once("message", () => {
	isOver = true;
});

function round(): void {
	if (isOver) {
		parentPort?.postMessage(times);
		db.close();
		return;
	}
	const start = performance.now();
	const page = listFindings(db, { where: null, sort: null, limit: 100, cursor, counted: false });
	const [one] = page.items;
	if (one !== undefined) findAssetDetail(db, { id: one.asset.id });
	times.push(performance.now() - start);
	cursor = page.next;
	if (restMs > 0) setTimeout(round, restMs);
	else setImmediate(round);
}
parentPort?.postMessage("ready");
round();
