/** Checks the database file itself, on a thread of its own: it may be gigabytes, and the daemon has other things to do. */
import { statSync } from "node:fs";
import { Worker } from "node:worker_threads";
import type { DoctorCheck } from "../../protocol/model/doctor.ts";
import { megabytes } from "./proc.ts";

/** As text, so that it needs no file of its own in the bundle. Opened for reading: it changes nothing. */
const work = `
const { parentPort, workerData } = require("node:worker_threads");
const { DatabaseSync } = require("node:sqlite");
const db = new DatabaseSync(workerData.path, { readOnly: true, timeout: 2000 });
db.exec("PRAGMA trusted_schema = OFF");
const rows = db.prepare("PRAGMA quick_check(5)").all();
parentPort.postMessage(rows.map((row) => String(Object.values(row)[0])));
db.close();
`;

const longestMs = 30_000;

/** Never rejects. */
export async function checkDatabase(path: string, timeoutMs = longestMs): Promise<DoctorCheck> {
	const base = { id: "database", title: "Database" };
	const [file, log] = [sizeOf(path), sizeOf(`${path}-wal`)];
	if (file === null) return { ...base, state: "ok", found: "There is none yet.", cure: [] };
	const size = `${megabytes(file)}${log === null || log === 0 ? "" : ` and ${megabytes(log)} not yet carried over`}`;
	const outcome = await quickCheck(path, timeoutMs);
	if (outcome === "slow") {
		const found = `${size}; it could not be looked through in ${timeoutMs / 1_000} s.`;
		return { ...base, state: "warning", found, cure: ["Look through it at a quiet time: vedette doctor"] };
	}
	if (outcome.length === 1 && outcome[0] === "ok") {
		return { ...base, state: "ok", found: `${size}, whole (quick_check).`, cure: [] };
	}
	return {
		...base,
		state: "failed",
		found: `${size}, damaged: ${outcome.join("; ")}`,
		cure: [
			"Stop the daemon (vedette daemon stop) and keep a copy of the file.",
			`Then save what can be read: sqlite3 ${path} .recover | sqlite3 ${path}.new, and put the new file in its place.`,
		],
	};
}

/** The sentences of quick_check, `ok` alone when the file is whole. */
function quickCheck(path: string, timeoutMs: number): Promise<readonly string[] | "slow"> {
	const worker = new Worker(work, { eval: true, workerData: { path } });
	return new Promise((resolve) => {
		const settle = (outcome: readonly string[] | "slow") => {
			clearTimeout(timer);
			void worker.terminate().then(() => resolve(outcome));
		};
		const timer = setTimeout(() => settle("slow"), timeoutMs);
		worker.once("message", (rows: readonly string[]) => settle(rows.map((row) => row.replace(/\s+/g, " "))));
		worker.once("error", (err) => settle([err instanceof Error ? err.message : String(err)]));
	});
}

function sizeOf(path: string): number | null {
	return statSync(path, { throwIfNoEntry: false })?.size ?? null;
}
