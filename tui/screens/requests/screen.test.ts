import { expect, test } from "vitest";
import { AppError } from "../../../protocol/errors.ts";
import * as exceptions from "../../../protocol/methods/exceptions.ts";
import { openTestConsole, type TestConsole } from "../../../test/support/console.ts";
import {
	exceptionDetailOf,
	exceptionForMe,
	exceptionOf,
	exceptionPreviewOf,
} from "../../connect/sample-exceptions.test-support.ts";
import { page } from "../../connect/sample-page.test-support.ts";
import type { Route } from "../view.ts";

let open: TestConsole;
function openAt(screen: Route): TestConsole {
	open = openTestConsole({ screen, size: { columns: 120, rows: 40 } });
	return open;
}
const typed = (text: string) => open.press(...text);

test("a request is approved with what it hides in sight, for fewer days", async () => {
	const { terminal, press } = openAt({ to: "requests" });
	await terminal.waitFor(/Redis server - no password/);
	await press("a");
	await terminal.waitFor(/Approve request 6/);
	await terminal.waitFor(/Attached: proof.txt/);
	await terminal.waitFor(/Before: request 1 was rejected, “seen”/);
	await terminal.waitFor(/Approved, it hides 214 findings on 61 assets/);
	await press("tab", "\u0015");
	await typed("30");
	await press("enter");
	await terminal.waitFor(/Approved until 2026-05-04: 214 findings set apart/);
	expect(open.paramsOf(exceptions.decide)).toEqual({ id: 6, decision: "approve", note: "", days: 30 });
});

test("how many wait and end soon stands over the list, and what a request covers is one key away", async () => {
	const { terminal, press } = openAt({ to: "requests" });
	await terminal.waitFor(/4 waiting · 6 requests/);
	await press("f");
	await terminal.waitFor(/\(excepted:true or excepted:false\) +qid:\[100042\] +\(tags:lab\)/);
});

test("marked ones are rejected together; who was first with one of them is told", async () => {
	const { terminal, press } = openAt({ to: "requests" });
	await terminal.waitFor(/Redis server - no password/);
	await press(" ", " ", "x");
	await terminal.waitFor(/Reject 2 requests/);
	await typed("no");
	await press("enter");
	await terminal.waitFor(/1 request rejected, 1 not: Request 6 was approved by unix:1003/);
	expect(open.paramsOf(exceptions.decideMany)).toEqual({ ids: [6, 5], decision: "reject", note: "no" });
});

test("of several approvals that are undone, one that cannot be keeps none of the others", async () => {
	const { terminal, press, client } = openAt({ to: "requests" });
	client.answer(exceptions.decideMany, ({ ids }) => ({ decided: ids.map((id) => exceptionOf(id, {})), refused: [] }));
	const { call } = client;
	let isCut = true;
	client.call = async (asked, params, options) => {
		const { id } = params as { id?: number };
		if (asked.name === exceptions.revoke.name && id === 5) {
			if (isCut) throw new AppError("unavailable", "The connection to the daemon is down.");
			throw new AppError("conflict", "Request 5 was revoked by unix:1003.");
		}
		return call(asked, params, options);
	};
	await terminal.waitFor(/Redis server - no password/);
	await press(" ", " ", " ", "a");
	await terminal.waitFor(/Approve 3 requests/);
	await press("enter");
	await terminal.waitFor(/3 requests approved · u to undo/);
	await press("u");
	await terminal.waitFor(/The connection to the daemon is down/);
	isCut = false;
	await press("u");
	await terminal.waitFor(/1 request not revoked: Request 5 was revoked by unix:1003/);
	const revoked = client.calls.filter(({ name }) => name === exceptions.revoke.name);
	expect(revoked.map(({ params }) => (params as { id: number }).id)).toEqual([6, 4]);
});

test("what is said of several counts those that may be decided on", async () => {
	const { terminal, press } = openAt({ to: "requests" });
	await terminal.waitFor(/Redis server - no password/);
	await press(" ", " ", " ", "a");
	await terminal.waitFor(/Approve 3 requests/);
	await terminal.waitFor(/1 of them is not yours to decide on, and left/);
	await terminal.waitFor(/Approved, it hides 428 findings on 122 assets/);
});

