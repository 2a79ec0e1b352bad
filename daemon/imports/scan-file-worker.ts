/** Entry of the worker thread that reads another scanner's file: a piece each time it is asked for one, then it ends. */
import { parentPort, workerData } from "node:worker_threads";
import { AppError } from "../../protocol/errors.ts";
import { readScanFile, type ScanFilePiece } from "./read-scan-file.ts";

export interface ScanFileWork {
	readonly path: string;
	/** Milliseconds. */
	readonly now: number;
}

/** Answers to `next`: some pieces, and how many bytes of the file were read so far. */
export type FromScanFileWorker =
	| { readonly kind: "pieces"; readonly pieces: readonly ScanFilePiece[]; readonly bytes: number }
	| { readonly kind: "failed"; readonly refused: boolean; readonly message: string; readonly hint: string | null };

const port = parentPort;
if (port !== null) {
	const { path, now } = workerData as ScanFileWork;
	let bytes = 0;
	const pieces = readScanFile(path, now, (read) => {
		bytes = read;
	});
	port.on("message", () => {
		pieces.next().then(
			({ value, done }) => {
				const isEnd = done === true || value.kind === "end";
				port.postMessage({
					kind: "pieces",
					pieces: value === undefined ? [] : [value],
					bytes,
				} satisfies FromScanFileWorker);
				if (isEnd) port.close();
			},
			(err: unknown) => {
				const refused = err instanceof AppError;
				const hint = refused ? (err.hint ?? null) : null;
				const message = err instanceof Error ? err.message : String(err);
				port.postMessage({ kind: "failed", refused, message, hint } satisfies FromScanFileWorker);
				port.close();
			},
		);
	});
}
