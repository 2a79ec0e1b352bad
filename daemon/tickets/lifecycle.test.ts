import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type TicketState, ticketStates } from "../../protocol/model/ticket-state.ts";
import { movableBy, moveTicket, type TicketMove } from "./lifecycle.ts";

const closing = { closeOpen: true };
const leaving = { closeOpen: false };

describe("each move from each state", () => {
	const rows: readonly [TicketMove, Record<TicketState, TicketState | null>][] = [
		["absent", { OPEN: "FIXED", RESOLVED: "FIXED", FIXED: null, IGNORED: null }],
		["present", { OPEN: null, RESOLVED: "OPEN", FIXED: "OPEN", IGNORED: null }],
		["resolve", { OPEN: "RESOLVED", RESOLVED: null, FIXED: null, IGNORED: null }],
		["ignore", { OPEN: "IGNORED", RESOLVED: "IGNORED", FIXED: null, IGNORED: null }],
		["reopen", { OPEN: null, RESOLVED: "OPEN", FIXED: null, IGNORED: "OPEN" }],
		["lapse", { OPEN: null, RESOLVED: null, FIXED: null, IGNORED: "OPEN" }],
	];
	test.each(rows)("%s", (move, expected) => {
		const led = ticketStates.map((state) => [state, moveTicket(state, move, closing)?.to ?? null]);
		expect(Object.fromEntries(led)).toEqual(expected);
	});
});

test("an open ticket is closed by a scan only where the settings say so", () => {
	expect(moveTicket("OPEN", "absent", leaving)).toBeNull();
	expect(moveTicket("RESOLVED", "absent", leaving)?.to).toBe("FIXED");
	expect(movableBy("absent", leaving)).toEqual(["RESOLVED"]);
});

const moves = fc.constantFrom<TicketMove>("absent", "present", "resolve", "ignore", "reopen", "lapse");

test("whatever happens, only a scan that found nothing closes as fixed, and what is ignored ignores scans", () => {
	fc.assert(
		fc.property(fc.constantFrom(...ticketStates), moves, fc.boolean(), (from, move, closeOpen) => {
			const moved = moveTicket(from, move, { closeOpen });
			if (moved === null) return;
			expect(moved.to).not.toBe(from);
			if (moved.to === "FIXED") expect(move).toBe("absent");
			if (from === "IGNORED") expect(["reopen", "lapse"]).toContain(move);
			expect(moved.as).toBe({ OPEN: "reopened", RESOLVED: "resolved", FIXED: "fixed", IGNORED: "ignored" }[moved.to]);
		}),
	);
});
