/** The ground gives way: a disk that fills up in the middle of a scan, a profile that is gone, a clock set back. */
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { resolveHome } from "../../protocol/home.ts";
import * as daemonMethods from "../../protocol/methods/daemon.ts";
import * as findings from "../../protocol/methods/findings.ts";
import * as scans from "../../protocol/methods/scans.ts";
import { type FakeService, fakeRedis, serve } from "../support/fake-host.ts";
import { isOver, until } from "../support/follow.ts";
import { smallDisk, smallDiskTest } from "../support/small-disk.ts";
import { ended, Household } from "../support/vedette.ts";
import "../support/patience.ts";

const hosts = 16;
const services: FakeService[] = [];
const households: Household[] = [];
const newHousehold = (): Household => {
	const household = new Household();
	households.push(household);
	return household;
};

beforeAll(async () => {
	for (let i = 1; i <= hosts; i++)
		services.push(await serve(`127.0.96.${i}`, 6379, fakeRedis({ password: () => false })));
});
afterAll(async () => {
	for (const household of households) await household.end();
	for (const service of services) await service.close();
});

smallDiskTest("a disk that fills up pauses the scan and says why; with room again it goes on", async () => {
	const household = newHousehold();
	const disk = await smallDisk(household.home, 6 * 1024 * 1024);
	try {
		const { client, child } = await disk.daemon(household);
		const { id } = await client.call(scans.start, { targets: [`127.0.96.1-${hosts}`], ports: "1-3000,6379" });
		await until(client, id, (scan) => scan.hosts.alive > 0);
		disk.fill();
		const paused = await until(client, id, isOver);
		expect(paused.status).toBe("paused");
		expect(paused.reason).toContain("is full");
		expect((await client.call(scans.get, { scan: id })).status).toBe("paused");
		expect((await client.call(scans.list, {})).items.map((scan) => scan.status)).toEqual(["paused"]);
		expect((await client.call(daemonMethods.status, {})).runningScans).toBe(0);
		const another = client.call(scans.start, { targets: ["127.0.96.1"], ports: "6379" });
		await expect(another).rejects.toMatchObject({ code: "unavailable" });

		disk.makeRoom();
		await client.call(scans.resume, { scan: id });
		const over = await until(client, id, isOver);
		expect(over).toMatchObject({ status: "finished", hosts: { total: hosts, alive: hosts, dead: 0, done: hosts } });
		const found = await client.call(findings.list, { filter: "signature:redis/no-password", limit: 100 });
		expect(found.items.map((item) => `${item.address} ×${item.timesFound}`).sort()).toEqual(
			Array.from({ length: hosts }, (_, i) => `127.0.96.${i + 1} ×1`).sort(),
		);

		disk.fill();
		await client.close();
		expect(await ended(child, "SIGTERM"), "it also stops on a full disk").toBe(0);
		const again = await disk.daemon(household);
		const { total } = await again.client.call(findings.list, { limit: 1 });
		expect(total, "and starts on one, to show what there is").toBeGreaterThan(0);
		await again.client.close();
		expect(await ended(again.child, "SIGTERM")).toBe(0);
	} finally {
		disk.end();
	}
});

test("a scan whose profile is gone ends with that reason, and the rest goes on", async () => {
	const household = newHousehold();
	const first = await household.daemon();
	const { id } = await first.client.call(scans.start, { targets: [`127.0.96.1-${hosts}`], ports: "1-20000" });
	await until(first.client, id, (scan) => scan.hosts.alive > 0);
	await ended(first.child, "SIGKILL");
	const db = new DatabaseSync(resolveHome(household.env).storePath);
	db.prepare("UPDATE scan SET profile = 'Gone' WHERE id = ?").run(id);
	db.close();
	const { client, child } = await household.daemon();
	const scan = await until(client, id, isOver);
	expect(scan.status).toBe("error");
	expect(scan.reason).toContain('"Gone"');
	const next = await client.call(scans.start, { targets: ["127.0.96.1"], ports: "6379" });
	expect((await until(client, next.id, isOver)).status).toBe("finished");
	await ended(child, "SIGTERM");
});

test("a clock that was set back a year between two scans: the later scan still counts", async () => {
	const household = newHousehold();
	let guarded = false;
	const redis = await serve("127.0.96.99", 0, fakeRedis({ password: () => guarded }));
	services.push(redis);
	const scanned = async () => {
		const { client, child } = await household.daemon();
		const { id } = await client.call(scans.start, { targets: [redis.address], ports: String(redis.port) });
		const scan = await until(client, id, isOver);
		const filter = "signature:redis/no-password and status:[NEW,ACTIVE,REOPENED,FIXED]";
		const { items } = await client.call(findings.list, { filter });
		await ended(child, "SIGTERM");
		return { scan, finding: items[0] };
	};
	expect((await scanned()).finding?.status).toBe("NEW");
	// The same as if the clock were a year behind now: everything known is a year ahead.
	const db = new DatabaseSync(resolveHome(household.env).storePath);
	const year = 365 * 86_400_000;
	db.exec(`UPDATE record SET observed_at = observed_at + ${year}; UPDATE coverage SET at = at + ${year};
		UPDATE finding SET first_found = first_found + ${year}, last_found = last_found + ${year};
		UPDATE asset SET last_seen = last_seen + ${year}, first_seen = first_seen + ${year}`);
	db.close();
	guarded = true;
	const { scan, finding } = await scanned();
	expect(scan.status).toBe("finished");
	expect(finding?.status).toBe("FIXED");
	const evidence = new DatabaseSync(resolveHome(household.env).storePath, { readOnly: true });
	const seen = evidence.prepare("SELECT min(scan) AS scan FROM record WHERE kind = 'redis'").get();
	evidence.close();
	expect(seen?.scan, "what was seen last is what is judged again").toBe(scan.id);
});
