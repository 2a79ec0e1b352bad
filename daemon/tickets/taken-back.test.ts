import { expect, test } from "vitest";
import type { TicketChange } from "../../protocol/model/ticket.ts";
import { ticketsHandlers } from "../rpc/handlers/tickets.ts";
import { savePerson } from "../store/people.ts";
import { run } from "../store/sql.ts";
import { dayMs, deskOf, findingsOf, fleetStore, historyOf, t0, ticketsOf, visit } from "./fleet.test-support.ts";

type Caller = Parameters<ReturnType<typeof ticketsHandlers>["change"]>[1];
const [ana, ben] = ["unix:1001", "unix:1002"].map((user) => ({ user, access: "approve" }) as Caller) as [
	Caller,
	Caller,
];
const day = (n: number) => new Date(t0 + n * dayMs).toISOString();

/** A host with two open findings, and a ticket for each, made by ana. */
async function withTickets() {
	const store = fleetStore();
	visit(store, 1, 1);
	const desk = deskOf(store);
	const tickets = ticketsHandlers(desk.services);
	const make = () => tickets.create({ filter: "*", expected: 2, assignee: null, days: null, text: "" }, ana);
	const { tickets: ids } = await make();
	const change = async (id: number, what: TicketChange, by: Caller = ana, text = "") => {
		const preview = await tickets.preview({ ids: [id], change: what }, by);
		const { digest, why } = preview;
		await tickets.change({ ids: [id], change: what, digest, text }, by);
		return why[0]?.reason ?? null;
	};
	const one = (id: number) => ticketsOf(store).find((ticket) => ticket.id === id);
	const [first = 0, second = 0] = ids;
	return { store, desk, tickets, make, change, one, first, second };
}

test("making a ticket is taken back by who made it, and leaves nothing but the log", async () => {
	const { store, desk, make, change, one, first, second } = await withTickets();
	await change(first, { kind: "assign", assignee: "ben" });
	expect(await change(first, { kind: "unmake" })).toBeNull();
	expect(one(first)).toBeUndefined();
	expect(desk.entries.at(-1)).toMatchObject({ who: "unix:1001", action: "ticket.unmake", object: `ticket ${first}` });
	expect(historyOf(store, first)).toEqual([]);
	expect(findingsOf(store).filter(({ ticket }) => ticket !== null)).toHaveLength(1);
	await change(second, { kind: "unmake" });
	const again = await make();
	expect(Math.min(...again.tickets), "numbers are not given again").toBeGreaterThan(second);
});

test("what they made by a token of theirs, an account of the same person takes back", async () => {
	const { store, change, one, first } = await withTickets();
	for (const identity of ["unix:1001", "person:ana"]) savePerson(store.db, { identity, name: "ana" });
	const token = { ...ana, user: "person:ana" };
	await change(first, { kind: "assign", assignee: "ben" }, token);
	expect(await change(first, { kind: "unmake" }, token)).toBeNull();
	expect(one(first)).toBeUndefined();
});

test("what somebody else has touched, a scan has moved, was said on, or a rule made, is not unmade", async () => {
	const { store, change, one, first, second } = await withTickets();
	expect(await change(first, { kind: "unmake" }, ben)).toBe("unix:1001 made it.");
	await change(first, { kind: "assign", assignee: "unix:1002" }, ben);
	expect(await change(first, { kind: "unmake" })).toMatch(/changed since it was made, by unix:1002/);
	await change(second, { kind: "comment" }, ana, "on Monday");
	expect(await change(second, { kind: "unmake" })).toMatch(/commented on/);
	await change(second, { kind: "resolve" });
	store.clock.at += dayMs;
	visit(store, 1, 2);
	expect(await change(second, { kind: "unmake" })).toMatch(/changed since it was made, by a scan/);
	run(store.db, "UPDATE ticket SET rule = 'urgent' WHERE id = ?", second);
	expect(await change(second, { kind: "unmake" })).toBe("The rule urgent made it.");
	await change(second, { kind: "ignore", days: null }, ana, "accepted");
	expect(await change(second, { kind: "unmake" })).toMatch(/ignored: reopen it first/);
	expect([one(first)?.state, one(second)?.state]).toEqual(["OPEN", "IGNORED"]);
});

test("a day that somebody set is taken back to what it replaced, and is no longer set by hand", async () => {
	const { store, change, one, first } = await withTickets();
	const before = { due: one(first)?.due, dueFrom: "sla" };
	expect(await change(first, { kind: "undate" })).toBe("Nobody has set its date by hand.");
	store.clock.at += dayMs;
	for (const due of [day(40), null]) await change(first, { kind: "due", due });
	expect(one(first)).toMatchObject({ due: null, dueFrom: "hand" });
	expect(await change(first, { kind: "undate" })).toBeNull();
	expect(one(first)).toMatchObject(before);
	await change(first, { kind: "due", due: day(40) });
	run(store.db, "UPDATE ticket SET due_before = NULL, due_before_from = NULL");
	await change(first, { kind: "undate" });
	expect(one(first), "of before it was kept: counted from when it was opened").toMatchObject(before);
});

test("a day taken back after the table was changed for all is the new table's", async () => {
	const { tickets, change, one, first, second } = await withTickets();
	await change(first, { kind: "due", due: day(40) });
	const { sla } = await tickets.settings({}, ana);
	const tomorrow = Object.fromEntries(Object.keys(sla).map((level) => [level, [1, 1, 1, 1, 1]])) as typeof sla;
	await tickets.saveSettings({ sla: tomorrow, redate: true }, ana);
	expect(one(first), "set by hand it stays").toMatchObject({ due: day(40), dueFrom: "hand" });
	await change(first, { kind: "undate" });
	expect(one(first)).toMatchObject({ due: one(second)?.due, dueFrom: "sla" });
});

test("opened again with the day it had, what was ignored is due when it was and by what it was", async () => {
	const { store, change, one, first, second } = await withTickets();
	const before = { due: one(first)?.due, dueFrom: "sla", state: "OPEN" };
	for (const id of [first, second]) await change(id, { kind: "ignore", days: null }, ana, "accepted");
	store.clock.at += 3 * dayMs;
	await change(first, { kind: "reopen", keepDue: true });
	await change(second, { kind: "reopen" });
	expect(one(first)).toMatchObject(before);
	expect(Date.parse(one(second)?.due ?? "")).toBeGreaterThan(store.clock.at);
});
