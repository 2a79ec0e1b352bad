/** Entry of the worker thread that writes a bundle or takes one in, then ends. */
import { parentPort, workerData } from "node:worker_threads";
import { AppError } from "../../../protocol/errors.ts";
import { type ApplyBundle, applyBundle } from "./apply-bundle.ts";
import { type CreateBundle, type CreatedBundle, createBundle } from "./create-bundle.ts";

export type BundleWork =
	| { readonly kind: "create"; readonly work: CreateBundle }
	| { readonly kind: "apply"; readonly work: ApplyBundle };

export type FromBundler =
	| { readonly kind: "lines"; readonly lines: number }
	| { readonly kind: "created"; readonly created: CreatedBundle }
	| { readonly kind: "applied"; readonly changed: readonly string[] }
	| { readonly kind: "failed"; readonly refused: boolean; readonly message: string; readonly hint: string | null };

const port = parentPort;
if (port !== null) {
	const tell = (message: FromBundler) => port.postMessage(message);
	const onLines = (lines: number) => tell({ kind: "lines", lines });
	const task = workerData as BundleWork;
	try {
		if (task.kind === "create") tell({ kind: "created", created: await createBundle(task.work, onLines) });
		else tell({ kind: "applied", changed: await applyBundle(task.work, onLines) });
	} catch (err) {
		const refused = err instanceof AppError;
		const message = err instanceof Error ? err.message : String(err);
		tell({ kind: "failed", refused, message, hint: refused ? (err.hint ?? null) : null });
	}
}
