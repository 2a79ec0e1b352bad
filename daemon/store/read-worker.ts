/** Reads lists on a thread and a connection of its own; never writes. */
import { workerData } from "node:worker_threads";
import { answerReads, type ReaderData } from "./answer-reads.ts";
import { FindingColumns } from "./finding-columns.ts";
import { type ReadJob, read } from "./read-job.ts";

const { columns: keepsColumns = false } = workerData as ReaderData;
let columns: FindingColumns | null = null;

answerReads(
	(db, job: ReadJob) => {
		if (keepsColumns) columns ??= new FindingColumns(db);
		return read(db, job, columns);
	},
	() => columns !== null && columns.bytes > 0,
);
