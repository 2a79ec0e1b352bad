import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AppError } from "../../protocol/errors.ts";
import { policyHandlers } from "../rpc/handlers/policy.ts";
import { checkCounters } from "../store/counted.test-support.ts";
import { setExcepted } from "../store/excepted.ts";
import { listPolicyRules, type StoredRule, savePolicyRules } from "../store/policy-rules.ts";
import { transaction } from "../store/sql.ts";
import { createTag } from "../store/tags.ts";
import { applyPolicy } from "./apply-policy.ts";
import { dayMs, deskOf, type FleetStore, findingsOf, fleetStore, t0, ticketsOf, visit } from "./fleet.test-support.ts";
import { policyWork } from "./policy-work.ts";
import { ruleOf } from "./rules.test-support.ts";
import { rulesInForce } from "./rules.ts";

const ana = { user: "unix:1001", access: "approve" } as Parameters<ReturnType<typeof policyHandlers>["change"]>[1];

/** Over what is there, as `policy.apply` does it. */
function applyNow(store: FleetStore): void {
	const now = store.clock.now();
	transaction(store.db, () => {
		const rules = rulesInForce(listPolicyRules(store.db), now);
		applyPolicy(
			store.db,
			rules.map(({ rule }) => rule),
			policyWork(store.db, rules, now).work,
			now,
		);
	});
}

const numbered = (rules: readonly StoredRule[]) =>
	rules.map((rule, at) => ({ ...rule, name: `r${at}`, position: at + 1 }));
/** Of nothing that ignoring a finding changes, as the risk of its asset: applied again they would rightly do more. */
const ruleArbitrary = fc.record({
	findings: fc.constantFrom(
		"",
		"severity:5",
		"severity<5",
		"qid:[1, 2]",
		"port:3306",
		"title:redis",
		"status:NEW",
		"not type:confirmed",
	),
	assets: fc.constantFrom("", "address:127.0.0.1", "tag:pci", "not tag:pci", "openPorts.port:6379", "openPortCount>1"),
	action: fc.constantFrom("ticket" as const, "ignore" as const, "nothing" as const),
	assignee: fc.constantFrom(null, "ben"),
	days: fc.constantFrom(null, 3),
	enabled: fc.boolean(),
});

function told(store: FleetStore) {
	return {
		tickets: ticketsOf(store)
			.map(({ state, assignee, due, dueFrom, rule, ignoredUntil, asset, finding }) => {
				return { state, assignee, due, dueFrom, rule, ignoredUntil, asset: asset.name, signature: finding?.signature };
			})
			.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
		ignored: findingsOf(store).map(({ id, ignored }) => [id, ignored]),
	};
}

function tagged(store: FleetStore): FleetStore {
	const tag = createTag(
		store.db,
		{
			name: "pci",
			parent: null,
			colour: null,
			description: "",
			favourite: false,
			criticality: 5,
			rule: { kind: "query", text: "address:127.0.0.2" },
		},
		t0,
	);
	expect(tag.id).toBeGreaterThan(0);
	return store;
}

/** As it was before the first scan: opening a store anew is dearer than all the rest. */
function empty({ db }: FleetStore): void {
	savePolicyRules(db, []);
	db.exec(`DELETE FROM asset; DELETE FROM finding_event; DELETE FROM counter WHERE key NOT LIKE 'next:%';
		DELETE FROM result; UPDATE signature SET open_findings = 0, open_assets = 0`);
}

describe("the first rule that fits", () => {
	test("holds alike when a finding comes in and over the findings there are", () => {
		const [live, after] = [tagged(fleetStore()), tagged(fleetStore())];
		fc.assert(
			fc.property(fc.array(ruleArbitrary, { maxLength: 4 }), (words) => {
				const rules = numbered(words.map((one) => ruleOf({ name: "", ...one })));
				for (const store of [live, after]) empty(store);
				savePolicyRules(live.db, rules);
				for (const store of [live, after]) for (const host of [1, 2]) visit(store, host, 1);
				savePolicyRules(after.db, rules);
				applyNow(after);
				expect(told(live)).toEqual(told(after));
				for (const store of [live, after]) {
					checkCounters(store);
					checkIgnored(store);
				}
				applyNow(after);
				expect(told(after)).toEqual(told(live));
			}),
			{ numRuns: 25 },
		);
	});
});

