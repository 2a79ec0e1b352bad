/** Files of other scanners for tests: written to a folder of their own, read as the worker does. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readScanFile, type ScanFileEnd } from "./read-scan-file.ts";
import type { FromScanFile, ImportedHost } from "./scan-file.ts";

export interface ReadFile {
	readonly hosts: ImportedHost[];
	readonly others: FromScanFile[];
	readonly end: ScanFileEnd;
}

/** Long after all the files' times. */
export const readAt = 1_800_000_000_000;

export async function readContent(content: string | Uint8Array): Promise<ReadFile> {
	const folder = mkdtempSync(join(tmpdir(), "vedette-scan-file-"));
	const path = join(folder, "file");
	try {
		writeFileSync(path, content);
		const [hosts, others]: [ImportedHost[], FromScanFile[]] = [[], []];
		for await (const piece of readScanFile(path, readAt, () => {})) {
			if (piece.kind === "end") return { hosts, others, end: piece };
			if (piece.kind === "host") hosts.push(piece.host);
			else if (piece.kind !== "begin") others.push(piece);
		}
		throw new Error("it has no end");
	} finally {
		rmSync(folder, { recursive: true });
	}
}
