/** Feeds fetched as a user fetches them: the real program, a real server on 127.0.0.1 that fails in every way, kills. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cutAfter, FeedServer, status } from "../../daemon/knowledge/update/feed-server.test-support.ts";
import * as daemon from "../../protocol/methods/daemon.ts";
import * as knowledge from "../../protocol/methods/knowledge.ts";
import type { Feed } from "../../protocol/model/knowledge.ts";
import type { UpdateReport } from "../../protocol/model/knowledge-update.ts";
import { Household } from "../support/vedette.ts";
import "../support/patience.ts";

let [household, server]: [Household, FeedServer] = [undefined, undefined] as never;
beforeEach(async () => {
	household = new Household();
	server = await FeedServer.start();
});
afterEach(async () => {
	await household.end();
	await server.stop();
});

function osv({ count = 3, fixed = "1.2-3", day = "2026-01-02", id = "DSA" } = {}): Buffer {
	const records = Array.from({ length: count }, (_, i) => ({
		...{
			id: `${id}-${i + 1}-1`,
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
	return gzipSync(JSON.stringify(records));
}

const kev = JSON.stringify({
	...{ catalogVersion: "1", dateReleased: "2026-01-05T00:00:00Z" },
	vulnerabilities: [{ cveID: "CVE-2026-10001", dateAdded: "2026-01-04", vulnerabilityName: "A flaw" }],
});

/** Only these are part of an update, and from here. */
async function sourcesHere(paths: Record<string, string>): Promise<void> {
	const { client } = await household.daemon();
	const { items } = await client.call(knowledge.sources, {});
	for (const { name } of items) await client.call(knowledge.setSource, { name, enabled: false });
	for (const [name, path] of Object.entries(paths)) {
		await client.call(knowledge.setSource, { name, urls: [server.url(path)], enabled: true });
	}
}

const feedsNow = async () => (await household.json<{ items: Feed[] }>("knowledge")).items;
const statesOf = ({ steps }: UpdateReport) => Object.fromEntries(steps.map(({ source, state }) => [source, state]));
const update = async (...args: string[]) =>
	(await household.json<{ report: UpdateReport }>("knowledge", "update", ...args)).report;

test("all sources come into one base; what fails is named, and the rest is in force", async () => {
	server.serve("/osv.gz", osv());
	server.serve("/kev.json", kev);
	await sourcesHere({ "osv-debian": "/osv.gz", kev: "/kev.json", epss: "/none.csv" });
	const first = await household.run(["knowledge", "update"]);
	expect(first.code).toBe(5);
	expect(first.stdout).toContain("3 records from");
	expect(first.stdout).toMatch(/✗ epss +127\.0\.0\.1:[0-9]+ answers 404 Not Found for \/none\.csv\./);
	expect((await feedsNow()).map(({ name, records }) => [name, records])).toEqual([
		["kev", 1],
		["osv Debian", 3],
	]);
	expect((await household.run(["knowledge", "show", "CVE-2026-10001"])).stdout).toContain("exploited");

	await household.json("knowledge", "sources", "disable", "epss");
	expect(statesOf(await update())).toEqual({ kev: "unchanged", "osv-debian": "unchanged" });
	// One base for all: what was there before the update comes back in one step.
	server.serve("/osv.gz", osv({ fixed: "1.2-4", day: "2026-01-03" }));
	server.serve("/kev.json", kev.replace("2026-01-05", "2026-01-06"));
	expect(statesOf(await update())).toEqual({ kev: "updated", "osv-debian": "updated" });
	await household.json("knowledge", "rollback");
	expect((await feedsNow()).map(({ publishedAt }) => publishedAt?.slice(0, 10))).toEqual(["2026-01-05", "2026-01-02"]);
	// After that the source is newer again, though it has not changed.
	expect(statesOf(await update())).toEqual({ kev: "updated", "osv-debian": "updated" });
	expect((await household.run(["status"])).stdout).toMatch(/feeds +2 feeds, [0-9]+ [sm] old/);
	const [entry] = (await household.json<{ items: { action: string }[] }>("audit", "list")).items;
	expect(entry?.action).toBe("knowledge.update");
});

test("an older feed, and what is none, leave what is held", async () => {
	server.serve("/osv.gz", osv({ day: "2026-03-01" }));
	server.serve("/kev.json", kev);
	await sourcesHere({ "osv-debian": "/osv.gz", kev: "/kev.json" });
	await update();
	const held = await feedsNow();
	server.serve("/osv.gz", osv({ day: "2026-02-01", count: 1 }));
	server.serve("/kev.json", gzipSync(kev).subarray(0, 80));
	const refused = await household.run(["knowledge", "update"]);
	expect(refused.code).toBe(1);
	expect(refused.stdout).toContain("It is of 2026-02-01, older than what is held, of 2026-03-01.");
	expect(refused.stdout).toMatch(/cut off or damaged|cannot be unpacked/);
	expect(refused.stdout).toContain("The knowledge is as it was.");
	const now = await feedsNow();
	expect(now.map(({ digest }) => digest)).toEqual(held.map(({ digest }) => digest));
	server.serve("/kev.json", kev.replace("A flaw", "The flaw"));
	expect(statesOf(await update("--older"))).toEqual({ kev: "updated", "osv-debian": "updated" });
	expect((await feedsNow()).find(({ name }) => name === "osv Debian")?.records).toBe(1);
});

