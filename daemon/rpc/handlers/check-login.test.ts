import { afterEach, beforeEach, expect, test } from "vitest";
import type { Attempt } from "../../login/host-login.ts";
import { LimitTable } from "../../packets/limit-table.ts";
import { createLoginTurns, type LoginTurns } from "../../scan/login-turns.ts";
import { AddressSet } from "../../scope/address-set.ts";
import { type LoginServices, loginTo } from "./check-login.ts";

const limits = { ratePerSecond: 1e5, inFlight: 10, inFlightPerHost: 10, timeoutMs: 500, retries: 1 };
const shared = [{ name: "hypervisor", ranges: [["192.0.2.0", "192.0.2.9"]] as const, ratePerSecond: 1e5, inFlight: 1 }];
const never = new AbortController().signal;
let turns: LoginTurns;
let begun: string[];

beforeEach(() => {
	turns = createLoginTurns(new LimitTable(), () => shared);
	begun = [];
});
afterEach(() => turns.close());

/** A daemon whose logins only note that their turn came. */
function services(excluded = AddressSet.empty): LoginServices {
	const parts = {
		logins: { findLogins: () => [{ tracking: false }] },
		planning: { resolve: async () => ["192.0.2.2"], globalExclusions: async () => excluded },
		takeTurn: (address: string, signal: AbortSignal) => turns.take(address, { limits, group: "by-hand" }, signal),
		hostLogins: {
			async attempt(_: unknown, task: { address: string; takeTurn(address: string): Promise<(() => void) | null> }) {
				const end = await task.takeTurn(task.address);
				if (end === null) return null;
				begun.push(task.address);
				end();
				return {} as Attempt;
			},
		},
	};
	return parts as unknown as LoginServices;
}

test("a login by hand waits until what else is sent to the same machine lets it", async () => {
	const scan = await turns.take("192.0.2.1", { limits, group: "scan-1" }, never);
	const login = loginTo(services(), "www.example.org", null, never, () => "no");
	// Another machine is not waited for, and by then the login would have begun.
	(await turns.take("198.51.100.1", { limits, group: "scan-1" }, never))?.();
	expect(begun).toEqual([]);
	scan?.();
	expect((await login).address).toBe("192.0.2.2");
	expect(begun).toEqual(["192.0.2.2"]);
});

test("one that is ended while it waits sends nothing, and one to an excluded address never waits", async () => {
	const scan = await turns.take("192.0.2.1", { limits, group: "scan-1" }, never);
	const ending = new AbortController();
	const login = loginTo(services(), "192.0.2.2", null, ending.signal, () => "no");
	ending.abort();
	await expect(login).rejects.toMatchObject({ code: "cancelled" });
	const excluded = services(AddressSet.fromText([["192.0.2.2", "192.0.2.2"]]));
	await expect(loginTo(excluded, "192.0.2.2", null, never, () => "no")).rejects.toMatchObject({ code: "out-of-scope" });
	expect(begun).toEqual([]);
	scan?.();
});
