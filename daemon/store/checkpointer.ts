/**
 * Carries the write-ahead log over into the database file from a thread of its own, so that the fsync it costs does not
 * hold up the daemon. The thread starts when there is something to do and ends when there has not been for a while.
 */
import { statSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { Worker } from "node:worker_threads";

const lookEveryMs = 250;
/** Worth a checkpoint. Bytes. */
const startAt = 4 * 1024 * 1024;
const idleMs = 30_000;
/** After somebody else's long read kept the log from starting over. */
const retryMs = 5_000;

/**
 * Passive: takes what it can without waiting for anybody. As text, so that it needs no file of its own in the bundle;
 * node:sqlite is all it uses.
 */
const work = `
const { parentPort, workerData } = require("node:worker_threads");
const { DatabaseSync } = require("node:sqlite");
const db = new DatabaseSync(workerData.path, { timeout: 1000 });
db.exec("PRAGMA synchronous = NORMAL");
parentPort.on("message", () => {
	try { db.exec("PRAGMA wal_checkpoint(PASSIVE)"); } catch {}
	parentPort.postMessage("done");
});
`;

/** Stops with the returned function. Keeps no process alive. */
export function startCheckpointer(db: DatabaseSync, path: string): () => void {
	let worker: Worker | null = null;
	let busy = false;
	let usedAt = 0;
	let notBefore = 0;

	const settled = () => {
		busy = false;
		if (!db.isOpen || db.isTransaction) return;
		if (!startOver(db)) notBefore = performance.now() + retryMs;
	};
	const failed = () => {
		notBefore = performance.now() + retryMs;
		stopWorker();
	};
	const stopWorker = () => {
		worker?.removeAllListeners();
		// A thread that failed is replaced at the next look; until then the automatic checkpoint does its work.
		worker?.on("error", () => {});
		void worker?.terminate();
		worker = null;
		busy = false;
	};
	const look = () => {
		if (busy || performance.now() < notBefore) return;
		const size = sizeOf(`${path}-wal`);
		if (size < startAt) {
			if (worker !== null && performance.now() - usedAt > idleMs) stopWorker();
			return;
		}
		if (worker === null) {
			worker = new Worker(work, { eval: true, workerData: { path } });
			worker.unref();
			worker.on("message", settled);
			worker.on("error", failed);
		}
		busy = true;
		usedAt = performance.now();
		worker.postMessage("checkpoint");
	};
	const timer = setInterval(look, lookEveryMs);
	timer.unref();
	return () => {
		clearInterval(timer);
		stopWorker();
	};
}

/** 0 for a file that is not there or cannot be looked at: whoever writes next will hear of that trouble. */
function sizeOf(path: string): number {
	try {
		return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
	} catch {
		return 0;
	}
}

/**
 * Finishes the few pages a passive checkpoint left and empties the log. Passive ones alone never catch up with a steady
 * writer, and the log grows for ever. Never waits: false when another reader is in the way.
 */
function startOver(db: DatabaseSync): boolean {
	const timeout = Number(db.prepare("PRAGMA busy_timeout").get()?.timeout);
	db.exec("PRAGMA busy_timeout = 0");
	try {
		return db.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get()?.busy === 0;
	} catch {
		return false;
	} finally {
		db.exec(`PRAGMA busy_timeout = ${timeout}`);
	}
}
