/** What a scan says it asked, counted by the other side; and the log of who did what, changed behind its back. */
import { DatabaseSync } from "node:sqlite";
import { afterAll, expect, test } from "vitest";
import { resolveHome } from "../../protocol/home.ts";
import type { AuditEntry, AuditVerdict } from "../../protocol/model/audit.ts";
import type { Scan } from "../../protocol/model/scan.ts";
import type { ScanCoverage } from "../../protocol/model/scan-coverage.ts";
import { type FakeService, serve } from "../support/fake-host.ts";
import { ended, Household } from "../support/vedette.ts";
import "../support/patience.ts";

const household = new Household();
const services: FakeService[] = [];
afterAll(async () => {
	await household.end();
	for (const service of services) await service.close();
});

test("every address and every pair is accounted for, also after a restart, and the log knows who asked", async () => {
	for (let i = 1; i <= 3; i++)
		services.push(
			await serve(`127.0.108.${i}`, 9100, () => undefined),
			await serve(`127.0.108.${i}`, 2121, (socket) => void socket.end("220 ready\r\n")),
		);
	const daemon = await household.daemon();
	await household.run(["exclude", "add", "127.0.108.6-7", "--comment", "label printers"]);
	const command = [
		"scan",
		"127.0.108.1-8",
		"--ports",
		"2121,9100,2122-2129",
		"--udp",
		"none",
		"--exclude",
		"127.0.108.8",
	];
	const done = await household.json<{ scan: Scan; coverage: ScanCoverage }>(...command);
	const { addresses, tcp, surveys, excludedBy, packets } = done.coverage;
	expect(addresses).toMatchObject({ named: 8, excluded: 3, notReached: 0 });
	expect(addresses.answered + addresses.silent).toBe(5);
	expect(tcp).toMatchObject({ pairs: addresses.answered * 10, open: 6, notAsked: 0 });
	expect(tcp.open + tcp.closed + tcp.filtered + tcp.unreachable).toBe(tcp.asked);
	expect(surveys).toMatchObject({ open: 6, leftAlone: 3 });
	expect(excludedBy).toEqual([
		{ exclusion: "127.0.108.6-7", from: "global", comment: "label printers", addresses: 2 },
		{ exclusion: "127.0.108.8", from: "scan", comment: null, addresses: 1 },
	]);
	expect(packets.sent).toBeGreaterThanOrEqual(tcp.asked);
	await ended(daemon.child, "SIGKILL");

	const again = await household.daemon();
	const { coverage } = await household.json<{ coverage: ScanCoverage }>("scans", "show", "1");
	expect(coverage).toEqual(done.coverage);
	const shown = (await household.run(["scans", "show", "1"])).stdout;
	expect(shown).toMatch(/addresses +8: \d answered(, \d silent)?, 3 excluded/);
	expect(shown).toContain("127.0.108.6-7: 2 (label printers)");

	const { items } = await household.json<{ items: AuditEntry[] }>("audit");
	expect(items.map(({ action }) => action)).toEqual(["scan.start", "exclusion.add"]);
	expect(items[0]).toMatchObject({ who: expect.stringMatching(/^unix:/), object: "scan 1" });
	expect((await household.run(["stop-all"])).code).toBe(0);
	expect(await household.json<AuditVerdict>("audit", "verify")).toMatchObject({ entries: 3, intact: true });
	await ended(again.child, "SIGTERM");
});

test("one row of the log changed in the database is found and named", async () => {
	const db = new DatabaseSync(resolveHome(household.env).storePath);
	expect(() => db.exec("UPDATE audit SET who = 'unix:4242' WHERE n = 2")).toThrow(/only grows/);
	db.exec("DROP TRIGGER audit_is_not_changed; UPDATE audit SET who = 'unix:4242' WHERE n = 2");
	db.close();
	const { child } = await household.daemon();
	const verdict = await household.run(["audit", "verify"]);
	expect(verdict.code).toBe(1);
	expect(verdict.stdout).toMatch(/^Entry 2 is not what was written/);
	await ended(child, "SIGTERM");
});
