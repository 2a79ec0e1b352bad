import pino from "pino";
import { expect, test, vi } from "vitest";
import type { Access } from "../../protocol/define.ts";
import type { RecipeRequest } from "../../protocol/model/recipe.ts";
import type { Scan } from "../../protocol/model/scan.ts";
import { ingestHost } from "../assess/ingest.ts";
import { memoryStore, sampleHost, sampleKnowledge } from "../assess/testdata/hosts.ts";
import { Hub } from "../hub.ts";
import { openAuditTrail } from "../rpc/audit-trail.ts";
import { RecipeRunner, type RecipeRunnerParts } from "./runner.ts";

const request: RecipeRequest = {
	...{ kind: "light-inventory", targets: ["127.0.0.1"], exclusions: [], tag: "Found", onlyNew: false },
	...{ lightProfile: "Light inventory", fullProfile: "Initial" },
};
const log = pino({ level: "silent" });

/** A recipe that waits for its light scan, which ends when its starter may do `accessThen`. */
async function afterTheScan(accessThen: Access | null) {
	const store = memoryStore();
	const hub = new Hub();
	ingestHost(store, sampleKnowledge, sampleHost("127.0.0.1", 7, store.clock.at));
	const scan = { id: 7, status: "running", hosts: { alive: 1 }, openPorts: 2, createdAt: "2026-01-01T00:00:00.000Z" };
	const scans = { start: () => scan, get: () => scan };
	const tags = { create: () => ({}), assign: () => ({ changed: 1 }) };
	const handlers = { scans, tags } as unknown as RecipeRunnerParts["handlers"];
	let access: Access | null = "operate";
	const audit = openAuditTrail(store, log);
	const runner = new RecipeRunner({ store, hub, log, audit, handlers, accessOf: () => access });
	runner.begin();
	const { id } = await runner.start(request, true, { user: "unix:1001", access: "operate" });
	expect(runner.get(id)).toMatchObject({ status: "running", steps: [{ state: "running" }, {}, {}] });
	access = accessThen;
	scan.status = "finished";
	hub.post({ kind: "scan", scan: scan as unknown as Scan });
	await vi.waitFor(() => expect(runner.get(id).status).not.toBe("running"), { timeout: 60_000 });
	await runner.close();
	const { status, steps } = runner.get(id);
	store.close();
	return { status, steps };
}

test("a step is not done in the name of somebody who has no access any more, and says so", async () => {
	const { status, steps } = await afterTheScan(null);
	expect(status).toBe("failed");
	expect(steps[0]).toMatchObject({ state: "failed", text: expect.stringContaining("unix:1001 has no access now") });
});

test("a recipe does what its starter may do now, no more", async () => {
	const { status, steps } = await afterTheScan("read");
	expect(status).toBe("failed");
	expect(steps).toMatchObject([
		{ state: "done" },
		{ state: "failed", text: expect.stringContaining("may not do tags.create") },
		{ state: "pending" },
	]);
});
