import { expect, test } from "vitest";
import type { Client, ClientState } from "../../protocol/client.ts";
import { AppError } from "../../protocol/errors.ts";
import { watchLost } from "./lost.ts";

test("since when it is gone, that it is back, and why it has ended for good", () => {
	let say: (state: ClientState, error?: AppError) => void = () => undefined;
	const client = {
		onState: (listener: typeof say) => {
			say = listener;
			return () => undefined;
		},
	} as unknown as Client;
	const told: boolean[] = [];
	let now = 1_000;
	const lost = watchLost(
		client,
		() => now,
		(isLost) => told.push(isLost),
	);
	let back = 0;
	const stop = lost.onBack(() => back++);
	say("reconnecting", new AppError("unavailable", "Lost."));
	now = 9_000;
	say("reconnecting");
	expect([lost.since(), lost.because(), back]).toEqual([1_000, undefined, 0]);
	say("connected");
	expect([lost.since(), back]).toEqual([undefined, 1]);
	stop();
	say("reconnecting");
	say("connected");
	expect(back).toBe(1);
	say("closed", new AppError("forbidden", "Your access was taken away.", { hint: "Ask an admin." }));
	expect([lost.since(), lost.because()]).toEqual([9_000, "Your access was taken away. Ask an admin."]);
	expect(told).toEqual([true, true, false, true, false, true]);
});
