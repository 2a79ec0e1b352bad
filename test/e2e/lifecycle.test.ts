/** A finding's life over three scans: NEW, FIXED once it was looked at again and clear, REOPENED when it is back. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Finding } from "../../protocol/model/finding.ts";
import { type FakeService, fakeRedis, serve } from "../support/fake-host.ts";
import { Household } from "../support/vedette.ts";
import "../support/patience.ts";

const address = "127.0.91.1";
let household: Household;
let redis: FakeService;
let guarded = false;

beforeAll(async () => {
	household = new Household();
	redis = await serve(address, 0, fakeRedis({ password: () => guarded }));
});
afterAll(async () => {
	await household.end();
	await redis.close();
});

async function scanAndFind(ports: string): Promise<Finding | undefined> {
	const scan = await household.run(["scan", address, "--ports", ports]);
	expect(scan.stderr).toBe("");
	expect(scan.code).toBe(0);
	const found = await household.json<{ items: Finding[] }>(
		"findings",
		"signature:redis/* and status:[NEW,ACTIVE,REOPENED,FIXED]",
	);
	return found.items.find((item) => item.signature === "redis/no-password");
}

test("a redis without a password is NEW, then ACTIVE, FIXED, REOPENED and ACTIVE again", async () => {
	const port = String(redis.port);
	expect((await scanAndFind(port))?.status).toBe("NEW");
	expect((await scanAndFind(port))?.status).toBe("ACTIVE");

	guarded = true;
	expect((await scanAndFind("1"))?.status, "a scan that did not ask the port closes nothing").toBe("ACTIVE");
	const fixed = await scanAndFind(port);
	expect(fixed?.status).toBe("FIXED");
	expect(fixed?.lastFixed).not.toBeNull();

	guarded = false;
	expect((await scanAndFind(port))?.status).toBe("REOPENED");
	const active = await scanAndFind(port);
	expect(active?.status).toBe("ACTIVE");
	expect(active?.timesFound).toBe(4);
});