test("that one covers what comes later too is said before it is approved, alone and among others", async () => {
	const { terminal, press, client } = openAt({ to: "requests" });
	const live = (id: number) => ({ ...exceptionForMe(id, {}), live: id === 6 });
	client.answer(exceptions.list, (params) => page(params, 6, (index) => live(6 - index)));
	client.answer(exceptions.get, ({ id }) => ({ ...exceptionDetailOf(id, {}), exception: live(id) }));
	await terminal.waitFor(/Redis server - no password/);
	await press("R", "a");
	await terminal.waitFor(/Approved, it hides 214 findings[\s\S]*Findings that come later and match are covered too/);
	await press("esc", " ", " ", "a");
	await terminal.waitFor(/Approved, it hides 428 findings[\s\S]*1 of them covers what comes later too/);
});

test("what waits for me, what is mine and all are one key apart; what is decided cannot be decided again", async () => {
	const { terminal, press } = openAt({ to: "requests" });
	await terminal.waitFor(/Redis server - no password/);
	await press("G", "a");
	await terminal.waitFor(/Request 1: rejected by unix:1002/);
	await press("v");
	await terminal.waitFor(/Requests: to decide/);
	expect(open.paramsOf(exceptions.list)).toMatchObject({ filter: "state:requested and not requester:`me`" });
	await press("v");
	await terminal.waitFor(/Requests: mine/);
	expect(open.paramsOf(exceptions.list)).toMatchObject({ filter: "requester:`me`" });
	await press("v");
	await terminal.waitFor(/Requests: ending soon/);
	expect(open.paramsOf(exceptions.list)).toMatchObject({ filter: "state:approved and until<now+14d" });
});

test("what one asked for oneself cannot be decided, and says so before it is tried", async () => {
	const { terminal, press } = openAt({ to: "requests" });
	await terminal.waitFor(/Redis server - no password/);
	await press("j", "j", "a");
	await terminal.waitFor(
		/✗ +You asked for this: four eyes are needed|You asked for this: four eyes are needed.*\n.*local/s,
	);
	expect(open.paramsOf(exceptions.decide)).toBeUndefined();
	expect(terminal.text()).not.toMatch(/Approve request 4/);
});

test("asked once more, the text of before is there to be gone on with", async () => {
	const { terminal, press } = openAt({ to: "request", request: 1 });
	await terminal.waitFor(/What was done to verify it/);
	await press("r");
	await terminal.waitFor(/Ask again for what request 1 asked for/);
	await terminal.waitFor(/unix:1002 said: seen[\s\S]*It hides 214 findings on 61 assets/);
	await press("tab", "\u0005");
	await typed(" again");
	await press("enter");
	await terminal.waitFor(/Request 8 asks again/);
	expect(open.paramsOf(exceptions.resubmit)).toEqual({
		...{ id: 1, kind: "false-positive", days: 90, reason: "tried by hand from two networks again" },
	});
});

test("asked once more, it is said what that covers by now, or that nothing is left to ask for", async () => {
	const { terminal, press, client } = openAt({ to: "request", request: 1 });
	await terminal.waitFor(/What was done to verify it/);
	client.answer(exceptions.preview, () => exceptionPreviewOf(3, {}));
	await press("r");
	await terminal.waitFor(/It hides 3 findings[\s\S]*Request 1 was about 214 findings/);
	const refusal = "No open finding matches: there is nothing to set apart.";
	client.answer(exceptions.preview, () => ({ ...exceptionPreviewOf(0, {}), refusal }));
	await press("esc", "r");
	await terminal.waitFor(/No open finding matches/);
});

