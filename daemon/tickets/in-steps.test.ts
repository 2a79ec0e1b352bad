/** Tickets in bulk, a few at a time: the same rows as all at once. */
import { expect, test } from "vitest";
import { ignoresHandlers } from "../rpc/handlers/ignores.ts";
import { policyHandlers } from "../rpc/handlers/policy.ts";
import { ticketsHandlers } from "../rpc/handlers/tickets.ts";
import { checkCounters } from "../store/counted.test-support.ts";
import { savePolicyRules } from "../store/policy-rules.ts";
import { findStoredSignature } from "../store/signatures.ts";
import { deskOf, type FleetStore, fleetStore, t0, visit } from "./fleet.test-support.ts";
import { ruleOf } from "./rules.test-support.ts";

const hosts = 7;
const ana = { user: "unix:1001", access: "approve", signal: new AbortController().signal } as Parameters<
	ReturnType<typeof ticketsHandlers>["change"]
>[1];

/** All that tickets, and what is ignored, are kept in. */
function rowsOf({ db }: FleetStore) {
	const tables = ["ticket", "ticket_event", "ignored", "ignore_request", "asset", "signature", "counter"];
	const rows = tables.map((table) => db.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all());
	return JSON.stringify([...rows, db.prepare("SELECT id, open, excepted FROM finding ORDER BY id").all()]);
}

async function lived(few: number) {
	const store = fleetStore();
	for (let host = 1; host <= hosts; host++) visit(store, host, 1);
	const { services, entries } = deskOf(store, few);
	const [policy, tickets, ignores] = [policyHandlers(services), ticketsHandlers(services), ignoresHandlers(services)];
	const stages: string[] = [];
	const kept = () => {
		checkCounters(store);
		stages.push(rowsOf(store));
	};
	const rules = [
		ruleOf({ name: "lab", findings: "severity:4", action: "ignore", days: 30 }),
		ruleOf({ name: "rest", findings: "severity>=1", action: "ticket", assignee: "ben" }),
	];
	savePolicyRules(
		store.db,
		rules.map((rule, at) => ({ ...rule, position: at + 1, changedBy: "unix:1", changedAt: t0 })),
	);
	const { after } = await policy.preview({}, ana);
	expect(after).toMatchObject({ tickets: hosts, ignored: hosts });
	await policy.apply({ digest: after.digest }, ana);
	kept();
	for (const change of [{ kind: "assign" as const, assignee: "cleo" }, { kind: "resolve" as const }]) {
		const { digest } = await tickets.preview({ filter: "*", change }, ana);
		expect(await tickets.change({ filter: "*", change, digest, text: "" }, ana)).toEqual({ changed: hosts });
		kept();
	}
	const wish = { qids: [findStoredSignature(store.db, "redis/open")?.qid ?? 0], assets: "*" };
	const { digest } = await ignores.preview(wish, ana);
	const { request } = await ignores.add({ ...wish, digest, reason: "lab", days: null }, ana);
	kept();
	const { findings } = await ignores.restore({ id: request.id, reason: "not a lab" }, ana);
	expect(findings).toBe(hosts);
	kept();
	store.db.exec("DELETE FROM ticket WHERE assignee = 'cleo'");
	const { findings: expected } = await tickets.ticketless({ filter: "*" }, ana);
	expect(expected).toBe(hosts);
	const made = await tickets.create({ filter: "*", expected, assignee: null, days: 3, text: "" }, ana);
	expect([made.created, made.tickets.length]).toEqual([hosts, hosts]);
	kept();
	await services.bulk.close();
	store.close();
	return { stages, actions: entries.map(({ action, object }) => [action, object]) };
}

test("policy, changes, ignoring, restoring and making by hand", async () => {
	const [atOnce, inSteps] = [await lived(500), await lived(2)];
	expect(inSteps.actions).toEqual(atOnce.actions);
	expect(inSteps.stages).toEqual(atOnce.stages);
});
