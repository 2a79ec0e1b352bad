/** Logins take turns with everything else that is sent to their hosts. */
import { expect, test } from "vitest";
import { LimitTable } from "../packets/limit-table.ts";
import { createLoginTurns } from "./login-turns.ts";

const limits = { ratePerSecond: 1e5, inFlight: 10, inFlightPerHost: 10, timeoutMs: 500, retries: 1 };
const pace = { limits, group: "scan-1" };
const shared = [{ name: "hypervisor", ranges: [["192.0.2.0", "192.0.2.9"]] as const, ratePerSecond: 1e5, inFlight: 1 }];
const never = new AbortController().signal;

test("a group that lets one question be open lets one login in at a time, and others elsewhere", async () => {
	const turns = createLoginTurns(new LimitTable(), () => shared);
	const first = await turns.take("192.0.2.1", pace, never);
	const second = turns.take("192.0.2.2", pace, never);
	const elsewhere = await turns.take("198.51.100.1", pace, never);
	expect(elsewhere).toBeTypeOf("function");
	const early = await Promise.race([second, turns.take("198.51.100.2", pace, never).then(() => "still waiting")]);
	expect(early).toBe("still waiting");
	first?.();
	expect(await second).toBeTypeOf("function");
	turns.close();
});

test("a login that is stopped before its turn never begins, and costs nobody theirs", async () => {
	const turns = createLoginTurns(new LimitTable(), () => shared);
	const first = await turns.take("192.0.2.1", pace, never);
	const controller = new AbortController();
	const second = turns.take("192.0.2.2", pace, controller.signal);
	controller.abort();
	expect(await second).toBeNull();
	first?.();
	expect(await turns.take("192.0.2.3", pace, never)).toBeTypeOf("function");
	turns.close();
});
