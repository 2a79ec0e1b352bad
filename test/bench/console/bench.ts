/**
 * Key to paint at 200×50 under 30 updates a second, and bytes to the terminal, against stock Ink with incremental
 * rendering in the same run. Times depend on the machine and its load; the ratio is what counts.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { rolldown } from "rolldown";
import type { BenchRow } from "../main.ts";
import type { Measured } from "./measure.tsx";

const runFile = promisify(execFile);

export async function run(): Promise<BenchRow[]> {
	const folder = await mkdtemp(join(tmpdir(), "vedette-bench-"));
	try {
		const bundle = await rolldown({
			input: join(import.meta.dirname, "measure.tsx"),
			platform: "node",
			external: ["react-devtools-core"],
			transform: { define: { "process.env.NODE_ENV": '"production"' } },
		});
		await bundle.write({ dir: folder, format: "esm", entryFileNames: "measure.mjs" });
		await bundle.close();
		const ink = await measure(folder, "ink");
		const ours = await measure(folder, "ours");
		const note = "200×50, 30 updates/s; peer: Ink, incrementalRendering; smaller is better";
		return [
			rowOf("console: key to paint, median", ours.p50, ink.p50, "ms", note),
			rowOf("console: key to paint, 95 %", ours.p95, ink.p95, "ms", note),
			rowOf("console: bytes per key, updates included", ours.bytesPerKey, ink.bytesPerKey, "bytes", note),
		];
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

async function measure(folder: string, what: "ink" | "ours"): Promise<Measured> {
	const env = { ...process.env, NODE_ENV: "production", FORCE_COLOR: "3", CI: "" };
	const { stdout } = await runFile(process.execPath, [join(folder, "measure.mjs"), what], { env });
	return JSON.parse(stdout) as Measured;
}

function rowOf(name: string, ours: number, peer: number, unit: string, note: string): BenchRow {
	return { name, ours: short(ours), peer: short(peer), ratio: (ours / peer).toFixed(2), unit, note };
}

function short(value: number): string {
	return value < 100 ? value.toFixed(2) : String(Math.round(value));
}
