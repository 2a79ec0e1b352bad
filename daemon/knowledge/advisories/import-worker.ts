/** Entry of the worker thread that takes a feed in: one file, then it ends. */
import { parentPort, workerData } from "node:worker_threads";
import { AppError } from "../../../protocol/errors.ts";
import { type TakeIn, type TakenIn, takeIn } from "./take-in.ts";

export type FromImporter =
	| { readonly kind: "records"; readonly records: number }
	| { readonly kind: "taken"; readonly taken: TakenIn }
	/** `refused`: something about the file, in words for its owner. */
	| { readonly kind: "failed"; readonly refused: boolean; readonly message: string; readonly hint: string | null };

const port = parentPort;
if (port !== null) {
	const tell = (message: FromImporter) => port.postMessage(message);
	takeIn(workerData as TakeIn, (records) => tell({ kind: "records", records })).then(
		(taken) => tell({ kind: "taken", taken }),
		(err: unknown) => {
			const refused = err instanceof AppError;
			const hint = refused ? (err.hint ?? null) : null;
			tell({ kind: "failed", refused, message: err instanceof Error ? err.message : String(err), hint });
		},
	);
}
