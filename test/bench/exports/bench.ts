/**
 * A million findings exported by the command line from a running daemon, in every format: rows a second against a plain SELECT of the
 * same columns that writes a line each, and the memory of both processes at its highest.
 */
import { closeSync, existsSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { systemClock } from "../../../daemon/clock.ts";
import { findingReading } from "../../../daemon/store/findings.ts";
import { registerFunctions } from "../../../daemon/store/functions.ts";
import { resolveHome } from "../../../protocol/home.ts";
import * as daemon from "../../../protocol/methods/daemon.ts";
import { exportFormats } from "../../../protocol/model/export.ts";
import { Household, program } from "../../support/vedette.ts";
import { ratio } from "../figures.ts";
import type { BenchOptions, BenchRow } from "../main.ts";
import { writeInventory } from "./inventory.ts";

const limitMb = 200;

export async function run({ smoke }: BenchOptions): Promise<BenchRow[]> {
	if (!existsSync(program)) throw new Error("dist/ is missing: npm run build makes it");
	const findings = smoke ? 20_000 : 1_000_000;
	const household = new Household();
	try {
		const { storePath } = resolveHome(household.env);
		writeInventory(storePath, findings);
		const plain = plainly(storePath, join(household.home, "plain.jsonl"));
		// As a console starts it, with what keeps it small.
		await household.run(["daemon", "start"]);
		const { pid } = await (await household.client()).call(daemon.status, {});
		const rows: BenchRow[] = [];
		for (const format of exportFormats) {
			const path = join(household.home, `out.${format}`);
			// The highest it was is counted anew from here (proc(5), clear_refs).
			writeFileSync(`/proc/${pid}/clear_refs`, "5");
			const client = household.start("export", "--format", format, "-o", path);
			let peak = 0;
			const timer = setInterval(() => {
				peak = Math.max(peak, peakOf(client.pid));
			}, 50);
			const startedAt = performance.now();
			const code = await new Promise((resolve) => client.once("exit", resolve));
			const seconds = (performance.now() - startedAt) / 1000;
			clearInterval(timer);
			if (code !== 0) throw new Error(`the export as ${format} ended with ${code}`);
			const served = peakOf(pid);
			rows.push({
				name: `${findings.toLocaleString("en")} findings as ${format}`,
				...{ ours: perSecond(findings, seconds), peer: perSecond(findings, plain), unit: "findings/s" },
				ratio: ratio(findings / seconds, findings / plain),
				note: `${(statSync(path).size / 1e6).toFixed(0)} MB in ${seconds.toFixed(1)} s; RSS at most: daemon ${served.toFixed(0)} MB, client ${peak.toFixed(0)} MB (limit ${limitMb}); peer: SELECT to a file`,
			});
		}
		return rows;
	} finally {
		await household.end();
	}
}

function perSecond(findings: number, seconds: number): string {
	return Math.round(findings / seconds).toLocaleString("en");
}

/** Seconds to read the same columns in the order of the table and write a line each. */
function plainly(storePath: string, path: string): number {
	const db = new DatabaseSync(storePath, { readOnly: true });
	registerFunctions(db, systemClock);
	const file = openSync(path, "w");
	try {
		const startedAt = performance.now();
		const { columns, from } = findingReading;
		let text = "";
		for (const row of db.prepare(`SELECT ${columns} FROM ${from} WHERE f.open = 1`).iterate()) {
			text += `${JSON.stringify(row)}\n`;
			if (text.length < 512 * 1024) continue;
			writeSync(file, text);
			text = "";
		}
		writeSync(file, text);
		return (performance.now() - startedAt) / 1000;
	} finally {
		closeSync(file);
		db.close();
	}
}

/** MB; 0 once it is gone. */
function peakOf(pid: number | undefined): number {
	try {
		return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
	} catch {
		return 0;
	}
}
