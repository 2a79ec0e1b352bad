/** The search of the whole inventory on a thread and a connection of its own; what it finds goes to the daemon in parts. */
import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import { pairKey } from "../store/not-same.ts";
import { type FoundPart, searchAll } from "./search.ts";

export interface SearchInput {
	/** The database file. */
	readonly path: string;
	/** Pairs said to be two machines, as `pairKey` writes them. */
	readonly apart: readonly string[];
}

/** Answered with anything when the next part may come. */
export type SearchMessage = { readonly kind: "part"; readonly part: FoundPart } | { readonly kind: "done" };

const { path, apart } = workerData as SearchInput;
const said = new Set(apart);
const db = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
// What must be sorted may be more than should lie in memory.
db.exec("PRAGMA temp_store = FILE");
db.exec("PRAGMA cache_size = -32768");
// In no transaction: held for the whole search it would keep the write-ahead log from starting over. What comes in meanwhile
// is looked at by itself.
const parts = searchAll(db, (a, b) => said.has(pairKey(a, b)));

function next(): void {
	for (let found = parts.next(); ; found = parts.next()) {
		if (found.done === true) {
			parentPort?.postMessage({ kind: "done" } satisfies SearchMessage);
			db.close();
			parentPort?.close();
			return;
		}
		const { groups, common } = found.value;
		if (groups.length + common.length === 0) continue;
		parentPort?.postMessage({ kind: "part", part: found.value } satisfies SearchMessage);
		return;
	}
}

parentPort?.on("message", next);
next();
