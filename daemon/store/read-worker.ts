/** Reads lists on a thread and a connection of its own; never writes. */
import { answerReads } from "./answer-reads.ts";
import { read } from "./read-job.ts";

answerReads(read);
