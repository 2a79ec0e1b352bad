/** Looks at what a work on many rows would be, on a thread and a connection of its own; never writes. */
import { answerReads } from "../store/answer-reads.ts";
import { look } from "./questions.ts";

answerReads(look);
