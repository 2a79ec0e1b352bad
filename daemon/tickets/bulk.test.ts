import { expect, test } from "vitest";
import { ticketsHandlers } from "../rpc/handlers/tickets.ts";
import { savePerson } from "../store/people.ts";
import { run } from "../store/sql.ts";
import { createTag } from "../store/tags.ts";
import { evaluateWithDependents } from "../tags/evaluate.ts";
import {
	dayMs,
	deskOf,
	type FleetStore,
	findingsOf,
	fleetStore,
	historyOf,
	t0,
	ticketsOf,
	visit,
} from "./fleet.test-support.ts";

type Caller = Parameters<ReturnType<typeof ticketsHandlers>["change"]>[1];
const ben = { user: "unix:1002", access: "operate" } as Caller;
const day = (n: number) => new Date(t0 + n * dayMs).toISOString();

/** Two hosts, the second of criticality 5, with a ticket for each open finding, made by hand. */
async function withTickets() {
	const store: FleetStore = fleetStore();
	for (const host of [1, 2]) visit(store, host, 1);
	const words = { name: "core", parent: null, colour: null, description: "", favourite: false, criticality: 5 };
	const tag = createTag(store.db, { ...words, rule: { kind: "query", text: "address:127.0.0.2" } }, t0);
	evaluateWithDependents(store.db, tag.id, t0);
	const desk = deskOf(store);
	const tickets = ticketsHandlers(desk.services);
	const { findings } = await tickets.ticketless({ filter: "*" }, ben);
	const words2 = { filter: "*", assignee: "ana", days: null, text: "" };
	await expect(async () => tickets.create({ ...words2, expected: findings + 1 }, ben)).rejects.toThrow(
		/4 open findings have no ticket/,
	);
	expect(await tickets.create({ ...words2, expected: findings }, ben)).toMatchObject({ created: 4 });
	return { store, desk, tickets };
}

test("by hand, with the due dates of severity and criticality; counted for who asks", async () => {
	const { store, tickets } = await withTickets();
	const told = ticketsOf(store).map(({ asset, finding, due }) => [asset.name, finding?.severity, due]);
	expect(told.sort()).toEqual([
		["127.0.0.1", 4, day(21)],
		["127.0.0.1", 5, day(7)],
		["127.0.0.2", 4, day(7)],
		["127.0.0.2", 5, day(2)],
	]);
	expect(await tickets.counts({}, ben)).toEqual({ open: 4, overdue: 0, mine: 0, who: "unix:1002" });
	store.clock.at += 3 * dayMs;
	expect(await tickets.counts({}, { ...ben, user: "ana" })).toMatchObject({ overdue: 1, mine: 4 });
	savePerson(store.db, { identity: "unix:1001", name: "ana" });
	savePerson(store.db, { identity: "person:ana", name: "ana" });
	const given = { ids: [1], change: { kind: "assign", assignee: "ana" } as const };
	const { digest } = await tickets.preview(given, ben);
	await tickets.change({ ...given, digest, text: "" }, ben);
	const mineOf = async (user: string) => (await tickets.counts({}, { ...ben, user })).mine;
	expect([await mineOf("unix:1001"), await mineOf("person:ana"), await mineOf("unix:1002")], "one person").toEqual([
		...[4, 4, 0],
	]);
	const mine = await tickets.list({ filter: "assignee:`ana`", limit: 10 }, ben);
	expect(mine.total).toBe(4);
});

test("many at once: what was shown or nothing, and ignoring only by who may", async () => {
	const { store, desk, tickets } = await withTickets();
	const change = { kind: "resolve" } as const;
	const choice = { filter: "severity:5" };
	const { digest, tickets: n } = await tickets.preview({ ...choice, change }, ben);
	expect(n).toBe(2);
	visit(store, 1, 2, { redis: false });
	await expect(async () => tickets.change({ ...choice, change, digest, text: "" }, ben)).rejects.toThrow(
		/1 ticket now/,
	);
	const again = await tickets.preview({ ...choice, change }, ben);
	await tickets.change({ ...choice, change, digest: again.digest, text: "patched" }, ben);
	expect(desk.entries.at(-1)).toMatchObject({ who: "unix:1002", action: "ticket.resolve", reason: "patched" });
	const ignore = { kind: "ignore", days: null } as const;
	const wanted = { ids: [1], change: ignore, digest: "", text: "no" };
	await expect(async () => tickets.change(wanted, ben)).rejects.toThrow(/approve access/);
	await expect(async () => tickets.preview({ ids: [99], change }, ben)).rejects.toThrow(/no ticket 99/);
});

