/** The connect engine's back ends under the conformance suite, and what only they do. */
import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { patience } from "../../test/support/eventually.ts";
import { createConnectEngine } from "./connect.ts";
import { collect, testConformance } from "./engine-conformance.test-support.ts";

describe.each(["epoll", "node"] as const)("%s", (backEnd) => {
	testConformance({
		name: `connect-${backEnd}`,
		create: (options) => createConnectEngine({ backEnd, ...options }),
		completesHandshakes: true,
	});
});

test("an idle thread is ended with every descriptor it held, and the next job finds one", async () => {
	const descriptors = () => readdirSync("/proc/self/fd").length;
	const before = descriptors();
	const engine = await createConnectEngine({ idleMs: 1 });
	const ask = () => collect(engine, { addresses: ["127.0.0.1"], ports: [1] });
	expect((await ask()).settled).toBe(1);
	await expect.poll(descriptors, patience).toBe(before);
	expect((await ask()).settled).toBe(1);
	await engine.close();
});

test("a run on a closed engine fails with a clear error", async () => {
	const engine = await createConnectEngine();
	await engine.close();
	const reading = collect(engine, { addresses: ["127.0.0.1"], ports: [80] });
	await expect(reading).rejects.toMatchObject({ code: "unavailable" });
});
