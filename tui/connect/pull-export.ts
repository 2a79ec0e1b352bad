/** Reads an export part by part, no faster than it can be put down. */
import type { Client } from "../../protocol/client.ts";
import type { MethodParams } from "../../protocol/define.ts";
import { close, open, read } from "../../protocol/methods/exports.ts";
import { PrivateFile } from "./private-file.ts";

export interface PulledExport {
	/** Findings in it. */
	readonly rows: number;
	/** Findings that left the inventory meanwhile. */
	readonly gone: number;
}

export interface ExportSteps {
	/** Gets the parts; the next one comes when it is done. */
	write(text: string): Promise<void>;
	progress(rows: number, total: number): void;
	readonly signal?: AbortSignal;
}

/** Rejects with what the daemon or `write` said; the reason of `signal` when it aborts. The export is closed either way. */
export async function pullExport(
	client: Client,
	params: MethodParams<typeof open>,
	steps: ExportSteps,
): Promise<PulledExport> {
	const { export: id, total } = await client.call(open, params);
	try {
		steps.progress(0, total);
		// The next part is on its way while one is put down.
		let coming = client.call(read, { export: id, part: 1 });
		for (let part = 1; ; part++) {
			const { text, rows, done, gone } = await coming;
			steps.signal?.throwIfAborted();
			if (!done) {
				coming = client.call(read, { export: id, part: part + 1 });
				coming.catch(() => undefined);
			}
			await steps.write(text);
			steps.progress(rows, total);
			if (done) return { rows, gone };
		}
	} finally {
		await client.call(close, { export: id }).catch(() => undefined);
	}
}

/** The same into a file that is there as a whole or not at all. */
export async function exportToFile(
	client: Client,
	params: MethodParams<typeof open>,
	{ path, replace, ...steps }: { readonly path: string; readonly replace: boolean } & Omit<ExportSteps, "write">,
): Promise<PulledExport & { readonly bytes: number }> {
	const file = await PrivateFile.create(path);
	try {
		const pulled = await pullExport(client, params, { ...steps, write: (text) => file.write(text) });
		await file.keep({ replace });
		return { ...pulled, bytes: file.bytes };
	} catch (err) {
		await file.drop();
		throw err;
	}
}
