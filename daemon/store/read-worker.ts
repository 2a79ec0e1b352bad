/** Reads lists on a thread and a connection of its own; never writes. */
import { answerReads } from "./answer-reads.ts";
import { FindingColumns } from "./finding-columns.ts";
import { type ReadJob, read } from "./read-job.ts";

let columns: FindingColumns | null = null;

answerReads(
	(db, job: ReadJob) => {
		columns ??= new FindingColumns(db);
		return read(db, job, columns);
	},
	() => columns !== null && columns.bytes > 0,
);
