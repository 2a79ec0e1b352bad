/** What a daemon weighs on the store of the full size: at rest, and once a list has needed columns in memory. */
import { copyFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { setTimeout } from "node:timers/promises";
import { resolveHome } from "../../../protocol/home.ts";
import * as daemon from "../../../protocol/methods/daemon.ts";
import * as findings from "../../../protocol/methods/findings.ts";
import { ended, Household, program } from "../../support/vedette.ts";
import type { BenchRow } from "../main.ts";

const limitMb = 250;
/** After 20 s in which nothing was done memory is given back. */
const restMs = 28_000;

/** `path`: a store that nobody has open. */
export async function memoryRow(path: string): Promise<BenchRow> {
	const name = "daemon with 100,000 assets, RSS at rest";
	const row = { name, peer: `${limitMb}`, unit: "MB" };
	if (!existsSync(program)) return { ...row, ours: "-", ratio: "-", note: "dist/ is missing: npm run build makes it" };
	const household = new Household();
	try {
		await putStore(household, path);
		const { client } = await household.daemon();
		const { pid } = await client.call(daemon.status, {});
		await setTimeout(restMs);
		const atRest = residentMb(pid);
		for (const sort of [undefined, "-lastFound", "-priority"])
			await client.call(findings.list, { filter: "port>3", limit: 100, counted: false, ...(sort && { sort }) });
		const after = residentMb(pid);
		const note = `with columns in memory for three lists ${after.toFixed(0)} MB; peer: the limit, goal <= 1`;
		return { ...row, ours: atRest.toFixed(0), ratio: (atRest / limitMb).toFixed(2), note };
	} finally {
		await household.end();
	}
}

/** As a daemon leaves it: judged with the knowledge that it comes with, or it would begin with that. */
async function putStore(household: Household, path: string): Promise<void> {
	const { storePath } = resolveHome(household.env);
	const { child, client } = await household.daemon();
	while (metaOf(storePath).length < 2) await setTimeout(100);
	await client.close();
	await ended(child, "SIGTERM");
	const meta = metaOf(storePath);
	for (const suffix of ["", "-wal", "-shm"]) rmSync(storePath + suffix, { force: true });
	copyFileSync(path, storePath);
	const db = new DatabaseSync(storePath);
	const put = db.prepare(
		"INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
	);
	for (const { key, value } of meta) put.run(key, value);
	db.close();
}

function metaOf(path: string): { key: string; value: string }[] {
	const db = new DatabaseSync(path, { readOnly: true });
	const rows = db.prepare("SELECT key, value FROM meta WHERE key LIKE 'judged%' AND value <> ''").all();
	db.close();
	return rows.map(({ key, value }) => ({ key: String(key), value: String(value) }));
}

function residentMb(pid: number): number {
	const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
	return Number(line ?? 0) / 1024;
}
