/** Reads lists on a thread and a connection of its own; never writes. */
import type { DatabaseSync } from "node:sqlite";
import { workerData } from "node:worker_threads";
import { answerReads, type ReaderData } from "./answer-reads.ts";
import { FindingColumns } from "./finding-columns.ts";
import { type ReadJob, read } from "./read-job.ts";
import { atOneMoment } from "./sql.ts";

const { columns: keepsColumns = false } = workerData as ReaderData;
let columns: FindingColumns | null = null;

/** It was asked for; what is dropped later is read when a list needs it. */
let isWanted = false;

answerReads(
	(db, job: ReadJob) => {
		if (keepsColumns) columns ??= new FindingColumns(db);
		isWanted ||= job.kind === "prepare";
		return read(db, job, columns);
	},
	{
		keeps: () => columns !== null && columns.bytes > 0 && !columns.isPartial,
		rest: (db) => {
			isWanted &&= columns !== null && prepareSome(db, columns);
			return isWanted;
		},
	},
);

/** False: that was all. */
function prepareSome(db: DatabaseSync, columns: FindingColumns): boolean {
	try {
		return atOneMoment(db, () => columns.prepare());
	} catch {
		// Whoever needs them is told why they cannot be read.
		return false;
	}
}
