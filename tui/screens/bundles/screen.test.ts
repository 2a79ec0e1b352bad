import { expect, test } from "vitest";
import * as knowledge from "../../../protocol/methods/knowledge.ts";
import type { InspectedBundle } from "../../../protocol/model/knowledge-bundle.ts";
import { openTestConsole, type TestConsole } from "../../../test/support/console.ts";
import { bundlesOf } from "../../connect/sample-knowledge.test-support.ts";

let open: TestConsole;
function show(to: "bundles" | "bundle-keys" | "knowledge"): TestConsole {
	open = openTestConsole({ screen: { to }, size: { columns: 80, rows: 24 } });
	return open;
}

const inspected = (why: string | null): InspectedBundle => ({
	...{ hash: "1a".repeat(32), signature: why === null ? "good" : "key-not-trusted", fits: why === null, why },
	manifest: {
		...{
			createdAt: "2026-02-27T12:00:00.000Z",
			by: "vedette 0.1.0",
			state: "cd".repeat(32),
			base: null,
			previous: null,
		},
		payload: { bytes: 1_300_000, plainBytes: 9_000_000, sha256: "ef".repeat(32) },
		key: { name: "office", id: "0123456789abcdef", publicKey: `${"A".repeat(43)}=` },
		feeds: [
			{
				...{
					name: "osv Debian",
					format: "osv",
					file: "all.zip",
					licence: null,
					digest: "x",
					publishedAt: 0,
					checkedAt: null,
				},
				...{ records: 40_000, ranges: 1, leftOut: 0, before: null, added: 40_000, gone: 0, lines: 40_000 },
			},
		],
	},
});

test("bundles are one key from the knowledge, written with what has changed, and listed as a chain", async () => {
	const desk = show("knowledge");
	await desk.terminal.waitFor(/kev/);
	await desk.press("B");
	await desk.terminal.waitFor(/1a1a1a1a1a1a.*made/);
	await desk.press("a");
	await desk.terminal.waitFor(/Write the knowledge into one signed file/);
	await desk.press(..."/media/a.vdb", "tab", ..."last", "enter");
	await desk.terminal.waitFor(/day-1\.vdb: 1\.3 MB, signed by office/);
	expect(open.paramsOf(knowledge.createBundle)).toEqual({ path: "/media/a.vdb", since: "last" });
});

test("a bundle is looked into before it is taken in, and one that does not fit says why", async () => {
	const desk = show("bundles");
	await desk.terminal.waitFor(/day-2\.vdb/);
	const look = async (path: string) => {
		await desk.press("i");
		await desk.terminal.waitFor(/Look into a bundle/);
		await desk.press(...path, "enter");
	};
	await look("/no");
	await desk.terminal.waitFor(/It is no bundle/);
	await desk.press("esc");
	desk.client.answer(knowledge.inspectBundle, () => ({ bundle: inspected("nobody here trusts the key") }));
	await look("/b.vdb");
	await desk.terminal.waitFor(/would not be taken in: nobody here trusts/);
	expect(desk.terminal.text()).toMatch(/signature of a key that is not trusted here/);
	await desk.press("esc");
	desk.client.answer(knowledge.inspectBundle, () => ({ bundle: inspected(null) }));
	const [bundle] = bundlesOf({});
	if (bundle === undefined) throw new Error("there is a sample");
	desk.client.answer(knowledge.importBundle, () => ({ bundle, feeds: [], changed: ["osv Debian"] }));
	await look("/b.vdb");
	await desk.terminal.waitFor(/Take this bundle in\?/);
	expect(desk.terminal.text()).toMatch(/osv Debian: 40,000 records/);
	expect(open.paramsOf(knowledge.importBundle)).toBeUndefined();
	await open.answer("y");
	await desk.terminal.waitFor(/Taken in: osv Debian/);
});

test("keys are made, shown by their line, trusted and removed", async () => {
	const desk = show("bundles");
	await desk.terminal.waitFor(/day-2\.vdb/);
	await desk.press("K");
	await desk.terminal.waitFor(/office.*0123456789abcdef/);
	await desk.press("a");
	await desk.terminal.waitFor(/Make a key that signs bundles/);
	await desk.press(..."home", "enter");
	await desk.terminal.waitFor(/vedette-key AAAA office/);
	expect(open.paramsOf(knowledge.newKey)).toEqual({ name: "home" });
	await desk.press("enter");
	await desk.terminal.waitFor(/SIGNS HERE/);
	await desk.press("enter");
	await desk.terminal.waitFor(/office is trusted elsewhere by this line/);
	await desk.press("esc");
	await desk.press("t");
	await desk.terminal.waitFor(/Trust what another machine signs/);
	await desk.press(..."vedette-key B plant", "enter");
	await desk.terminal.waitFor(/plant is trusted\. Its id is 1123456789abcdef/);
	expect(open.paramsOf(knowledge.trustKey)).toEqual({ line: "vedette-key B plant" });
	await desk.press("X");
	await desk.terminal.waitFor(/Trust office no longer\?/);
	expect(desk.terminal.text()).toMatch(/secret half goes too/);
	await open.answer("y");
	await desk.terminal.waitFor(/office is trusted no longer/);
});