test("killed while it fetches, it has the knowledge before, and goes on from there", async () => {
	const [body, etag] = [osv({ count: 20_000 }), '"large"'];
	server.serve("/osv.gz", body, { etag });
	server.serve("/kev.json", kev);
	await sourcesHere({ kev: "/kev.json" });
	await update();
	const client = await household.client();
	const hold = Promise.withResolvers<void>();
	const half = body.length >> 1;
	const served = server.files.get("/osv.gz");
	if (served) served.faults = [cutAfter(half, etag, hold.promise)];
	await client.call(knowledge.setSource, { name: "osv-debian", urls: [server.url("/osv.gz")] });
	const over = client.call(knowledge.update, { names: ["osv-debian"] }).catch(() => "cut off");
	// A second one at the same time is told to wait.
	await expect(client.call(knowledge.update, {})).rejects.toMatchObject({ code: "busy" });
	for (;;) {
		const { running } = await client.call(knowledge.updates, {});
		if (running?.steps[0]?.bytes === half) break;
	}
	const { pid } = await client.call(daemon.status, {});
	process.kill(pid, "SIGKILL");
	expect(await over).toBe("cut off");
	hold.resolve();
	await household.settled();
	expect((await feedsNow()).map(({ name }) => name)).toEqual(["kev"]);
	const report = await update("osv-debian");
	expect(report.steps[0]).toMatchObject({ state: "updated", records: 20_000, resumedFrom: half });
	expect(server.log.at(-1)).toBe(`/osv.gz 206 bytes=${half}-`);
	const folder = join(household.home, "knowledge");
	expect(readdirSync(folder).filter((name) => name.startsWith("next-"))).toEqual([]);
	expect(readdirSync(join(folder, "downloads")).filter((name) => !name.endsWith(".json"))).toEqual([]);
});

test("sources and schedule are listed, set and undone; stopping keeps what has come", async () => {
	await household.json(
		"knowledge",
		"sources",
		"set",
		"own",
		"--url",
		"https://feeds.example.org/x.zip",
		"--licence",
		"CC0",
	);
	const twin = await household.run([
		"knowledge",
		"sources",
		"set",
		"own2",
		"--url",
		"https://a.example",
		"--feed",
		"own",
	]);
	expect([twin.code, twin.stderr]).toEqual([1, expect.stringContaining('"own" already comes from own')]);
	const listed = await household.run(["knowledge", "sources"]);
	expect(listed.stdout).toContain("https://feeds.example.org/x.zip");
	expect(listed.stdout).toContain("Nothing is fetched unless you ask.");
	expect((await household.run(["knowledge", "sources", "remove", "own"])).stdout).toContain("is gone");
	expect((await household.run(["knowledge", "update", "own"])).stderr).toContain('There is no source "own"');
	const plain = await household.run(["knowledge", "sources", "set", "own", "--url", "http://feeds.example.org/x.zip"]);
	expect(plain.code).toBe(0);
	const refused = await household.run(["knowledge", "update", "own"]);
	expect([refused.code, refused.stdout]).toEqual([1, expect.stringContaining("without TLS")]);
	expect((await household.run(["knowledge", "schedule", "6h", "--old-after", "3"])).stdout).toContain("every 6 h");
	expect((await household.run(["knowledge", "schedule", "off"])).stdout).toContain("Nothing is fetched unless you ask");
	expect((await household.run(["knowledge", "schedule", "sometimes"])).code).toBe(2);

	mkdirSync(join(household.home, "feeds"));
	writeFileSync(join(household.home, "feeds", "osv.json.gz"), osv());
	await household.json("knowledge", "sources", "set", "own", "--url", join(household.home, "feeds", "osv.json.gz"));
	expect(statesOf(await update("own"))).toEqual({ own: "updated" });

	server.serve("/slow.gz", osv(), { faults: Array(50).fill(status(503, { "retry-after": "60" })) });
	await household.json("knowledge", "sources", "set", "slow", "--url", server.url("/slow.gz"));
	const client = await household.client();
	const running = client.call(knowledge.update, { names: ["slow"] });
	for (;;) {
		const step = (await client.call(knowledge.updates, {})).running?.steps[0];
		if (step?.trouble?.includes("503")) break;
	}
	expect(await client.call(knowledge.stopUpdate, {})).toEqual({ stopped: true });
	expect((await running).report.cutOff).toBe("It was stopped.");
});

test("whoever asks while the knowledge changes gets an answer", async () => {
	const { client } = await household.daemon();
	await client.call(knowledge.setSource, { name: "osv-debian", urls: [server.url("/osv.gz")] });
	let [over, asked] = [false, 0];
	const asking = (async () => {
		for (; !over; asked++) await client.call(daemon.getOverview, {});
	})();
	for (let i = 0; i < 8; i++) {
		server.serve("/osv.gz", osv({ fixed: `1.2-${i}` }));
		const { report } = await client.call(knowledge.update, { names: ["osv-debian"] });
		expect(report.swapped).toBe(true);
	}
	over = true;
	await asking;
	expect(asked).toBeGreaterThan(8);
	expect((await client.call(daemon.getOverview, {})).feeds).toMatchObject({
		held: 1,
		lagging: "osv Debian",
		isOld: false,
	});
});
