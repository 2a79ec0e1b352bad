import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openCounts, readCounters } from "../store/counters.ts";
import { listFindings } from "../store/findings.ts";
import { openStore } from "../store/store.ts";

const kills = 20;
const hosts = 7;
const child = fileURLToPath(new URL("./testdata/ingest-child.ts", import.meta.url));

/** Runs the child from `first` on and kills it once it has said `wanted` numbers; returns the last it said. */
async function runAndKill(path: string, first: number, wanted: number): Promise<number> {
	const running = spawn(process.execPath, [child, path, String(first), String(hosts)], {
		stdio: ["ignore", "pipe", "inherit"],
	});
	const ended = once(running, "exit");
	let last = -1;
	for await (const line of createInterface({ input: running.stdout })) {
		last = Number(line);
		if (last >= first + wanted) running.kill("SIGKILL");
	}
	await ended;
	return last;
}

test(`${kills} times kill -9: nothing acknowledged is lost, nothing is counted twice`, {
	timeout: 120_000,
}, async () => {
	const folder = mkdtempSync(join(tmpdir(), "kill-"));
	const path = join(folder, "vedette.db");
	try {
		let last = 0;
		for (let kill = 0; kill < kills; kill++) {
			// From the last acknowledged one again, as a scan does that was stopped before it could note it down.
			last = await runAndKill(path, last, 3 + ((kill * 37) % 50));
			const store = openStore(path, { clock: { now: () => 0 } });
			expect(store.db.prepare("PRAGMA quick_check").get()).toEqual({ quick_check: "ok" });
			const findings = listFindings(store.db, {
				where: { sql: "1", params: [] },
				sort: null,
				limit: 1000,
				cursor: null,
			});
			const stored = findings.items.filter(({ signature }) => signature === "redis/open");
			const sightings = stored.reduce((total, { timesFound }) => total + timesFound, 0);
			// One more than acknowledged may be stored: killed between the commit and the word.
			expect([last + 1, last + 2]).toContain(sightings);
			const scans = stored.map(({ timesFound }) => timesFound);
			expect(Math.max(...scans) - Math.min(...scans)).toBeLessThanOrEqual(1);
			expect(openCounts(readCounters(store.db))).toMatchObject({ "5": stored.length, "4": stored.length });
			store.close();
		}
	} finally {
		rmSync(folder, { recursive: true });
	}
});
