/** Targets from files and pipes, asset groups among them: what is in them is said, what is wrong is named by its line. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as groups from "../../protocol/methods/groups.ts";
import * as scans from "../../protocol/methods/scans.ts";
import type { AssetGroup, NeverScanned } from "../../protocol/model/group.ts";
import type { Scan, ScanEstimate } from "../../protocol/model/scan.ts";
import { until } from "../support/follow.ts";
import { Household } from "../support/vedette.ts";
import "../support/patience.ts";

const household = new Household();
beforeAll(async () => {
	await household.run(["daemon", "start"]);
});
afterAll(() => household.end());

const file = (name: string, content: string | Buffer) => {
	const path = join(household.home, name);
	writeFileSync(path, content);
	return path;
};
const quick = ["--ports", "1-2", "--udp", "none"];

test("a file is read, its repeats merged and said; exclusions come from one too", async () => {
	const hosts = file(
		"hosts.txt",
		"\ufeff# lab\r\n127.0.146.1\r\n127.0.146.1\r\n127.0.146.0/30 # block\r\n\r\n127.0.146.9 - 127.0.146.10",
	);
	const dry = await household.run(["scan", "--targets-file", hosts, "--dry-run", ...quick]);
	expect(dry.stderr).toBe(`${hosts}: 6 lines, 6 addresses in 2 ranges (2 repeats merged).\n`);
	expect(dry.stdout).toMatch(/^Addresses {2}6\n/);
	expect(dry.stdout).toMatch(/^Packets .*\n/m);
	expect(await household.json("scans")).toEqual({ items: [], total: 0 });

	const spared = file("spared.txt", "127.0.146.2\n127.0.146.3\n");
	const { scan } = await household.json<{ scan: Scan }>("scan", `@${hosts}`, "--exclude-file", spared, ...quick);
	expect(scan).toMatchObject({
		...{ status: "finished", targets: ["127.0.146.0/30", "127.0.146.9-127.0.146.10"], exclusions: ["127.0.146.2/31"] },
		hosts: { total: 4 },
	});

	const piped = await household.run(["scan", "@-", "--dry-run", "--json", ...quick], {
		input: "127.0.146.7\n127.0.146.8",
	});
	expect(JSON.parse(piped.stdout)).toMatchObject({ addresses: 2, needsConfirmation: false });
});

test.each<[string, () => string[], string]>([
	[
		"the seventh line",
		() => [`@${file("bad.txt", "127.0.0.1\n\n\n\n\n\n127.0.0.300\n")}`],
		'line 7: "127.0.0.300" is not an IPv4',
	],
	["an empty file", () => [`@${file("empty.txt", "")}`], "is empty."],
	["comments alone", () => ["--targets-file", file("none.txt", "# a\n\n")], "only blank lines and comments"],
	["a folder", () => [`@${household.home}`], "It is a folder"],
	["no such file", () => ["@nowhere.txt"], "There is no such file"],
	["bytes", () => [`@${file("bytes", Buffer.from([1, 2, 3, 10, 0, 0]))}`], "no text of lines"],
	["UTF-16", () => [`@${file("wide.txt", Buffer.from("\ufeff127.0.0.1\n", "utf16le"))}`], "Save it as UTF-8"],
	["no name", () => ["@"], "names no file"],
	["standard input twice", () => ["@-", "--exclude", "@-", "--targets-file", "-"], "once only"],
	["nothing at all", () => [], "There is no target."],
	["no such group", () => ["group:Nope"], 'There is no asset group "Nope".'],
])("%s is refused in a sentence, and nothing starts", async (_, words, sentence) => {
	const before = await household.json<{ total: number }>("scans");
	const outcome = await household.run(["scan", ...words(), ...quick]);
	expect(outcome).toMatchObject({ code: 2, stdout: "" });
	expect(outcome.stderr).toContain(sentence);
	expect(outcome.stderr).not.toMatch(/\n\s+at /);
	expect(await household.json("scans")).toMatchObject({ total: before.total });
});

test("a list too long for one message is handed over in parts; the scan keeps it over a restart", async () => {
	const scattered = Array.from(
		{ length: 150_000 },
		(_, i) => `127.${1 + (i >> 15)}.${(i >> 7) & 255}.${(i & 127) * 2}`,
	);
	const path = file("long.txt", scattered.join("\n"));
	const args = ["scan", "--targets-file", path, "--exclude", "127.1.0.0/16", "--ports", "none", "--detach", "--yes"];
	const started = await household.json<Scan>(...args, "--profile", "Gentle");
	expect(started).toMatchObject({ targets: [`@${path}`], meanings: [{ addresses: 150_000, names: 0 }] });
	await household.run(["scans", "pause", String(started.id)]);
	await household.run(["daemon", "stop"]);
	await household.settled();
	await household.run(["daemon", "start"]);
	const client = await household.client(60_000);
	await household.run(["scans", "resume", String(started.id)]);
	await until(client, started.id, ({ hosts }) => hosts.total > 0);
	await household.run(["scans", "pause", String(started.id)]);
	const { items } = await household.json<{ items: Scan[] }>("scans", `id:${started.id}`);
	expect(items[0]).toMatchObject({ status: "paused", hosts: { total: 150_000 - 32_768 } });
	await household.run(["scans", "cancel", String(started.id)]);
});

test("an asset group is a target, an exclusion, a condition and a list of what was never scanned", async () => {
	const made = await household.json<AssetGroup>(
		"group",
		"create",
		"Lab servers",
		"127.0.147.0/30",
		"--impact",
		"high",
		"--cvss",
		"cr=high",
	);
	expect(made).toMatchObject({
		title: "Lab servers",
		addresses: 4,
		businessImpact: "high",
		cvss: { cr: "high", ar: "not-defined" },
	});
	await household.json("group", "add", "lab SERVERS", `@${file("more.txt", "127.0.147.4\n127.0.147.5\n")}`);
	const { scan } = await household.json<{ scan: Scan }>(
		"scan",
		"group:Lab servers",
		"--exclude",
		"127.0.147.5",
		...quick,
	);
	expect(scan).toMatchObject({
		...{
			targets: ["group:Lab servers"],
			meanings: [{ target: 'group:"Lab servers"', addresses: 6 }],
			hosts: { total: 5 },
		},
	});
	const never = await household.json<{ items: NeverScanned[]; neverAsked: number }>(
		"group",
		"never-scanned",
		"Lab servers",
	);
	expect(never.items).toEqual([{ first: "127.0.147.5", last: "127.0.147.5", addresses: 1, why: "never-asked" }]);
	const assets = await household.json<{ total: number }>("assets", 'group:"Lab servers"');
	expect(assets.total).toBe(5);

	const left = await household.run([
		"scan",
		"127.0.147.0/29",
		"--exclude",
		"group:Lab servers",
		"--dry-run",
		"--json",
		...quick,
	]);
	expect(JSON.parse(left.stdout) as ScanEstimate).toMatchObject({ addresses: 2, excluded: 6 });
	await household.run(["exclude", "add", "group:Lab servers", "--comment", "maintenance"]);
	const refused = await household.run(["scan", "group:Lab servers", ...quick]);
	expect(refused).toMatchObject({ code: 4, stderr: expect.stringContaining("Every target is excluded") });

	const map = await household.run(["map", "group:Lab servers", "--detach", "--json"]);
	expect(map).toMatchObject({ code: 4 });
	expect((await household.run(["group", "delete", "Lab servers"])).stderr).toMatch(/exclusion 1 \(group:lab servers\)/);
	await household.json("exclude", "remove", 'group:"lab servers"', "--comment", "done");
	await household.json("group", "delete", "Lab servers");
	expect((await household.run(["group", "show", "Lab servers"])).stderr).toContain("no asset group");
});

test("a group of more addresses than can be counted one by one is listed, and is a target for what is left of it", async () => {
	const client = await household.client(60_000);
	const addresses = 2 ** 96;
	const made = await client.call(groups.create, { title: "Six", addresses: ["2001:db8::/32", "127.0.147.1"] });
	expect(made.addresses).toBe(addresses);
	const more = await client.call(groups.addAddresses, { group: "Six", addresses: ["2001:db9::/32"] });
	expect(more.changed).toBe(addresses);
	await client.call(groups.removeAddresses, { group: "Six", addresses: ["2001:db9::/32"] });
	const { items } = await client.call(groups.list, {});
	expect(items.find(({ title }) => title === "Six")).toMatchObject({ addresses });
	expect(await client.call(groups.neverScanned, { group: "Six" })).toMatchObject({ neverAsked: addresses });
	const request = { targets: ["group:Six"], exclusions: ["2001:db8::/32"], ports: "1", udp: "none" };
	const { meanings } = await client.call(scans.start, request);
	expect(meanings).toEqual([{ target: "group:Six", addresses, names: 0 }]);
	expect((await client.call(scans.list, { limit: 1 })).items[0]).toMatchObject({ meanings });
	const refused = await household.run(["scan", "group:Six", "--dry-run"]);
	expect(refused.stderr).toContain("are too many for one scan");
});