test("on a finding: it alone, or its vulnerability everywhere and what comes later; a reason is needed", async () => {
	const { terminal, press } = openAt({ to: "findings" });
	await terminal.waitFor(/SEV/);
	await press("e");
	await terminal.waitFor(/It hides 1 finding on 61 assets/);
	await press("right", "right");
	await terminal.waitFor(/It hides 214 findings on 61 assets/);
	await terminal.waitFor(/Before: request 1 was rejected/);
	await press("enter");
	await terminal.waitFor(/A request needs a reason/);
	await press("tab", "right");
	await terminal.waitFor(/Findings that come later and match are covered too/);
	await press("tab", "tab");
	await typed("known");
	await press("enter");
	await terminal.waitFor(/Request 7: hides 214 findings on 61 assets once somebody else approves it/);
	expect(open.paramsOf(exceptions.request)).toMatchObject({
		scopes: [{ kind: "query", query: "", live: true }],
		...{ kind: "false-positive", reason: "known", days: 90, digest: "d".repeat(32) },
	});
});

test("a request whose evidence does not arrive is made, is said to be, and is not asked for again", async () => {
	const { terminal, press, client } = openAt({ to: "findings" });
	client.answer(exceptions.attach, () => {
		throw new AppError("unavailable", "The disk is full.");
	});
	await terminal.waitFor(/SEV/);
	await press("e");
	await terminal.waitFor(/It hides 1 finding/);
	await press("tab", "tab", "tab");
	await typed("known");
	await press("tab", "tab");
	await typed(import.meta.filename);
	await press("enter");
	await terminal.waitFor(/screen\.test\.ts is not\s+attached\s+to\s+request\s+7:\s+The\s+disk\s+is\s+full/);
	expect(terminal.text()).not.toContain("Ask for an exception");
	expect(client.calls.filter(({ name }) => name === exceptions.request.name)).toHaveLength(1);
});

test("for marked findings a request each, with one reason", async () => {
	const { terminal, press } = openAt({ to: "findings" });
	await terminal.waitFor(/SEV/);
	await press(" ", " ", " ", "e");
	await terminal.waitFor(/‹ these 3 ›/);
	await press("right");
	await terminal.waitFor(/‹ these 3, a request for each ›/);
	await terminal.waitFor(/It hides 3 findings/);
	await press("tab", "tab");
	await typed("same firewall");
	await press("enter");
	await terminal.waitFor(/Requests 7 to 9 together hide 3 findings on 61 assets/);
	const asked = open.paramsOf(exceptions.request) as { scopes: { kind: string; findings: number[] }[]; reason: string };
	expect(asked.reason).toBe("same firewall");
	expect(asked.scopes.map(({ findings }) => findings.length)).toEqual([1, 1, 1]);
});

test("from a finding its newest request is one key away", async () => {
	const { terminal, press } = openAt({ to: "finding", finding: 3 });
	await terminal.waitFor(/V test again/);
	await press("R");
	await terminal.waitFor(/request 2 /);
});

test("all that match are asked for by the filter; what is set apart is one key away", async () => {
	const { terminal, press } = openAt({ to: "findings", filter: "port:22" });
	await terminal.waitFor(/SEV/);
	await press("A");
	await terminal.waitFor(/It hides 214 findings/);
	expect(open.paramsOf(exceptions.preview)).toEqual({
		scopes: [{ kind: "query", query: "port:22", qids: [], live: false }],
	});
	await press("esc", "o");
	await terminal.waitFor(/port:22 +\(excepted:true/);
	await press("o");
	await terminal.waitFor((text) => !text.includes("excepted:true"));
});

test("what others do to requests is told to whom it concerns", async () => {
	const { terminal, client } = openAt({ to: "dashboard" });
	await terminal.waitFor(/Open findings/);
	const notice = { kind: "notice" as const, at: "2026-02-03T09:12:44.000Z", exception: 7, requester: "unix:1000" };
	client.push(exceptions.watch, { ...notice, what: "rejected", who: "unix:1001", text: "it answers me" });
	await terminal.waitFor(/Your request 7 was rejected by unix:1001: it answers me/);
	client.push(exceptions.watch, {
		...notice,
		requester: "unix:1001",
		what: "requested",
		who: "unix:1001",
		text: "Redis",
	});
	await terminal.waitFor(/unix:1001 asks for an exception: Redis/);
});
