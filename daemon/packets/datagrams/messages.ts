/** What the datagram engine's two threads say to each other. */
import type { BatchFigures, EndNote, FromSender, ToSender } from "../messages.ts";
import type { DatagramColumns } from "./answer-columns.ts";
import type { DatagramJob, DatagramNote } from "./job.ts";

export type ToDatagramWorker = ToSender<DatagramJob>;

export interface PackedDatagrams extends DatagramColumns, BatchFigures {}

export interface DatagramEnd {
	readonly note: DatagramNote;
	/** Why it ended before everything was settled. */
	readonly failed?: NonNullable<EndNote["failed"]>;
}

/** It never says that it is ready: what it can do is told job by job. */
export type FromDatagramWorker = Exclude<FromSender<PackedDatagrams, DatagramEnd>, { kind: "ready" }>;
