import { expect, test } from "vitest";
import * as ignores from "../../../protocol/methods/ignores.ts";
import * as policy from "../../../protocol/methods/policy.ts";
import * as priorities from "../../../protocol/methods/priorities.ts";
import * as tickets from "../../../protocol/methods/tickets.ts";
import { openTestConsole, type TestConsole } from "../../../test/support/console.ts";
import { patience } from "../../../test/support/eventually.ts";
import { createFakeClient } from "../../connect/fake-client.test-support.ts";
import { policyEffectOf } from "../../connect/sample-tickets.test-support.ts";
import type { Route } from "../view.ts";

let open: TestConsole;
function openAt(screen: Route): TestConsole {
	open = openTestConsole({ screen, size: { columns: 120, rows: 40 } });
	return open;
}

test("what was ignored is listed from the tickets, and taken back with a reason", async () => {
	const { terminal, press } = openAt({ to: "tickets" });
	await terminal.waitFor(/web-01/);
	await press("I");
	await terminal.waitFor(/lab machines/);
	await press("r");
	await terminal.waitFor(/counts again/);
	await press("enter");
	await terminal.waitFor(/It needs a reason/);
	await press(..."moved", "enter");
	await terminal.waitFor(/6 findings count again/);
	expect(open.paramsOf(ignores.restore)).toEqual({ id: 2, reason: "moved" });
});

test("the days to resolve are a row for each severity; what is no row is said, and nothing is lost", async () => {
	const { terminal, press } = openAt({ to: "tickets" });
	await terminal.waitFor(/web-01/);
	await press("D");
	await terminal.waitFor(/5 urgent +14,7,7,3,2/);
	await press("\u0015", ..."3,2");
	await terminal.waitFor(/is not one number of days for each criticality/);
	await press("\u0015", ..."9", "\t", "\t", "\t", "\t", "\t", "\u001b[C", "enter");
	await terminal.waitFor(/Saved; 7 tickets dated anew/);
	expect(open.paramsOf(tickets.saveSettings)).toMatchObject({
		...{ redate: true, closeOpen: true, operatorsMayIgnore: false },
		sla: { "5": [9, 9, 9, 9, 9], "4": [30, 21, 14, 10, 7] },
	});
});

test("what a factor weighs is changed with what it comes to in sight", async () => {
	const { terminal, press } = openAt({ to: "findings" });
	await terminal.waitFor(/731 findings/);
	await press("W");
	await terminal.waitFor(/severity 20, cvss 15/);
	await press("\u0015", ..."x");
	await terminal.waitFor(/severity: a whole number/);
	await press("\u0015", ..."70");
	await terminal.waitFor(/severity 47/);
	await press("enter");
	await terminal.waitFor(/Priorities are weighed anew/);
	expect(open.paramsOf(priorities.setWeights)).toMatchObject({ weights: { severity: 70, cvss: 15 } });
});

test("how many findings fit no rule is told where there are some", async () => {
	const client = createFakeClient();
	const { rules } = await client.call(policy.preview, {});
	const leaves = (unmatched: number) =>
		client.answer(policy.preview, () => {
			const effect = { ...policyEffectOf(2, {}), unmatched };
			return { before: effect, after: effect, rules };
		});
	const show = () => openTestConsole({ screen: { to: "policy" }, client, size: { columns: 120, rows: 40 } });
	leaves(1);
	const one = show();
	await one.terminal.waitFor(/1 open finding fits no rule/);
	await one.close();
	leaves(0);
	const none = show();
	await none.terminal.waitFor(/Of the findings without a ticket/);
	expect(none.terminal.text()).not.toContain("no rule");
});

test("each rule says what it takes of what no rule before it took; the cursor follows a rule that is moved", async () => {
	const { terminal, press, client } = openAt({ to: "policy" });
	const { items, total } = await client.call(policy.list, {});
	await terminal.waitFor(/fit no rule/);
	await terminal.waitFor(/Of the findings without a ticket/);
	client.answer(policy.list, () => ({
		...{ items: items.toReversed().map((rule, at) => ({ ...rule, position: at + 1 })), total },
	}));
	await press(">");
	await expect.poll(() => terminal.text(), patience).toMatch(/▌ +2 {2}lab/);
});
