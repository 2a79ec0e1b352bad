import { expect, test } from "vitest";
import * as findings from "../../../protocol/methods/findings.ts";
import { openTestConsole, type TestConsole } from "../../../test/support/console.ts";
import { patience } from "../../../test/support/eventually.ts";
import { facetsOf } from "../../connect/sample-findings.test-support.ts";

let open: TestConsole;
const asked = () => open.client.calls.findLast(({ name }) => name === findings.list.name)?.params;

test("a value is kept, taken off again or left out, and the list follows while the dialog stays", async () => {
	open = openTestConsole({ screen: { to: "findings" }, size: { columns: 80, rows: 24 } });
	const { terminal, press } = open;
	await terminal.waitFor(/731 findings/);
	await press(",");
	await terminal.waitFor(/severity +◆ urgent +41/);
	await press(" ");
	await terminal.waitFor(/✓ only ◆ urgent/);
	await expect.poll(asked, patience).toMatchObject({ filter: "severity:5" });
	await press("x");
	// The fake tells the same facets whatever the filter: what is left out stands first, to be taken off.
	await terminal.waitFor(/filter +✗ not severity:5/);
	await expect.poll(asked, patience).toMatchObject({ filter: "not severity:5" });
	await press("\t", " ");
	await terminal.waitFor(/✓ only known exploited/);
	await expect.poll(asked, patience).toMatchObject({ filter: "not severity:5 and kev:true" });
	await press("0");
	await terminal.waitFor((shown) => !shown.includes("✓"));
	await expect.poll(asked, patience).toMatchObject({ filter: "" });
	await press("\u001b");
	await terminal.waitFor((shown) => !shown.includes("Narrow findings"));
});

test("what a kept value hides is told with its count, and takes the place of what is kept", async () => {
	open = openTestConsole({ screen: { to: "findings" }, size: { columns: 80, rows: 24 } });
	const { terminal, press, client } = open;
	const whole = facetsOf({});
	client.answer(findings.facets, ({ filter = "" }) => ({
		...whole,
		looked: filter.includes("severity:4") ? 318 : filter.includes("severity:5") ? 41 : 731,
		facets: whole.facets.map((facet) => ({
			...facet,
			values: facet.values.filter(
				({ term }) => !filter.includes("severity:") || !term.startsWith("severity:") || filter.includes(term),
			),
		})),
	}));
	await terminal.waitFor(/731 findings/);
	await press(",");
	await terminal.waitFor(/critical +318/);
	await press(" ");
	await terminal.waitFor(/─ 41 findings ─╮[\s\S]*✓ only ◆ urgent +41[\s\S]* ▲ critical +318/);
	await press("j", "x");
	await terminal.waitFor(/critical is left out already/);
	await press(" ");
	await expect.poll(asked, patience).toMatchObject({ filter: "severity:4" });
	await terminal.waitFor(/─ 318 findings ─╮[\s\S]*◆ urgent +41[\s\S]*✓ only ▲ critical +318/);
	await press(" ");
	await expect.poll(asked, patience).toMatchObject({ filter: "" });
});

test("on a small screen it is told how many values there are beyond those that are seen", async () => {
	open = openTestConsole({ screen: { to: "findings" }, size: { columns: 80, rows: 18 } });
	await open.terminal.waitFor(/731 findings/);
	await open.press(",");
	await open.terminal.waitFor(/◆ urgent[\s\S]*▼ \d more/);
	await open.press("G");
	const text = await open.terminal.waitFor(/▲ \d more/);
	expect(text).not.toContain("▼");
});

test("on a wide screen they stand beside the list; f and x take the value of the chosen column", async () => {
	open = openTestConsole({ screen: { to: "findings" }, size: { columns: 160, rows: 45 } });
	const { terminal, press } = open;
	await terminal.waitFor(/◆ urgent +41/);
	await terminal.waitFor(/known exploited +7/);
	await press("x");
	await expect.poll(asked, patience).toMatchObject({ filter: expect.stringMatching(/^not signature:`/) });
	await press("\u001b");
	await expect.poll(asked, patience).toMatchObject({ filter: "" });
	await terminal.waitFor(/731 findings/);
	await press("l", "f");
	await expect.poll(asked, patience).toMatchObject({ filter: expect.stringMatching(/^severity:\d$/) });
	// The strip beside the list says that there may be others.
	await terminal.waitFor(/of what the filter keeps/);
	await terminal.waitFor(/✓ only ◆ urgent +41/);
});

test("findings as of a day, and what came and went between two", async () => {
	open = openTestConsole({ screen: { to: "findings" }, size: { columns: 120, rows: 40 } });
	const { terminal, press } = open;
	await terminal.waitFor(/731 findings/);
	await press("@");
	await terminal.waitFor(/What was open on/);
	await press("\u0015", ..."2026-02-01", "enter");
	await terminal.waitFor(/as of 2026-02-01 23:59 UTC/);
	expect(asked()).toMatchObject({ asOf: "2026-02-01T23:59:59.999Z" });
	await press("D");
	await terminal.waitFor(/What came and went between two days/);
	await press("\u0015", ..."2026-01-01", "\t", "\u0015", ..."2026-02-01", "enter");
	await terminal.waitFor(/2026-01-01 23:59 → 2026-02-01 23:59/);
	expect(open.client.calls.findLast(({ name }) => name === findings.compare.name)?.params).toMatchObject({
		from: { kind: "date", at: "2026-01-01T23:59:59.999Z" },
		to: { kind: "date", at: "2026-02-01T23:59:59.999Z" },
	});
});
