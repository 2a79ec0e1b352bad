import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import * as findings from "../../../protocol/methods/findings.ts";
import * as tags from "../../../protocol/methods/tags.ts";
import * as views from "../../../protocol/methods/views.ts";
import { openTestConsole, type TestConsole } from "../../../test/support/console.ts";
import { patience } from "../../../test/support/eventually.ts";
import { createFakeClient, type FakeClient } from "../../connect/fake-client.test-support.ts";
import { tagOf } from "../../connect/sample-tags.test-support.ts";
import type { Route } from "../../screens/view.ts";

const ctrlA = "\u0001";
const sizes = [
	{ columns: 80, rows: 24 },
	{ columns: 120, rows: 40 },
	{ columns: 160, rows: 45 },
];

function openAt(screen: Route, options: Omit<Parameters<typeof openTestConsole>[0], "screen"> = {}): TestConsole {
	const open = openTestConsole({ screen, ...options });
	return open;
}

function lastParams(client: FakeClient, method: { readonly name: string }): unknown {
	return client.calls.findLast(({ name }) => name === method.name)?.params;
}

test.each(sizes)(
	"at $columns×$rows S sorts by a further column, and the header says which comes first",
	async (size) => {
		const { terminal, press, client } = openAt({ to: "findings" }, { size });
		await terminal.waitFor(/1\/731/);
		await press("l", "s", "l", "l", "S");
		await terminal.waitFor(/SEV1▼|S1▼|SE1▼/);
		await terminal.waitFor(/PRIO2▼/);
		expect(lastParams(client, findings.list)).toMatchObject({ sort: "-severity,-priority" });
		await press("S", "S");
		await terminal.waitFor(/SEV?▼/);
		expect(lastParams(client, findings.list)).toMatchObject({ sort: "-severity" });
	},
);

test("a column the daemon has no order for says so", async () => {
	const { terminal, press } = openAt({ to: "findings" }, { size: { columns: 118, rows: 30 } });
	await terminal.waitFor(/STATE +DUE/);
	await press("l", "l", "l", "l", "l", "l", "l", "s");
	await terminal.waitFor(/There is no order by DUE: the daemon has none for it/);
});

test.each(sizes)("at $columns×$rows columns are hidden, moved and resized, and the daemon keeps that", async (size) => {
	const { terminal, press, client } = openAt({ to: "findings" }, { size });
	await terminal.waitFor(/SEV +FINDING +PRIO/);
	await press("l", "c");
	await terminal.waitFor(/Columns of Findings/);
	await press("j", "j", " ");
	await terminal.waitFor(/○ PRIO +hidden/);
	await press("k", "<");
	await press("enter");
	await terminal.waitFor(/FINDING +SEV +ASSET/);
	expect(terminal.text()).not.toMatch(/PRIO/);
	await vi.waitFor(
		() => expect(client.calls.some(({ name }) => name === views.setPreferences.name)).toBe(true),
		patience,
	);
	expect(lastParams(client, views.setPreferences)).toMatchObject({
		list: "findings",
		columns: expect.arrayContaining([{ id: "priority", hidden: true, width: null }]),
	});
	await press("c");
	await terminal.waitFor(/Columns of Findings/);
	await press("0", "enter");
	await terminal.waitFor(/SEV +FINDING +PRIO/);
});

test("a view brings its filter and order; what is shown is saved as one; Esc leads back to everything", async () => {
	const { terminal, press, client } = openAt({ to: "assets" }, { size: { columns: 120, rows: 40 } });
	await terminal.waitFor(/1\/250/);
	await press("b");
	await terminal.waitFor(/Everything +» +the list as it is by itself/);
	await press("s");
	await terminal.waitFor(/Save this view of Assets/);
	await press("M", "i", "n", "e", "enter");
	await terminal.waitFor(/Saved the view Mine/);
	expect(lastParams(client, views.save)).toMatchObject({ list: "assets", name: "Mine", filter: "", sort: null });
	client.answer(views.list, () => ({
		items: [
			{
				...{ list: "assets", name: "Worst", filter: "severity>=4", sort: "-severity,name", columns: [] },
				...{ shared: true, owner: "unix:7", mine: false, updatedAt: "2026-02-03T09:12:44.000Z" },
			},
		],
		total: 1,
	}));
	await press("esc", "b");
	await terminal.waitFor(/Worst +unix:7 +severity>=4 · -severity,name/);
	await press("j", "enter");
	await terminal.waitFor(/view Worst +severity>=4/);
	await terminal.waitFor(/84 assets match/);
	await press("esc");
	await terminal.waitFor(/1\/250/);
	expect(terminal.text()).not.toContain("view Worst");
});

