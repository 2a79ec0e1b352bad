/** Tags and saved queries from the command line: a rule, by hand, in queries, on the dashboard, and what is refused. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Asset } from "../../protocol/model/asset.ts";
import type { Completion, Widget } from "../../protocol/model/query.ts";
import type { Tag, TagPreview } from "../../protocol/model/tag.ts";
import { Household } from "../support/vedette.ts";
import "../support/patience.ts";

let household: Household;
const refused = async (...args: string[]) => {
	const { code, stderr } = await household.run(args);
	return `${code}: ${stderr}`;
};
const namesFor = async (query: string) =>
	(await household.json<{ items: Asset[] }>("assets", query)).items.map(({ name }) => name).sort();

beforeAll(async () => {
	household = new Household();
	await household.run(["scan", "127.0.122.1-3", "--ports", "9", "--udp", "none"]);
});
afterAll(() => household.end());

test("a rule tags what it fits, says before what it would change, and asks before it tags everything", async () => {
	const rule = ["--rule", "network-range", "--text", "127.0.122.1-2"];
	const made = await household.json<Tag>("tag", "add", "Low", ...rule, "--criticality", "4");
	expect(made).toMatchObject({ path: "Low", assets: 2, criticality: 4 });
	expect(await namesFor("tags:Low and criticality:4")).toEqual(["127.0.122.1", "127.0.122.2"]);
	const other = ["--rule", "query", "--text", "name:127.0.122.3 or tags.name:nothing"];
	const preview = await household.json<TagPreview>("tag", "edit", "Low", ...other, "--preview");
	expect(preview).toMatchObject({ matches: 1, adds: 1, removes: 2, added: ["127.0.122.3"] });
	const all = ["--rule", "network-range", "--text", "127.0.122.0/24"];
	expect(await refused("tag", "add", "All", ...all)).toMatch(/^2: .*all 3 assets[\s\S]*--everything/);
	expect((await household.json<Tag>("tag", "add", "All", ...all, "--everything")).assets).toBe(3);
});

test("by hand, in a tree, and what cannot be is refused with its reason", async () => {
	await household.json<Tag>("tag", "add", "Hand", "--parent", "Low");
	await household.run(["tag", "assign", "Hand", "name:127.0.122.3"]);
	expect(await namesFor("tags:Hand")).toEqual(["127.0.122.3"]);
	expect(await refused("tag", "assign", "Low", "name:127.0.122.3")).toMatch(/has a rule/);
	expect(await refused("tag", "edit", "Low", "--parent", "Hand")).toMatch(/below itself/);
	expect(await refused("tag", "delete", "Low")).toMatch(/Below the tag "Low" there is "Hand"/);
	expect(await refused("tag", "add", "Bad", "--rule", "groovy", "--text", "x")).toMatch(/no script/);
	const criteria = "<TAG_CRITERIA><SERVICES/></TAG_CRITERIA>";
	expect(await refused("tag", "add", "Bad", "--rule", "asset-search", "--text", criteria)).toMatch(
		/SERVICES is not supported/,
	);
	expect(await refused("tag", "add", "Bad", "--rule", "query", "--text", "oss:x")).toMatch(/position 1[\s\S]*os/);
	expect((await household.run(["tag", "delete", "Hand"])).stdout).toContain("vedette tag undelete");
	expect(await household.json("tag", "deleted")).toMatchObject({ items: [{ path: "Low/Hand", assets: 1 }] });
	expect(await household.json<Tag>("tag", "undelete")).toMatchObject({ path: "Low/Hand", assets: 1 });
	expect(await namesFor("tags:Hand")).toEqual(["127.0.122.3"]);
	expect(await refused("tag", "undelete")).toMatch(/No tag was deleted/);
	await household.run(["tag", "delete", "Hand"]);
});

test("a query is saved, run, completed, and shown on the dashboard", async () => {
	expect((await household.run(["query", "save", "Third", "address:127.0.122.3"])).code).toBe(0);
	expect(await refused("query", "save", "Third", "adress:1")).toMatch(/position 1[\s\S]*address/);
	const found = await household.json<{ items: Asset[] }>("query", "run", "third");
	expect(found.items.map(({ name }) => name)).toEqual(["127.0.122.3"]);
	const widget = await household.json<Widget>("query", "widget", "add", "Third", "--kind", "table");
	expect(widget).toMatchObject({ count: 1, rows: [{ title: "127.0.122.3" }], position: 3 });
	const params = JSON.stringify({ list: "assets", text: "tags:L", at: 6 });
	const completed = await household.json<Completion>("call", "queries.complete", params);
	expect(completed).toMatchObject({ from: 5, to: 6, items: [{ text: "Low" }] });
	expect((await household.run(["query", "delete", "Third"])).stdout).toContain("1 widget");
	await household.json("query", "save", "Twins", "confidence>=90 and name:127.0.122.1", "--list", "duplicates");
	expect(await household.json("query", "run", "twins")).toMatchObject({ items: [], total: 0 });
	const misspelt = ["query", "save", "Bad", "confidense>=90", "--list", "duplicates"];
	expect(await refused(...misspelt)).toMatch(/position 1[\s\S]*confidence/);
});

test("a tag or group that something names is not deleted from under it", async () => {
	await household.json<Tag>("tag", "add", "Spared");
	await household.run(["tag", "assign", "Spared", "name:127.0.122.3"]);
	await household.run(["group", "create", "Printers", "127.0.122.3"]);
	for (const target of ["tag:Spared", "group:Printers"])
		await household.run(["exclude", "add", target, "--comment", "they stop"]);
	expect(await refused("tag", "delete", "Spared")).toMatch(/exclusion 1 \(tag:spared\)[\s\S]*vedette exclude remove 1/);
	expect(await refused("group", "delete", "Printers")).toMatch(/exclusion 2 \(group:printers\)/);
	expect(await refused("group", "edit", "Printers", "--title", "Other")).toMatch(/exclusion 2 \(group:printers\)/);
	for (const number of ["1", "2"]) await household.run(["exclude", "remove", number, "--comment", "gone"]);
	expect((await household.run(["tag", "delete", "Spared"])).code).toBe(0);
	expect((await household.run(["group", "delete", "Printers"])).code).toBe(0);
});
