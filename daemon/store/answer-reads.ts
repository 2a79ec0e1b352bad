/** The thread's side of read-thread.ts: jobs come as messages and are answered one after the other, over a connection that only reads. */
import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import { AppError } from "../../protocol/errors.ts";
import { type RpcError, toRpcError } from "../../protocol/rpc-error.ts";
import { systemClock } from "../clock.ts";
import { registerFunctions } from "./functions.ts";
import { giveWay } from "./give-way.ts";

export interface ReaderData {
	/** The database file. */
	readonly path: string;
	/** It keeps columns of findings (finding-columns.ts), where they help. */
	readonly columns?: boolean;
}
export interface ReadRequest<Job> {
	readonly id: number;
	readonly job: Job;
}
export type ReadAnswer<Value> =
	/** `keeps`: it has something in memory that took a while to read. */
	| { readonly id: number; readonly value: Value; readonly keeps: boolean }
	| { readonly id: number; readonly error: RpcError }
	/** Nothing was asked: what was read beforehand has been. */
	| { readonly id: null; readonly keeps: boolean };

/** What a thread does beside answering. */
export interface Besides {
	/** See `keeps` of an answer. */
	keeps(): boolean;
	/** A little of what nobody waits for, whenever nobody waits for anything else; false: there is nothing to do. It must not throw. */
	rest(db: DatabaseSync): boolean;
}

/** Serves the thread it is called on until that ends; what `read` throws goes back to whoever asked. */
export function answerReads<Job, Value>(
	read: (db: DatabaseSync, job: Job) => Value,
	{ keeps, rest }: Besides = { keeps: () => false, rest: () => false },
): void {
	giveWay();
	const { path } = workerData as ReaderData;
	const db = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
	// As in store.ts; what must be sorted is never more than a page.
	for (const pragma of ["cache_size = -8192", "temp_store = MEMORY", "trusted_schema = OFF", "cell_size_check = ON"])
		db.exec(`PRAGMA ${pragma}`);
	registerFunctions(db, systemClock);
	const answer = ({ id, job }: ReadRequest<Job>): ReadAnswer<Value> => {
		try {
			return { id, value: read(db, job), keeps: keeps() };
		} catch (err) {
			if (err instanceof AppError) return { id, error: toRpcError(err) };
			const told = err instanceof Error ? (err.stack ?? err.message) : String(err);
			return { id, error: toRpcError(new AppError("internal", told)) };
		}
	};
	let isResting = false;
	const goOn = () => {
		isResting = rest(db);
		// Messages have their turn in between.
		if (isResting) setImmediate(goOn);
		else parentPort?.postMessage({ id: null, keeps: keeps() } satisfies ReadAnswer<Value>);
	};
	parentPort?.on("message", (request: ReadRequest<Job>) => {
		parentPort?.postMessage(answer(request));
		if (isResting || !rest(db)) return;
		isResting = true;
		setImmediate(goOn);
	});
}
