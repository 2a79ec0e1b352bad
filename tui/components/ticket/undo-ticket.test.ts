import { expect, test } from "vitest";
import { ticketOf } from "../../connect/sample-tickets.test-support.ts";
import { stepsBack } from "./undo-ticket.ts";

const [ana, nobody, resolved] = [
	{
		...ticketOf(1, {}),
		assignee: "unix:1001",
		due: "2026-03-09T23:59:59.999Z",
		dueFrom: "hand" as const,
		state: "OPEN" as const,
	},
	{ ...ticketOf(2, {}), assignee: null, due: null, dueFrom: "none" as const, state: "OPEN" as const },
	{ ...ticketOf(3, {}), assignee: "unix:1001", due: null, dueFrom: "none" as const, state: "RESOLVED" as const },
];
const ignored = { ...ticketOf(4, {}), state: "IGNORED" as const };
const all = [ana, nobody, resolved, ignored];

test("each goes back to whom it was given, and to its day; closed ones were not changed", () => {
	expect(stepsBack({ kind: "assign", assignee: "ben" }, all)).toEqual([
		{ ids: [1, 3], change: { kind: "assign", assignee: "unix:1001" } },
		{ ids: [2], change: { kind: "assign", assignee: null } },
	]);
	expect(stepsBack({ kind: "due", due: null }, all)).toEqual([
		{ ids: [1], change: { kind: "due", due: ana.due } },
		{ ids: [2, 3], change: { kind: "undate" } },
	]);
	expect(stepsBack({ kind: "undate" }, all)).toEqual([{ ids: [1], change: { kind: "due", due: ana.due } }]);
});

test("what was ignored is open again with the day it had, and resolved where it was", () => {
	expect(stepsBack({ kind: "ignore", days: null }, all)).toEqual([
		{ ids: [1, 2, 3], change: { kind: "reopen", keepDue: true } },
		{ ids: [3], change: { kind: "resolve" } },
	]);
	expect(stepsBack({ kind: "resolve" }, all)).toEqual([{ ids: [1, 2], change: { kind: "reopen" } }]);
	expect(stepsBack({ kind: "reopen" }, [resolved])).toEqual([{ ids: [3], change: { kind: "resolve" } }]);
});

test("what was said stays said, and what was ignored is not ignored again unasked", () => {
	expect(stepsBack({ kind: "comment" }, all)).toEqual([]);
	expect(stepsBack({ kind: "reopen" }, [resolved, ignored])).toEqual([]);
});
