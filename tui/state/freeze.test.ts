import fc from "fast-check";
import { expect, test } from "vitest";
import { watch } from "../../protocol/methods/findings.ts";
import { follow } from "../../protocol/methods/scans.ts";
import { follow as followShell } from "../../protocol/methods/shells.ts";
import { patience } from "../../test/support/eventually.ts";
import { createFakeClient } from "../connect/fake-client.test-support.ts";
import { scanOf } from "../connect/sample-scans.test-support.ts";
import { createFreeze } from "./freeze.ts";

function frozenClient() {
	const fake = createFakeClient();
	const freeze = createFreeze(fake, { now: () => 5_000, changed: () => undefined });
	const seen: string[] = [];
	const watching = () =>
		freeze.client.subscribe(
			watch,
			{},
			{ onSnapshot: ({ total }) => seen.push(`all ${total}`), onEvent: ({ total }) => seen.push(`now ${total}`) },
		);
	const push = (total: number) => fake.push(watch, { kind: "changed", total });
	return { fake, freeze, seen, watching, push };
}

test("what comes while it is frozen is taken up afterwards, in order", async () => {
	const { freeze, seen, watching, push } = frozenClient();
	await watching().ready;
	push(1);
	freeze.turn();
	expect(freeze.since()).toBe(5_000);
	push(2);
	push(3);
	expect([seen, freeze.waiting()]).toEqual([["all 731", "now 1"], 0]);
	freeze.turn();
	push(4);
	expect([seen, freeze.waiting(), freeze.since()]).toEqual([
		["all 731", "now 1", "now 2", "now 3", "now 4"],
		0,
		undefined,
	]);
});

test("what is opened while it is frozen shows what there is, and holds still then; what is closed is not waited for", async () => {
	const { freeze, seen, watching, push } = frozenClient();
	freeze.turn();
	const subscription = watching();
	await subscription.ready;
	push(1);
	expect(seen).toEqual(["all 731"]);
	subscription.close();
	freeze.turn();
	expect(seen).toEqual(["all 731"]);
});

test("beyond what is kept the stream is asked for anew, and nothing is shown twice", async () => {
	const { freeze, seen, watching, push } = frozenClient();
	await watching().ready;
	freeze.turn();
	for (let total = 0; total < 1_500; total++) push(total);
	freeze.turn();
	await expect.poll(() => seen, patience).toEqual(["all 731", "all 731"]);
	push(9);
	expect(seen.at(-1)).toBe("now 9");
});

test("results are counted one by one; what is told of how far it is, is not", async () => {
	const { fake, freeze } = frozenClient();
	await freeze.client.subscribe(follow, { scan: 7 }, { onSnapshot: () => undefined, onEvent: () => undefined }).ready;
	freeze.turn();
	const at = "2026-01-01T00:00:00.000Z";
	const log = { kind: "log" as const, at, level: "info" as const, text: "x" };
	fake.push(follow, { kind: "results", results: [log, log, log] });
	fake.push(follow, { kind: "scan", scan: scanOf(7, {}) });
	expect(freeze.waiting()).toBe(3);
	freeze.turn();
	expect(freeze.waiting()).toBe(0);
});

test("a shell answers keys also while the screen is frozen", async () => {
	const { fake, freeze } = frozenClient();
	const printed: unknown[] = [];
	const handlers = { onSnapshot: () => undefined, onEvent: (event: unknown) => printed.push(event) };
	await freeze.client.subscribe(followShell, { shell: 1 }, handlers).ready;
	freeze.turn();
	fake.push(followShell, { kind: "output", text: "ok", position: 42 });
	expect(printed).toHaveLength(1);
});

test("however often it is frozen and let go, everything arrives once and in order", async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(fc.oneof(fc.constant("turn"), fc.constant("push")), { maxLength: 60 }), async (acts) => {
			const { freeze, seen, watching, push } = frozenClient();
			await watching().ready;
			let pushed = 0;
			for (const act of acts) {
				if (act === "turn") freeze.turn();
				else push(++pushed);
			}
			if (freeze.since() !== undefined) freeze.turn();
			expect(seen.slice(1)).toEqual(Array.from({ length: pushed }, (_, index) => `now ${index + 1}`));
		}),
		{ numRuns: 50 },
	);
});
