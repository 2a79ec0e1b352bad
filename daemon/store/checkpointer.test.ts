import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { createScan } from "./scans.ts";
import { openStore } from "./store.ts";

test("the log of a steady writer is emptied beside it, and nothing is lost", { timeout: 20_000 }, async () => {
	const folder = mkdtempSync(join(tmpdir(), "checkpoint-"));
	const path = join(folder, "vedette.db");
	try {
		const store = openStore(path, { clock: { now: () => 0 } });
		const wal = () => statSync(`${path}-wal`).size;
		let written = 0;
		let highest = 0;
		do {
			createScan(store.db, { title: "x".repeat(2000), targets: [], exclusions: [], ports: "", profile: "", at: 0 });
			written++;
			highest = Math.max(highest, wal());
			await setImmediate();
		} while (highest < 4 * 1024 * 1024 || wal() > 1024 * 1024);
		store.close();
		const again = openStore(path, { clock: { now: () => 0 } });
		expect(again.db.prepare("SELECT count(*) AS n FROM scan").get()).toEqual({ n: written });
		expect(again.db.prepare("PRAGMA busy_timeout").get()).toEqual({ timeout: 5000 });
		again.close();
	} finally {
		rmSync(folder, { recursive: true });
	}
});