describe("what a policy would do", () => {
	const wish = {
		findings: "severity:5",
		assets: "",
		action: "ticket" as const,
		assignee: null,
		days: null,
		enabled: true,
	};

	test("is said before a rule is saved, and only that is done", async () => {
		const store = fleetStore();
		const { services, entries } = deskOf(store);
		const policy = policyHandlers(services);
		for (const host of [1, 2, 3]) visit(store, host, 1);
		const change = { kind: "save" as const, rule: { ...wish, name: "urgent" } };
		const { before, after } = await policy.preview({ change }, ana);
		expect(before).toMatchObject({ tickets: 0, unmatched: 6, assets: 0 });
		expect(after).toMatchObject({ tickets: 3, unmatched: 3, assets: 3, rules: [{ name: "urgent", tickets: 3 }] });
		expect(listPolicyRules(store.db)).toEqual([]);
		await policy.change({ change }, ana);
		expect(ticketsOf(store)).toEqual([]);

		visit(store, 4, 1);
		visit(store, 3, 2, { redis: false });
		await expect(async () => policy.apply({ digest: after.digest }, ana)).rejects.toThrow(
			/2 tickets .* others than were shown/,
		);
		expect(ticketsOf(store).map(({ asset }) => asset.name)).toEqual(["127.0.0.4"]);
		const now = await policy.preview({}, ana);
		expect(await policy.apply({ digest: now.after.digest }, ana)).toMatchObject({ tickets: 2 });
		expect(ticketsOf(store)).toHaveLength(3);
		expect(entries.map(({ action }) => action)).toEqual(["policy.save", "policy.apply"]);
	});

	test("leaves alone what an exception covers, and closes open tickets that are to be ignored", async () => {
		const store = fleetStore();
		const policy = policyHandlers(deskOf(store).services);
		for (const host of [1, 2]) visit(store, host, 1);
		const [excepted] = findingsOf(store).filter(({ severity }) => severity === 5);
		setExcepted(store.db, [excepted!.id], "exception", true, t0);
		savePolicyRules(store.db, [ruleOf({ name: "urgent", findings: "severity:5" })]);
		applyNow(store);
		expect(ticketsOf(store).map(({ asset }) => asset.name)).toEqual(["127.0.0.2"]);
		const change = {
			kind: "save" as const,
			rule: { ...wish, name: "lab", action: "ignore" as const, days: 30 },
			position: 1,
		};
		const { after } = await policy.preview({ change }, ana);
		expect(after).toMatchObject({ tickets: 0, ignored: 1 });
		await policy.change({ change }, ana);
		await policy.apply({ digest: after.digest }, ana);
		expect(ticketsOf(store)).toMatchObject([
			{ state: "IGNORED", ignoredUntil: new Date(t0 + 30 * dayMs).toISOString() },
		]);
		checkIgnored(store);
		checkCounters(store);
	});

	test("a query that cannot be read is refused with its place; one that cannot be any more is named", async () => {
		const store = fleetStore();
		const policy = policyHandlers(deskOf(store).services);
		const change = { kind: "save" as const, rule: { ...wish, name: "broken", findings: "severty:5" } };
		await expect(async () => policy.preview({ change }, ana)).rejects.toThrow(AppError);
		savePolicyRules(store.db, [ruleOf({ name: "old", findings: "severty:5" }), ruleOf({ name: "all" })]);
		const { items } = await policy.list({}, ana);
		expect(items.map(({ problem }) => problem === null)).toEqual([false, true]);
		visit(store, 1, 1);
		expect(ticketsOf(store).every(({ rule }) => rule === "all")).toBe(true);
	});
});

/** Ignored is what has a ticket that says so, and nothing else. */
function checkIgnored(store: FleetStore): void {
	for (const { ignored, ticket } of findingsOf(store)) expect(ignored).toBe(ticket?.state === "IGNORED");
}

describe("a finding that was set apart, is fixed and then found again", () => {
	test.each([
		["after its approval has ended", "ticket", "OPEN"],
		["by a rule that ignores", "ignore", "IGNORED"],
	] as const)("gets one ticket %s", (_, action, state) => {
		const store = fleetStore();
		visit(store, 1, 1, { mysql: false });
		setExcepted(
			store.db,
			findingsOf(store).map(({ id }) => id),
			"exception",
			true,
			t0,
		);
		store.clock.at += dayMs;
		visit(store, 1, 2, { redis: false, mysql: false });
		savePolicyRules(store.db, [ruleOf({ name: "all", action })]);
		store.clock.at += dayMs;
		visit(store, 1, 3, { mysql: false });
		expect(ticketsOf(store).map((ticket) => ticket.state)).toEqual([state]);
		checkCounters(store);
	});
});
