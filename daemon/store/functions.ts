/** What the statements of the store call: to be registered on each connection that runs them. */
import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "../clock.ts";
import { registerQueryFunctions } from "../query/functions.ts";
import { registerRecordFunctions } from "./record-functions.ts";

export function registerFunctions(db: DatabaseSync, clock: Clock): void {
	registerQueryFunctions(db);
	registerRecordFunctions(db);
	// What is overdue is so by the store's clock.
	db.function("store_now", () => clock.now());
}
