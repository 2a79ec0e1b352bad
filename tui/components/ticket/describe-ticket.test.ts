import { expect, test } from "vitest";
import { ticketOf } from "../../connect/sample-tickets.test-support.ts";
import { knowPeople } from "../../text/people.ts";
import { describeTicket } from "./describe-ticket.ts";

test("the history of a ticket calls people by name, as the ticket does", () => {
	knowPeople([{ identity: "unix:4711", name: "ana" }]);
	const at = "2026-02-03T09:12:44.000Z";
	const events = [{ at, who: "unix:4711", kind: "opened" as const, scan: null, text: "" }];
	const told = JSON.stringify(describeTicket(ticketOf(1, {}), events, Date.parse(at)));
	expect(told).toContain("  ana");
	expect(told).not.toContain("unix:4711");
});
