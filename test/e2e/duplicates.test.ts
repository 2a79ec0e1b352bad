/** Merging from the command line, a scan in between, and undoing: two histories as if nothing had been merged. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Asset } from "../../protocol/model/asset.ts";
import type { DuplicateDetail, MergePreview, MergeRecord, MergeUndone } from "../../protocol/model/duplicate.ts";
import type { Finding } from "../../protocol/model/finding.ts";
import { type FakeService, fakeRedis, serve } from "../support/fake-host.ts";
import { Household } from "../support/vedette.ts";
import "../support/patience.ts";

let household: Household;
let hosts: FakeService[];
let guarded = false;

beforeAll(async () => {
	household = new Household();
	hosts = [
		await serve("127.0.118.1", 16_379, fakeRedis({ password: () => guarded })),
		await serve("127.0.118.2", 16_379, fakeRedis({ password: () => false })),
	];
});
afterAll(async () => {
	await household.end();
	for (const host of hosts) await host.close();
});

const scan = () => household.json("scan", "127.0.118.1-127.0.118.2", "--ports", "16379", "--wait");
const assets = async () => (await household.json<{ items: Asset[] }>("assets", "--sort", "id")).items;
const findings = async () =>
	(await household.json<{ items: Finding[] }>("findings", "severity>=1", "--sort", "id")).items;

test("merge, scan, undo", async () => {
	await scan();
	const before = await assets();
	const [one, other] = before.map(({ id }) => String(id));
	if (one === undefined || other === undefined) throw new Error("two hosts were scanned");
	const preview = await household.json<MergePreview>("duplicates", "merge", one, other, "--dry-run");
	expect(preview).toMatchObject({ obstacles: [], impossible: null, gone: [{ id: before[1]?.id }] });
	expect(await assets()).toEqual(before);

	const merge = await household.json<MergeRecord>("duplicates", "merge", one, other, "--into", one, "--why", "one box");
	expect(merge).toMatchObject({ why: "one box", automatic: false, undone: null, whyNotUndone: null });
	const [merged, ...more] = await assets();
	expect(more).toEqual([]);
	expect(merged).toMatchObject({ id: before[0]?.id, addresses: ["127.0.118.1", "127.0.118.2"], openPorts: 2 });

	guarded = true;
	await scan();
	const undone = await household.json<MergeUndone>("duplicates", "undo", String(merge.id));
	expect(undone.arrived).toHaveLength(2);
	const after = await assets();
	expect(after.map(({ id, name, addresses, openPorts }) => ({ id, name, addresses, openPorts }))).toEqual(
		before.map(({ id, name, addresses, openPorts }) => ({ id, name, addresses, openPorts })),
	);
	const open = (await findings()).filter(({ severity }) => severity === 5);
	expect(open.map(({ address, status, timesFound }) => [address, status, timesFound])).toEqual([
		["127.0.118.2", "ACTIVE", 2],
	]);
	const owner = after.find(({ addresses }) => addresses.includes("127.0.118.2"));
	expect(open[0]?.asset.id).toBe(owner?.id);
	const again = await household.run(["duplicates", "undo", String(merge.id)]);
	expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining("undone") });
});

test("not the same, compared, and taken back", async () => {
	const [one, other] = (await assets()).map(({ id }) => String(id));
	if (one === undefined || other === undefined) throw new Error("two hosts were scanned");
	expect(await household.json("duplicates", "not-same", one, other, "--why", "two boxes")).toEqual({ pairs: 1 });
	const { links } = await household.json<DuplicateDetail>("duplicates", "compare", one, other);
	expect(links[0]).toMatchObject({
		vetoed: true,
		against: [{ kind: "said", text: expect.stringContaining("two boxes") }],
	});
	const refused = await household.run(["duplicates", "merge", one, other]);
	expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("are not the same") });
	expect(await household.json("duplicates", "maybe-same", one, other)).toEqual({ pairs: 1 });
	expect((await household.run(["duplicates", "show", "0"])).code).toBe(2);
});
