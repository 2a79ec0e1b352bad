import { expect, test } from "vitest";
import * as knowledge from "../../../protocol/methods/knowledge.ts";
import { openTestConsole, type TestConsole } from "../../../test/support/console.ts";
import { createFakeClient } from "../../connect/fake-client.test-support.ts";
import { feedsOf, sourcesOf, stepOf } from "../../connect/sample-knowledge.test-support.ts";

let open: TestConsole;
const callsOf = (name: string) => open.client.calls.filter((call) => call.name === name).map(({ params }) => params);

test("feeds with their age, what failed and why; the age is on every screen and leads here by key", async () => {
	open = openTestConsole({ screen: { to: "assets" }, size: { columns: 160, rows: 40 } });
	await open.terminal.waitFor(/knowledge 2 d/);
	await open.press("g", "k");
	await open.terminal.waitFor(/osv Debian.*failed feeds\.ex/);
	expect(open.terminal.lines().join("\n")).toMatch(/osv npm .*off/);
	await open.press("j");
	await open.terminal.waitFor(/→ Is the address right\?/);
	await open.press("D");
	await open.terminal.waitFor(/\+ 4 DSA-5900-1: openssl - security update/);
});

test("what was taken in by hand of a source that is off is in force all the same, and says so", async () => {
	const client = createFakeClient();
	const before = await client.call(knowledge.sources, {});
	const items = sourcesOf({}).map((source) => ({ ...source, enabled: false }));
	client.answer(knowledge.sources, () => ({ ...before, items }));
	open = openTestConsole({ client, screen: { to: "knowledge" }, size: { columns: 120, rows: 30 } });
	const text = await open.terminal.waitFor(/no: what is held/);
	expect(text).toMatch(/▌ kev .*in force, not updated/);
	expect(text).toMatch(/osv npm .*off/);
});

test("an update is started, followed and stopped; going back asks first", async () => {
	open = openTestConsole({ screen: { to: "knowledge" }, size: { columns: 120, rows: 30 } });
	await open.terminal.waitFor(/kev/);
	await open.press("X");
	await open.terminal.waitFor(/No update runs/);
	const step = stepOf({ state: "downloading", bytes: 500_000, attempt: 2, trouble: "it was cut" });
	open.client.answer(knowledge.updates, () => ({
		running: { startedAt: "2026-03-01T11:59:00.000Z", steps: [step], bytesPerSecond: 100_000, etaSeconds: 8 },
		last: null,
	}));
	await open.press("f");
	await open.terminal.waitFor(/kev: 500 kB of 1\.3 MB, 100 kB\/s, 8 s left \(attempt 2: it was cut\)/);
	expect(callsOf(knowledge.update.name)).toEqual([{ names: [], diff: false }]);
	await open.press("X");
	await open.press("o");
	await open.terminal.waitFor(/Go back to the knowledge before\?/);
	expect(callsOf(knowledge.rollback.name)).toEqual([]);
	expect(callsOf(knowledge.stopUpdate.name)).toEqual([{}]);
});

test("where it comes from and when is edited, a file is taken in", async () => {
	open = openTestConsole({ screen: { to: "knowledge" }, size: { columns: 120, rows: 30 } });
	await open.terminal.waitFor(/kev/);
	await open.press(" ");
	await open.press("e");
	await open.terminal.waitFor(/Where kev comes from/);
	await open.press("\u0015", ..."file:///a", "enter", "enter", "enter");
	await open.terminal.waitFor(/kev comes from file:\/\/\/a from now on/);
	expect(callsOf(knowledge.setSource.name)).toEqual([
		{ name: "kev", enabled: false },
		{ name: "kev", licence: "CC0-1.0", sha256Url: null, urls: ["file:///a"] },
	]);
	await open.press("w");
	await open.terminal.waitFor(/When the knowledge is updated/);
	await open.press("2", "4", "enter", "enter");
	await open.terminal.waitFor(/Every 24 hours from now on/);
	await open.press("i");
	await open.terminal.waitFor(/Take in a feed or a bundle from a file/);
	await open.press(..."/a.zip", "enter");
	await open.terminal.waitFor(/kev: 1,400 records taken in/);
	const first = [{ document: "2.json", why: "it is a CSAF document of Example, which names no product" }];
	open.client.answer(knowledge.import, () => ({ ...feedsOf({})[0], refused: { documents: 3, first } }) as never);
	await open.press("i");
	await open.terminal.waitFor(/Take in a feed or a bundle from a file/);
	await open.press(..."/b.zip", "enter");
	await open.terminal.waitFor(
		/3 documents are left out:[\s\S]*2\.json: it is a CSAF document of Example[\s\S]*and 2 more/,
	);
	await open.press("esc");
	await open.terminal.waitFor((text) => !text.includes("documents are left out"));
	open.client.answer(knowledge.updates, () => ({
		running: null,
		last: {
			...{ startedAt: "2026-03-01T11:59:00.000Z", finishedAt: "2026-03-01T11:59:01.000Z", by: "schedule" },
			...{
				swapped: true,
				cutOff: null,
				steps: [{ ...stepOf({ state: "updated" }), refused: { documents: 1, first } }],
			},
		},
	}));
	await open.press("R");
	await open.terminal.waitFor(/1 document is left out:/);
});
