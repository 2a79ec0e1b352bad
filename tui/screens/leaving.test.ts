/** Leaving while answers are on their way: what nobody waits for any more must not end the program with a fault. */
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { AppError } from "../../protocol/errors.ts";
import { openTestConsole } from "../../test/support/console.ts";
import { createFakeClient, type FakeClient } from "../connect/fake-client.test-support.ts";
import { sampleRoutes } from "./sample-routes.test-support.ts";

const cancelled = () => new AppError("cancelled", "The connection was closed.");

/** A daemon that answers what is asked first, and nothing from `hold` on; `close` is what every answer then is. */
function slowClient(): { client: FakeClient; hold(): void; close(): number } {
	const client = createFakeClient();
	const { call } = client;
	const waiting: ((error: AppError) => void)[] = [];
	let holds = false;
	const held = () => new Promise<never>((_resolve, reject) => waiting.push(reject));
	client.call = (method, params) => (holds ? held() : call(method, params));
	const { subscribe } = client;
	client.subscribe = (stream, params, handlers) =>
		holds ? { ready: held(), close: () => undefined } : subscribe(stream, params, handlers);
	return {
		client,
		hold: () => {
			holds = true;
		},
		close: () => waiting.splice(0).map((reject) => reject(cancelled())).length,
	};
}

test.each(sampleRoutes("").map((route) => [route.to, route] as const))("%s, while it opens", async (_, screen) => {
	const { client, hold, close } = slowClient();
	hold();
	const desk = openTestConsole({ client, screen });
	await desk.terminal.waitFor(/vedette/);
	await desk.close();
	expect(close()).toBeGreaterThan(0);
	// What nobody has caught is told by the runner once it has had the chance.
	await setImmediate();
});

test.each(sampleRoutes("").map((route) => [route.to, route] as const))(
	"%s, on the way to the next",
	async (_, screen) => {
		const { client, hold, close } = slowClient();
		const desk = openTestConsole({ client, screen });
		await desk.terminal.waitFor((shown) => !shown.includes("Asking"));
		hold();
		for (const key of ["\r", "\u001b[27u", " ", "r", "j", "\t", "\u001b[27u", "1", "2", "3", "4"])
			desk.terminal.type(key);
		await setImmediate();
		await desk.close();
		close();
		await setImmediate();
	},
);
