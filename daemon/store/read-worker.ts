/** Reads lists on a thread and a connection of its own; never writes. */
import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import { AppError } from "../../protocol/errors.ts";
import { type RpcError, toRpcError } from "../../protocol/rpc-error.ts";
import { systemClock } from "../clock.ts";
import { registerFunctions } from "./functions.ts";
import { type ReadJob, type ReadValue, read } from "./read-job.ts";

export interface ReaderData {
	/** The database file. */
	readonly path: string;
}
export interface ReadRequest {
	readonly id: number;
	readonly job: ReadJob;
}
export type ReadAnswer =
	| { readonly id: number; readonly value: ReadValue }
	| { readonly id: number; readonly error: RpcError };

const { path } = workerData as ReaderData;
const db = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
// As in store.ts; what must be sorted is never more than a page.
for (const pragma of ["cache_size = -8192", "temp_store = MEMORY", "trusted_schema = OFF", "cell_size_check = ON"])
	db.exec(`PRAGMA ${pragma}`);
registerFunctions(db, systemClock);

parentPort?.on("message", ({ id, job }: ReadRequest) => parentPort?.postMessage(answer(id, job)));

function answer(id: number, job: ReadJob): ReadAnswer {
	try {
		return { id, value: read(db, job) };
	} catch (err) {
		if (err instanceof AppError) return { id, error: toRpcError(err) };
		const told = err instanceof Error ? (err.stack ?? err.message) : String(err);
		return { id, error: toRpcError(new AppError("internal", told)) };
	}
}
