/**
 * Carries the write-ahead log over into the database file from a thread of its own, so that the fsync it costs does not
 * hold up the daemon. The thread starts when there is something to do and ends when there has not been for a while.
 */
import { statSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { setTimeout } from "node:timers/promises";
import { Worker } from "node:worker_threads";

const lookEveryMs = 250;
/** Worth a checkpoint. Bytes. */
const startAt = 4 * 1024 * 1024;
const idleMs = 30_000;
/** After somebody else's long read kept the log from starting over. */
const retryMs = 5_000;

/** So many are carried over on the daemon's own thread without anybody noticing. */
const fewPages = 200;
/** With a writer that never rests there may never be so few: after so many looks more are carried over there. */
const mostPutOff = 20;

/**
 * Passive: takes what it can without waiting for anybody, again while what was written meanwhile becomes less. A log that has
 * become long it cuts short itself: giving back half a gigabyte takes the file system a fifth of a second. As text, so that it needs no file of its own in the bundle; node:sqlite is all it uses.
 */
const work = `
const { parentPort, workerData } = require("node:worker_threads");
const { DatabaseSync } = require("node:sqlite");
const db = new DatabaseSync(workerData.path, { timeout: 1000 });
db.exec("PRAGMA synchronous = NORMAL");
parentPort.on("message", (cutsShort) => {
	const told = { log: 0, left: Infinity, startedOver: false };
	try {
		for (let before = Infinity; told.left > ${fewPages}; before = told.left) {
			const { log, checkpointed } = db.prepare("PRAGMA wal_checkpoint(PASSIVE)").get();
			[told.log, told.left] = [log, log - checkpointed];
			if (told.left > before / 2) break;
		}
		if (cutsShort && told.left <= ${fewPages})
			told.startedOver = db.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get().busy === 0;
	} catch {}
	parentPort.postMessage(told);
});
`;

/** What a look of the thread came to. Pages. */
interface Look {
	/** In the log. */
	readonly log: number;
	/** Of these, not carried over yet. */
	readonly left: number;
	readonly startedOver: boolean;
}

/** Stops with the returned function. Keeps no process alive. */
export function startCheckpointer(db: DatabaseSync, path: string): () => void {
	let worker: Worker | null = null;
	let busy = false;
	let usedAt = 0;
	let notBefore = 0;
	let putOff = 0;

	const settled = ({ log, left, startedOver }: Look) => {
		busy = false;
		const hold = held.get(db);
		logOf.set(db, startedOver ? 0 : log);
		if (hold !== undefined) Object.assign(hold, { log, left });
		if (!db.isOpen || db.isTransaction || hold !== undefined) return;
		if (startedOver) {
			asUsual(db);
			return;
		}
		if (left > fewPages && ++putOff < mostPutOff) return;
		putOff = 0;
		// A long one the thread cuts short, once it is quiet.
		if (left <= fewPages && sizeOf(`${path}-wal`) > usualBytes) return;
		if (startOver(db)) {
			asUsual(db);
			logOf.set(db, 0);
		} else notBefore = performance.now() + retryMs;
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
		if (size < (held.has(db) ? heldStartAt : startAt)) {
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
		worker.postMessage(size > usualBytes && performance.now() - (heldAt.get(db) ?? 0) > quietMs);
	};
	const timer = setInterval(look, lookEveryMs);
	timer.unref();
	return () => {
		clearInterval(timer);
		stopWorker();
	};
}

/** How long the log was when it was last looked at. Pages. */
const logOf = new WeakMap<DatabaseSync, number>();

const held = new WeakMap<DatabaseSync, { by: number; log: number; left: number }>();

/**
 * While much is written in many short transactions only the thread carries the log over, and the log starts over when the end is
 * told with `end`: either would hold up the daemon for as long as the disk takes. `room` waits when the log has become too long,
 * until all of it is carried over. Several at a time hold it together.
 */
export function holdCheckpoints(db: DatabaseSync): { room(): Promise<void>; end(): void } {
	// Another may just have ended: what it wrote counts.
	const hold = held.get(db) ?? { by: 0, log: logOf.get(db) ?? 0, left: 0 };
	hold.by++;
	held.set(db, hold);
	heldAt.set(db, Number.POSITIVE_INFINITY);
	limitLog(db, { pages: 4 * heldPages, bytes: -1 });
	return {
		async room() {
			if (hold.log < heldPages) return;
			hold.left = Number.POSITIVE_INFINITY;
			// Somebody who reads for long keeps it from starting over: then it grows.
			for (let n = 0; n < mostLooks && hold.left > 0 && db.isOpen; n++) await setTimeout(lookEveryMs);
			hold.log = 0;
		},
		end() {
			if (--hold.by > 0) return;
			held.delete(db);
			heldAt.set(db, performance.now());
		},
	};
}

/** When the last hold ended; endless while there is one. Monotonic milliseconds. */
const heldAt = new WeakMap<DatabaseSync, number>();
/** Whoever does much at once often does more of it soon, and would wait for the log to be cut short. */
const quietMs = 5_000;

const mostLooks = 8;
/** Of the log while it is held, half a gigabyte: a hundred thousand findings of as many assets fit. Pages. */
const heldPages = 128_000;
/**
 * While it is held, carrying it over waits until it comes near that: the same pages are written again and again, and whoever writes
 * stands still while what was carried over is synced, some 25 ms four times a second. Bytes.
 */
const heldStartAt = 100_000 * 4_120;
/** Longer than this it is cut short. Bytes. */
const usualBytes = 64 * 1024 * 1024;

/** Keeps the log from growing for ever should the thread fail, or the event loop be held up for long. */
export function asUsual(db: DatabaseSync): void {
	limitLog(db, { pages: 8_000, bytes: usualBytes });
}

function limitLog(db: DatabaseSync, { pages, bytes }: { pages: number; bytes: number }): void {
	db.exec(`PRAGMA wal_autocheckpoint = ${pages}; PRAGMA journal_size_limit = ${bytes}`);
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
