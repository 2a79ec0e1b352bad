/** The knowledge carried from one daemon to another that has no network: made, signed, refused, taken in, gone on from. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Feed } from "../../protocol/model/knowledge.ts";
import { Household } from "../support/vedette.ts";
import "../support/patience.ts";

let [here, there]: [Household, Household] = [undefined, undefined] as never;
beforeEach(() => {
	here = new Household();
	there = new Household();
});
afterEach(async () => {
	await here.end();
	await there.end();
});

const at = (name: string) => join(here.home, name);

async function say(fixed: string, day: string): Promise<void> {
	const records = Array.from({ length: 500 }, (_, i) => ({
		...{ id: `DSA-${i}-1`, summary: `Flaw ${i}`, upstream: [`CVE-2026-${10_000 + i}`] },
		modified: `${i === 7 ? day : "2026-01-01"}T00:00:00Z`,
		affected: [
			{
				package: { ecosystem: "Debian:12", name: `package${i}` },
				ranges: [{ type: "ECOSYSTEM", events: [{ introduced: "0" }, { fixed: i === 7 ? fixed : "1" }] }],
			},
		],
	}));
	writeFileSync(at("osv.json"), JSON.stringify(records));
	await here.json("knowledge", "import", at("osv.json"), "--older");
}

test("a bundle goes over by hand, and then only what has changed", async () => {
	await say("1.2", "2026-01-02");
	expect((await here.run(["knowledge", "bundle", "create", at("none.vdb")])).stderr).toContain(
		"There is no key to sign with",
	);
	const { line } = await here.json<{ line: string }>("knowledge", "key", "new", "office");
	await here.json("knowledge", "bundle", "create", at("one.vdb"));
	expect((await here.run(["knowledge", "bundle", "create", at("one.vdb")])).stderr).toContain("is there already");

	const stranger = await there.run(["knowledge", "import", at("one.vdb")]);
	expect([stranger.code, stranger.stdout]).toEqual([4, ""]);
	expect(stranger.stderr).toContain("a key that is not trusted here");
	await there.json("knowledge", "key", "trust", line);
	const spoilt = readFileSync(at("one.vdb"), "latin1").replace("osv Debian", "osv Debiam");
	writeFileSync(at("spoilt.vdb"), spoilt, "latin1");
	expect((await there.run(["knowledge", "import", at("spoilt.vdb")])).stderr).toContain(
		'changed since "office" signed it',
	);
	expect((await there.run(["knowledge"])).stdout).toContain("No feed has been taken in");

	const first = await there.run(["knowledge", "import", at("one.vdb")]);
	expect([first.code, first.stderr]).toEqual([0, ""]);
	const feeds = (home: Household) => home.json<{ items: Feed[] }>("knowledge");
	expect((await feeds(there)).items.map(({ digest }) => digest)).toEqual(
		(await feeds(here)).items.map(({ digest }) => digest),
	);
	expect((await there.run(["knowledge", "show", "DSA-7-1"])).stdout).toContain("before 1.2");

	await say("1.3", "2026-01-03");
	const two = await here.json<{ bytes: number }>(
		"knowledge",
		"bundle",
		"create",
		at("two.vdb"),
		"--since",
		at("one.vdb"),
	);
	expect(two.bytes).toBeLessThan(readFileSync(at("one.vdb")).length / 2);
	expect((await there.run(["knowledge", "bundle", "show", at("two.vdb")])).stdout).toContain("It fits");
	await there.json("knowledge", "import", at("two.vdb"));
	expect((await there.run(["knowledge", "show", "DSA-7-1"])).stdout).toContain("before 1.3");
	const chain = await there.json<{ items: { linked: boolean; what: string }[] }>("knowledge", "bundle");
	expect(chain.items.map(({ linked, what }) => [linked, what])).toEqual([
		[true, "taken"],
		[true, "taken"],
	]);

	const older = await there.run(["knowledge", "import", at("one.vdb")]);
	expect([older.code, older.stderr]).toEqual([1, expect.stringContaining("is of 2026-01-02, older than the one held")]);
	await there.json("knowledge", "rollback");
	expect((await there.run(["knowledge", "show", "DSA-7-1"])).stdout).toContain("before 1.2");
	await there.json("knowledge", "key", "remove", "office");
	expect((await there.run(["knowledge", "import", at("two.vdb")])).code).toBe(4);
	const empty = new Household();
	try {
		await empty.json("knowledge", "key", "trust", line);
		const misfit = await empty.run(["knowledge", "import", at("two.vdb")]);
		expect([misfit.code, misfit.stderr]).toEqual([1, expect.stringContaining("none is held here")]);
	} finally {
		await empty.end();
	}
});
