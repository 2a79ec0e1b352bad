/** One export, on a thread and a connection of its own: writes the next part while the one before is on its way. */
import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import { AppError } from "../../protocol/errors.ts";
import type { ExportPart } from "../../protocol/model/export.ts";
import { type RpcError, toRpcError } from "../../protocol/rpc-error.ts";
import { systemClock } from "../clock.ts";
import { isDiskFull, storeFailure } from "../store/failure.ts";
import { registerFunctions } from "../store/functions.ts";
import type { Where } from "../store/page.ts";
import { type ExportMeta, ExportSource } from "./export-source.ts";
import { writers } from "./formats.ts";

export interface ExportInput {
	/** The database file. */
	readonly path: string;
	readonly where: Where | null;
	readonly meta: ExportMeta;
}

/** First how many there are; then a part for each `next` that is sent, until `close`. An error of ours ends it. */
export type ExportMessage =
	| { readonly kind: "total"; readonly total: number }
	| ({ readonly kind: "part" } & ExportPart)
	| { readonly kind: "refused"; readonly error: RpcError };

/** Of a part, about. Characters. What is longer V8 keeps apart from what it collects often, and that piles up. */
const partLength = 16 * 1024;

/** A part is given out after this, however little is in it: whoever waits sees how far it is. Milliseconds. */
const partMs = 500;

const { path, where, meta } = workerData as ExportInput;
const db = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
// The numbers of a million findings and what sorts them should not lie in memory.
db.exec("PRAGMA temp_store = FILE; PRAGMA cache_size = -4096; PRAGMA trusted_schema = OFF");
registerFunctions(db, systemClock);

/** What goes wrong on purpose is told; anything else ends the thread. */
function orRefused(work: () => ExportMessage): ExportMessage {
	try {
		return work();
	} catch (err) {
		const told = isDiskFull(err) ? noRoom(err) : storeFailure(err, path);
		if (!(told instanceof AppError)) throw told;
		return { kind: "refused", error: toRpcError(told) };
	}
}

/** Of this connection, which only reads, it is not the database that needs room. */
function noRoom(cause: unknown): AppError {
	return new AppError("unavailable", "There is no room left for the temporary files of an export.", {
		hint: "Make room where the daemon keeps these (TMPDIR, else /var/tmp), or export less at once.",
		cause,
	});
}

function gathered(source: ExportSource, pieces: Generator<string>): ExportMessage {
	const texts: string[] = [];
	let length = 0;
	const until = performance.now() + partMs;
	while (length < partLength && performance.now() < until) {
		const { done, value } = pieces.next();
		if (done === true) {
			return { kind: "part", text: texts.join(""), rows: source.rows, done: true, gone: source.gone };
		}
		texts.push(value);
		length += value.length;
	}
	return { kind: "part", text: texts.join(""), rows: source.rows, done: false, gone: 0 };
}

function serve(source: ExportSource): void {
	const pieces = writers[meta.format](source);
	const nextPart = () => orRefused(() => gathered(source, pieces));
	let ready: ExportMessage | null = nextPart();
	parentPort?.on("message", (asked: "next" | "close") => {
		if (asked === "close") {
			db.close();
			parentPort?.close();
			return;
		}
		// What was asked for beyond the end is answered by whoever asked.
		if (ready === null) return;
		parentPort?.postMessage(ready);
		ready = ready.kind === "part" && !ready.done ? nextPart() : null;
	});
}

let source: ExportSource | undefined;
const begun = orRefused(() => {
	source = new ExportSource(db, meta, where);
	return { kind: "total", total: source.total };
});
parentPort?.postMessage(begun);
if (source !== undefined) serve(source);
