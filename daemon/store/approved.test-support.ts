/** Findings under an approved exception, without anybody asking. */
import type { DatabaseSync } from "node:sqlite";
import { type SetApart, setExcepted } from "./excepted.ts";
import { cover } from "./exception-cover.ts";
import { insertException, saveDecision } from "./exceptions.ts";

/** It holds for ever. `at` in milliseconds. */
export function approveFor(db: DatabaseSync, findings: readonly number[], at: number): SetApart {
	const id = insertException(db, {
		...{ kind: "false-positive", scope: { kind: "findings", findings: [...findings] }, subject: "test", findings: 1 },
		...{ assets: 1, reason: "test", requester: "unix:1", requesterUid: 1, days: 90, batch: null, previous: null, at },
	});
	cover(db, id, findings, []);
	const until = Number.MAX_SAFE_INTEGER;
	saveDecision(db, id, { state: "approved", by: "unix:2", at, note: "", days: 90, until, signature: null });
	return setExcepted(db, findings, "exception", true, at);
}
