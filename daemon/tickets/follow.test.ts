import { describe, expect, test } from "vitest";
import type { TicketChange } from "../../protocol/model/ticket.ts";
import { rejudge } from "../assess/rejudge.ts";
import { sampleKnowledge } from "../assess/testdata/hosts.ts";
import { ticketsHandlers } from "../rpc/handlers/tickets.ts";
import { savePolicyRules } from "../store/policy-rules.ts";
import { readTicketSettings, saveTicketSettings } from "../store/ticket-settings.ts";
import { dayMs, deskOf, type FleetStore, fleetStore, historyOf, t0, ticketsOf, visit } from "./fleet.test-support.ts";
import { ruleOf } from "./rules.test-support.ts";

const ana = { user: "unix:1001", access: "approve" } as Parameters<ReturnType<typeof ticketsHandlers>["change"]>[1];

/** A host with a ticket for its open Redis, as rules make it. */
function withTicket(): FleetStore {
	const store = fleetStore();
	savePolicyRules(store.db, [ruleOf({ name: "urgent", findings: "severity:5", assignee: "ben" })]);
	visit(store, 1, 1);
	return store;
}

async function change(store: FleetStore, change: TicketChange, text = "said so") {
	const tickets = ticketsHandlers(deskOf(store).services);
	const { digest } = await tickets.preview({ ids: [1], change }, ana);
	return tickets.change({ ids: [1], change, digest, text }, ana);
}

const stateOf = (store: FleetStore) => ticketsOf(store)[0]?.state;
const later = (store: FleetStore, days = 1) => {
	store.clock.at += days * dayMs;
};

describe("a ticket and the scans that follow", () => {
	test("is made in the transaction that brings the finding in, with the due date of the table", () => {
		const store = withTicket();
		expect(ticketsOf(store)).toMatchObject([
			{ state: "OPEN", assignee: "ben", rule: "urgent", dueFrom: "sla", openedBy: "rule urgent", overdue: false },
		]);
		expect(ticketsOf(store)[0]?.due).toBe(new Date(t0 + 7 * dayMs).toISOString());
	});

	test("resolved and gone: fixed; there again: reopened with another due date", async () => {
		const store = withTicket();
		await change(store, { kind: "resolve" });
		expect(stateOf(store)).toBe("RESOLVED");
		later(store);
		visit(store, 1, 2, { redis: false });
		expect(stateOf(store)).toBe("FIXED");
		later(store);
		visit(store, 1, 3);
		expect(ticketsOf(store)).toMatchObject([
			{ state: "OPEN", reopened: 1, due: new Date(t0 + 9 * dayMs).toISOString() },
		]);
		expect(historyOf(store, 1)).toEqual([
			...["rule urgent: opened", "unix:1001: resolved", "scan: fixed", "scan: reopened"],
		]);
	});

	test("resolved, and the next scan still finds it: reopened, its due date stays", async () => {
		const store = withTicket();
		visit(store, 1, 2);
		await change(store, { kind: "resolve" });
		const { due } = ticketsOf(store)[0]!;
		later(store);
		visit(store, 1, 3);
		expect(ticketsOf(store)).toMatchObject([{ state: "OPEN", reopened: 1, due }]);
	});

	test("what was judged again, or seen before, does not reopen what is resolved", async () => {
		const store = withTicket();
		visit(store, 1, 2);
		later(store);
		await change(store, { kind: "resolve" });
		await rejudge(store, { ...sampleKnowledge, version: "another" });
		expect(stateOf(store)).toBe("RESOLVED");
		store.clock.at -= dayMs / 2;
		visit(store, 1, 3);
		expect(stateOf(store)).toBe("RESOLVED");
	});

	test("open and gone: fixed only where scans may close open tickets; resolving it then closes it at once", async () => {
		const store = withTicket();
		saveTicketSettings(store.db, { ...readTicketSettings(store.db), closeOpen: false });
		later(store);
		visit(store, 1, 2, { redis: false });
		expect(stateOf(store)).toBe("OPEN");
		await change(store, { kind: "resolve" });
		expect(stateOf(store)).toBe("FIXED");

		const other = withTicket();
		later(other);
		visit(other, 1, 2, { redis: false });
		expect(stateOf(other)).toBe("FIXED");
	});

	test("a fixed ticket is reopened by nobody but a scan", async () => {
		const store = withTicket();
		visit(store, 1, 2, { redis: false });
		const tickets = ticketsHandlers(deskOf(store).services);
		const preview = await tickets.preview({ ids: [1], change: { kind: "reopen" } }, ana);
		expect(preview).toMatchObject({ tickets: 0, unchanged: 1, why: [{ reason: expect.stringContaining("a scan") }] });
	});

	test("overdue is what is open after its day, by the store's clock", () => {
		const store = withTicket();
		later(store, 7);
		expect(ticketsOf(store)[0]?.overdue).toBe(false);
		store.clock.at++;
		expect(ticketsOf(store)[0]?.overdue).toBe(true);
		visit(store, 1, 2, { redis: false });
		expect(ticketsOf(store)[0]).toMatchObject({ state: "FIXED", overdue: false });
	});
});