test("a list opens with the view that was chosen for it, unless somebody came for something else", async () => {
	const client = createFakeClient();
	const view = {
		...{ list: "findings", name: "Worst", filter: "severity>=4", sort: "-port", columns: [], shared: false },
		...{ owner: "unix:1000", mine: true, updatedAt: "2026-02-03T09:12:44.000Z" },
	};
	client.answer(views.preferences, ({ list }) => ({ columns: [], view: list === "findings" ? view : null }));
	const { terminal, press } = openAt({ to: "dashboard" }, { client });
	await terminal.waitFor(/Top weaknesses/);
	await press("4");
	await terminal.waitFor(/view Worst +severity>=4/);
	await press("3");
	await terminal.waitFor(/1\/250/);
	await press("4");
	await terminal.waitFor(/244 findings match/);
});

test("all that match are tagged once it was said how many that are, less what was taken out again", async () => {
	const client = createFakeClient();
	client.answer(tags.list, () => ({ items: [tagOf(1, {})], total: 1 }));
	let clock = 0;
	const { terminal, press } = openAt({ to: "assets" }, { client, now: () => 1_772_366_400_000 + clock });
	await terminal.waitFor(/1\/250/);
	await press(ctrlA);
	await terminal.waitFor(/● all 250 that match/);
	await press(" ");
	await terminal.waitFor(/● all 249 that match/);
	await press("G");
	await terminal.waitFor(/250\/250 ●249/);
	await press("T");
	await terminal.waitFor(/Tag 249 assets\?/);
	clock += 1_000;
	await press("y");
	await terminal.waitFor(/Tag \d+ assets/);
	expect(client.calls.some(({ params }) => JSON.stringify(params).includes("not id:[1]"))).toBe(true);
	await press("esc", "esc");
	await terminal.waitFor((text) => !text.includes("that match"));
});

test("a range grows with the cursor, becomes marks, and Esc ends it first", async () => {
	const { terminal, press } = openAt({ to: "findings" });
	await terminal.waitFor(/1\/731/);
	await press("v", "j", "j", "j");
	await terminal.waitFor(/● 4 in the range/);
	await press("v");
	await terminal.waitFor(/● 4 marked/);
	await press("v", "j");
	await terminal.waitFor(/● 5 in the range/);
	await press("esc");
	await terminal.waitFor(/● 4 marked/);
	await press("*");
	await terminal.waitFor(/● \d+ marked/);
	await press("esc");
	await terminal.waitFor((text) => !text.includes("marked"));
});

test("the copy menu: CSV of what is marked; what is too long goes to a file whose path is said", async () => {
	const folder = mkdtempSync(join(tmpdir(), "vedette-copied-"));
	try {
		const { terminal, press } = openAt(
			{ to: "findings" },
			{ env: { VEDETTE_HOME: folder }, size: { columns: 160, rows: 45 } },
		);
		await terminal.waitFor(/1\/731/);
		await press(" ", " ");
		terminal.stdout.written = [];
		await press("y", "v");
		await terminal.waitFor(/Copied 2 findings as CSV/);
		const sent = /\u001b\]52;c;([^\u0007]*)\u0007/.exec(terminal.stdout.written.join(""))?.[1] ?? "";
		const lines = Buffer.from(sent, "base64").toString("utf8").split("\r\n");
		expect(lines[0]).toMatch(/^SEV,FINDING,PRIO/);
		expect(lines).toHaveLength(4);
		await press("y", "l");
		await terminal.waitFor(/Copied the command/);
		await press("esc", ctrlA, "y", "j");
		const told = await terminal.waitFor(/is in \S+\.json/);
		const path = /is in (\S+\.json)/.exec(told)?.[1] ?? "";
		expect(JSON.parse(readFileSync(path, "utf8"))).toHaveLength(731);
	} finally {
		rmSync(folder, { recursive: true });
	}
});

test("# goes to a row, a part of the list, or the next row that has what was typed", async () => {
	const { terminal, press, client } = openAt({ to: "assets" });
	await terminal.waitFor(/1\/250/);
	await press("#", "1", "2", "0", "enter");
	await terminal.waitFor(/120\/250/);
	await press("#", "5", "0", "%", "enter");
	await terminal.waitFor(/12[56]\/250/);
	await press("#", "=", "7", "enter");
	await terminal.waitFor(/ 7\/250/);
	await press("#", "n", "o", "w", "h", "e", "r", "e", "enter");
	await terminal.waitFor(/No row has nowhere/);
	expect(client.calls.every(({ name }) => !name.includes("internal"))).toBe(true);
});

test("filters that were kept come back with the arrow, and what was begun is not lost", async () => {
	const { terminal, press } = openAt({ to: "assets" });
	await terminal.waitFor(/1\/250/);
	await press("/", "o", "s", ":", "x", "enter");
	await terminal.waitFor(/84 assets match/);
	await press("esc");
	await terminal.waitFor(/1\/250/);
	await press("/", "p", "o");
	await press("up");
	await terminal.waitFor(/\/ os:x/);
	await press("down");
	await terminal.waitFor(/\/ po/);
	await press("esc");
	await terminal.waitFor(/1\/250/);
});
