/** The JSON documents scripts rely on: one each, `items` and `total`, with these fields. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FakeService, fakeRedis, serve } from "../support/fake-host.ts";
import { Household } from "../support/vedette.ts";
import "../support/patience.ts";

type Page = { items: Record<string, unknown>[]; total: number };

const household = new Household();
let redis: FakeService;
let scan: Page & { scan: Record<string, unknown> };

beforeAll(async () => {
	redis = await serve("127.0.137.1", 0, fakeRedis({ password: () => false }));
	scan = await household.json("scan", redis.address, "--ports", String(redis.port), "--wait");
});
afterAll(async () => {
	await household.end();
	await redis.close();
});

test("assets", async () => {
	const { items, total } = await household.json<Page>("assets");
	expect({ total, rows: items.length }).toEqual({ total: 1, rows: 1 });
	expect(items[0]).toMatchObject({
		id: expect.any(Number),
		name: "127.0.137.1",
		addresses: ["127.0.137.1"],
		tracking: "IP",
		tags: [],
		lastSeen: expect.stringMatching(/^\d{4}-.*Z$/),
		findings: { "1": expect.any(Number), "5": 1 },
	});
	expect(items[0]).toHaveProperty("os");
});

test("findings, also as the end of a scan", async () => {
	const page = await household.json<Page>("findings", "signature:redis/no-password");
	expect(Object.keys(page).sort()).toEqual(["items", "total"]);
	expect(page.total).toBe(1);
	expect(page.items[0]).toMatchObject({
		id: expect.any(Number),
		asset: { id: expect.any(Number), name: "127.0.137.1" },
		address: "127.0.137.1",
		port: redis.port,
		protocol: "tcp",
		qid: expect.any(Number),
		signature: "redis/no-password",
		title: expect.any(String),
		severity: 5,
		type: "confirmed",
		status: "NEW",
		firstFound: expect.stringMatching(/Z$/),
		lastFound: expect.stringMatching(/Z$/),
		cves: expect.any(Array),
		result: expect.any(String),
	});
	expect(scan.scan).toMatchObject({ status: "finished", openPorts: 1, partial: false });
	expect(scan.items.map(({ signature }) => signature)).toContain("redis/no-password");
});

test("--limit takes rows away and leaves the total; nothing found is a document too", async () => {
	const all = await household.json<Page>("findings", "type:[confirmed,information]");
	expect(all.total).toBeGreaterThan(1);
	const one = await household.json<Page>("findings", "type:[confirmed,information]", "--limit", "1");
	// What hangs on the asset (its priority) may follow between the two.
	expect(one.items.map(({ signature }) => signature)).toEqual([all.items[0]?.signature]);
	expect(one.total).toBe(all.total);
	expect(await household.json("findings", "port:1")).toEqual({ items: [], total: 0 });
	expect(await household.json("scans", "status:paused")).toEqual({ items: [], total: 0 });
});

test("what findings are exported as, what mends them, and testing them again", async () => {
	const wanted = "signature:redis/no-password";
	const { stdout } = await household.run(["export", wanted, "--format", "sarif"]);
	expect(JSON.parse(stdout)).toMatchObject({ runs: [{ results: [{ ruleId: "redis/no-password", level: "error" }] }] });
	const { items } = await household.json<Page>("fix", wanted);
	expect(items).toMatchObject([{ upgrades: [], other: [{ what: expect.stringContaining("requirepass") }] }]);
	const verified = await household.run(["verify", wanted, "--json"]);
	expect(verified.code).toBe(1);
	expect(JSON.parse(verified.stdout)).toMatchObject({ total: 1, items: [{ before: "open", after: "found" }] });
});

test("only what the scan looked at is shown at its end", async () => {
	const other = await household.run(["scan", "127.0.137.2", "--ports", "1"]);
	expect(other.stdout).toContain("Nothing wrong was found.");
	expect(other.code).toBe(0);
});
