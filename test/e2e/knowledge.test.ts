/** Feeds as a user takes them in: real files, the real daemon, its death in the middle. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import * as knowledge from "../../protocol/methods/knowledge.ts";
import type { Feed } from "../../protocol/model/knowledge.ts";
import { Household } from "../support/vedette.ts";
import "../support/patience.ts";

let household: Household;
beforeEach(() => {
	household = new Household();
});
afterEach(() => household.end());

/** `count` records of Debian 12, dated; what they are about is fixed in `fixed`. */
function osvFile(name: string, { count = 3, fixed = "1.2-3", day = "2026-01-02" } = {}): string {
	const records = Array.from({ length: count }, (_, i) => ({
		...{
			id: `DSA-${i + 1}-1`,
			summary: `Flaw ${i + 1}`,
			modified: `${day}T00:00:00Z`,
			upstream: [`CVE-2026-${10_000 + i}`],
		},
		affected: [
			{
				package: { ecosystem: "Debian:12", name: `package${i % 500}` },
				ranges: [{ type: "ECOSYSTEM", events: [{ introduced: "0" }, { fixed }] }],
			},
		],
	}));
	return file(name, gzipSync(JSON.stringify(records)));
}

function file(name: string, content: string | Buffer): string {
	const path = join(household.home, name);
	writeFileSync(path, content);
	return path;
}

const feedsNow = async () => (await household.json<{ items: Feed[] }>("knowledge")).items;

test("a feed is taken in, shown, replaced, and taken back", async () => {
	const empty = await household.run(["knowledge"]);
	expect(empty.stdout).toContain("No feed has been taken in");

	const first = await household.run(["knowledge", "import", osvFile("a.json.gz")]);
	expect([first.code, first.stderr]).toEqual([0, ""]);
	expect(first.stdout).toContain("osv Debian of 2026-01-02: 3 records taken in, 3 ranges of versions to judge by.");
	const shown = await household.run(["knowledge", "show", "cve-2026-10001"]);
	expect(shown.stdout).toContain("DSA-2-1: Flaw 2");
	expect(shown.stdout).toContain("Debian:12 package1: before 1.2-3");

	await household.json("knowledge", "import", osvFile("b.json.gz", { fixed: "1.2-4", day: "2026-01-03" }));
	expect((await household.run(["knowledge", "show", "DSA-2-1"])).stdout).toContain("before 1.2-4");
	await household.json("knowledge", "rollback");
	expect((await household.run(["knowledge", "show", "DSA-2-1"])).stdout).toContain("before 1.2-3");
	await household.json("knowledge", "rollback");
	expect((await household.run(["knowledge", "show", "DSA-2-1"])).stdout).toContain("before 1.2-4");

	const actions = (await household.json<{ items: { action: string }[] }>("audit", "list")).items;
	const counted = actions.filter(({ action }) => action.startsWith("knowledge.")).map(({ action }) => action);
	const each = ["knowledge.import", "knowledge.import-begun", "knowledge.rollback", "knowledge.rollback-begun"];
	expect(counted.sort()).toEqual(each.flatMap((action) => [action, action]));
});

test("what is no feed, or an older one, changes nothing and says what to do", async () => {
	await household.json("knowledge", "import", osvFile("held.json.gz", { day: "2026-03-01" }));
	const held = await feedsNow();
	const hostile = file("\u001b]0;x\u0007.json", "{}");
	for (const [path, why] of [
		[join(household.home, "none.json"), /cannot be opened \(ENOENT\)/],
		[file("half.json", '[{"id": "DSA-1'), /not whole JSON/],
		[file("text.txt", "Dear reader\n"), /no feed that is known/],
		[hostile, /no feed that is known/],
		[file("cut.json.gz", gzipSync("[".repeat(5_000)).subarray(0, 30)), /cut off or damaged|cannot be unpacked/],
	] as const) {
		const refused = await household.run(["knowledge", "import", path]);
		expect([refused.code, refused.stdout]).toEqual([2, ""]);
		expect(refused.stderr).toMatch(why);
		expect(refused.stderr).not.toContain("\u001b");
	}
	const older = osvFile("older.json.gz", { day: "2026-02-01", count: 1 });
	const refused = await household.run(["knowledge", "import", older]);
	expect(refused.stderr).toMatch(/is of 2026-02-01, older than the one held, of 2026-03-01/);
	expect(await feedsNow()).toEqual(held);
	expect((await household.run(["knowledge", "import", older, "--older"])).code).toBe(0);
	expect((await feedsNow())[0]?.records).toBe(1);
	const none = await household.run(["knowledge", "show", "CVE-1999-0001"]);
	expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('Nothing is known of "CVE-1999-0001"')]);
});

test("killed while it takes a feed in, it has the one before and nothing half", async () => {
	await household.json("knowledge", "import", osvFile("small.json.gz"));
	await household.run(["daemon", "stop"]);
	const large = osvFile("large.json.gz", { count: 60_000, day: "2026-05-05" });
	const { child, client } = await household.daemon();
	const over = client.call(knowledge.import, { path: large }).catch(() => "cut off");
	const folder = join(household.home, "knowledge");
	for (;;) {
		const { importing } = await client.call(knowledge.feeds, {});
		if (importing !== null && importing.records > 0) break;
	}
	expect(readdirSync(folder).some((name) => name.startsWith("next-"))).toBe(true);
	child.kill("SIGKILL");
	expect(await over).toBe("cut off");

	expect((await feedsNow()).map(({ records }) => records)).toEqual([3]);
	expect(readdirSync(folder).filter((name) => name.startsWith("next-"))).toEqual([]);
	expect((await household.run(["knowledge", "show", "DSA-2-1"])).code).toBe(0);
});

test("two at once: the second is told to wait", async () => {
	const { client } = await household.daemon();
	const large = osvFile("large.json.gz", { count: 20_000 });
	const first = client.call(knowledge.import, { path: large });
	await expect(client.call(knowledge.import, { path: osvFile("b.json.gz") })).rejects.toMatchObject({ code: "busy" });
	expect((await first).records).toBe(20_000);
	await expect(client.call(knowledge.import, { path: "b.json" })).rejects.toMatchObject({ code: "invalid" });
	mkdirSync(join(household.home, "empty"));
	await expect(client.call(knowledge.import, { path: join(household.home, "empty") })).rejects.toMatchObject({
		code: "invalid",
	});
});
