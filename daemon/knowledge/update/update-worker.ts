/** Entry of the worker thread that runs one update, then ends. */
import { parentPort, workerData } from "node:worker_threads";
import type { UpdateStep } from "../../../protocol/model/knowledge-update.ts";
import { runUpdate, type Updated, type UpdateWork } from "./update-run.ts";

export type FromUpdater =
	| { readonly kind: "step"; readonly step: UpdateStep }
	| { readonly kind: "updated"; readonly updated: Updated };

const port = parentPort;
if (port !== null) {
	const tell = (message: FromUpdater) => port.postMessage(message);
	const updated = await runUpdate(workerData as UpdateWork, process.env, (step) => tell({ kind: "step", step }));
	tell({ kind: "updated", updated });
}
