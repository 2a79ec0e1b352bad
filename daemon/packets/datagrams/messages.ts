/** What the datagram engine's two threads say to each other. */
import type { AddressGuard, NetworkFigures } from "../engine.ts";
import type { LimitClaim } from "../limit-table.ts";
import type { EndNote } from "../messages.ts";
import type { DatagramColumns } from "./answer-columns.ts";
import type { DatagramJob, DatagramNote } from "./job.ts";

export type ToDatagramWorker =
	/** A guard that jobs may name from now on, until it is forgotten. */
	| { readonly kind: "guard"; readonly guard: number; readonly ranges: AddressGuard }
	| { readonly kind: "forget"; readonly guard: number }
	/** The job's guard is named, not carried; its limits are claimed. */
	| {
			readonly kind: "start";
			readonly run: number;
			readonly job: DatagramJob;
			readonly guard: number | null;
			readonly claim: LimitClaim;
	  }
	| { readonly kind: "stop"; readonly run: number }
	/** Answers the reader has taken. */
	| { readonly kind: "taken"; readonly run: number; readonly answers: number }
	| { readonly kind: "close" };

export type FromDatagramWorker =
	| ({
			readonly kind: "batch";
			readonly run: number;
			readonly settled: number;
			readonly sent: number;
			readonly refused: number;
			readonly networks?: readonly NetworkFigures[];
			readonly slowedBy?: readonly string[];
	  } & DatagramColumns)
	| {
			readonly kind: "end";
			readonly run: number;
			readonly note: DatagramNote;
			/** Why it ended before everything was settled. */
			readonly failed?: EndNote["failed"];
	  };
