/** Reads an export part by part, no faster than it can be put down. */
import { setFlagsFromString } from "node:v8";
import type { Client } from "../../protocol/client.ts";
import type { MethodParams } from "../../protocol/define.ts";
import { close, open, read } from "../../protocol/methods/exports.ts";
import type { ExportPart } from "../../protocol/model/export.ts";
import { PrivateFile } from "./private-file.ts";

/** Parts on their way while one is put down: on a long line each takes its time. */
const ahead = 8;

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
	collectOften(true);
	try {
		steps.progress(0, total);
		const coming: Promise<ExportPart>[] = [];
		for (let part = 1; ; part++) {
			while (coming.length < ahead) {
				const next = client.call(read, { export: id, part: part + coming.length });
				// Those behind the last one are refused, and nobody waits for them.
				next.catch(() => undefined);
				coming.push(next);
			}
			const { text, rows, done, gone } = await (coming.shift() as Promise<ExportPart>);
			steps.signal?.throwIfAborted();
			await steps.write(text);
			steps.progress(rows, total);
			if (done) return { rows, gone };
		}
	} finally {
		collectOften(false);
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

/** What has been put down is garbage, of which V8 would gather a hundred megabytes before it collects. Back to its own ways: 0 and 2. */
function collectOften(isOften: boolean): void {
	setFlagsFromString(`--heap-growing-percent=${isOften ? 20 : 0}`);
	setFlagsFromString(`--semi-space-growth-factor=${isOften ? 1 : 2}`);
}