test("what is named twice is one", async () => {
	const { store, tickets } = await withTickets();
	const change = { kind: "resolve" } as const;
	const choice = { ids: [1, 2, 1, 1] };
	const { digest, tickets: n } = await tickets.preview({ ...choice, change }, ben);
	expect(n).toBe(2);
	expect(await tickets.change({ ...choice, change, digest, text: "" }, ben)).toEqual({ changed: 2 });
	expect(historyOf(store, 1)).toEqual(["unix:1002: opened", "unix:1002: resolved"]);
	visit(store, 3, 5);
	const open = findingsOf(store).flatMap(({ id, ticket, status }) => (ticket === null && status !== null ? id : []));
	const twice = { ids: [...open, ...open] };
	expect(await tickets.ticketless(twice, ben)).toEqual({ findings: 2, assets: 1 });
	const made = await tickets.create({ ...twice, expected: 2, assignee: null, days: null, text: "" }, ben);
	expect(made.created).toBe(2);
});

test("of many the log holds the first hundred, how many they were and which, and too many are refused", async () => {
	const { store, desk, tickets } = await withTickets();
	const more = (n: number) =>
		run(
			store.db,
			`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
			INSERT INTO ticket (asset, finding, state, due_from, opened_by, opened_at, changed_at)
			SELECT 1, (SELECT max(finding) FROM ticket) + i, 1, 0, 'unix:0', 0, 0 FROM n`,
			n,
		);
	more(150);
	const change = { kind: "assign", assignee: "cleo" } as const;
	const choice = { filter: "*" };
	const { digest } = await tickets.preview({ ...choice, change }, ben);
	expect(await tickets.change({ ...choice, change, digest, text: "" }, ben)).toEqual({ changed: 154 });
	const entry = desk.entries.at(-1)!;
	expect(entry).toMatchObject({ object: "154 tickets", before: { tickets: 154, digest } });
	const { first } = entry.before as { first: { id: number; assignee: string | null }[] };
	expect(first).toHaveLength(100);
	expect(first[0]).toMatchObject({ id: 1, assignee: "ana" });
	more(100_000 - 154);
	expect(await tickets.preview({ ...choice, change }, ben)).toMatchObject({ tickets: 100_000 - 154, unchanged: 154 });
	more(1);
	await expect(async () => tickets.preview({ ...choice, change }, ben)).rejects.toThrow(/These are 100,001 tickets/);
	await expect(async () => tickets.change({ ...choice, change, digest, text: "" }, ben)).rejects.toThrow(
		/These are 100,001 tickets/,
	);
});

test("settings: due dates anew, and what was gone closed once scans may", async () => {
	const { store, tickets } = await withTickets();
	await tickets.saveSettings({ closeOpen: false, redate: false }, ben);
	visit(store, 1, 2, { redis: false });
	expect(ticketsOf(store).every(({ state }) => state === "OPEN")).toBe(true);
	const [first] = ticketsOf(store);
	const due = { kind: "due", due: day(99) } as const;
	const { digest } = await tickets.preview({ ids: [first!.id], change: due }, ben);
	await tickets.change({ ids: [first!.id], change: due, digest, text: "" }, ben);
	const { sla } = await tickets.settings({}, ben);
	const saved = await tickets.saveSettings(
		{ closeOpen: true, sla: { ...sla, "4": [1, 1, 1, 1, null] }, redate: true },
		ben,
	);
	expect(saved.closed).toBe(1);
	const open = ticketsOf(store).filter(({ state }) => state === "OPEN");
	expect(open.filter(({ finding }) => finding?.severity === 4).map(({ due, dueFrom }) => [due, dueFrom])).toEqual(
		expect.arrayContaining([
			[day(1), "sla"],
			[null, "none"],
		]),
	);
	const gone = ticketsOf(store).find(({ state }) => state === "FIXED");
	expect(historyOf(store, gone!.id).at(-1)).toBe("daemon: fixed");
	expect(ticketsOf(store)[0]).toMatchObject({ due: day(99), dueFrom: "hand" });
});
