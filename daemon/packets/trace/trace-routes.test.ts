/** Routes on this machine alone: everything on loopback is here, so that there is no router and every host answers. */
import { expect, test } from "vitest";
import { AddressSet } from "../../scope/address-set.ts";
import { Scope } from "../../scope/scope.ts";
import { parseRange } from "../../scope/targets.ts";
import { LimitTable } from "../limit-table.ts";
import type { TracedRoute, TraceJob } from "./messages.ts";
import { createTracer, traceRoutes } from "./trace-routes.ts";

function jobOf(groups: string[][], allowed: string[], job: Partial<TraceJob> = {}): TraceJob {
	const ranges = allowed.flatMap((text) => parseRange(text) ?? []);
	return {
		...{ groups, all: true, fragilePorts: [], guard: new Scope(new AddressSet(ranges)).guard() },
		limits: { ratePerSecond: 1_000, timeoutMs: 500, tries: 2 },
		...job,
	};
}

async function traced(job: TraceJob, signal = new AbortController().signal) {
	const routes: TracedRoute[] = [];
	const outcome = await traceRoutes(job, { signal, onRoute: (route) => routes.push(route), onSent: () => undefined });
	return { routes, ...outcome };
}

test("what is on this machine has no routers before it", async () => {
	const { routes, sent, problem } = await traced(jobOf([["127.0.81.1", "127.0.81.2"]], ["127.0.81.0/24"]));
	expect(problem).toBeNull();
	expect(routes).toEqual([
		{ address: "127.0.81.1", hops: [], reached: true },
		{ address: "127.0.81.2", hops: [], reached: true },
	]);
	expect(sent).toBe(2);
});

test("one of a group is enough unless all are wanted, and what the guard does not let through gets nothing", async () => {
	const groups = [["127.0.82.1", "127.0.81.1", "127.0.81.2"]];
	const { routes, sent } = await traced(jobOf(groups, ["127.0.81.0/24"], { all: false }));
	expect(routes.map(({ address }) => address)).toEqual(["127.0.81.1"]);
	expect(sent).toBe(1);
});

test("a job that is stopped ends, and one that was stopped before sends nothing", async () => {
	const controller = new AbortController();
	const groups = Array.from({ length: 200 }, (_, index) => [`127.0.81.${index + 1}`]);
	const job = jobOf(groups, ["127.0.81.0/24"], { limits: { ratePerSecond: 5, timeoutMs: 500, tries: 1 } });
	const running = traced(job, controller.signal);
	controller.abort();
	const { routes } = await running;
	expect(routes.length).toBeLessThan(200);
	expect(await traced(job, controller.signal)).toEqual({ routes: [], sent: 0, problem: null });
});

test("its packets pass the limits that hold for whoever sends them", async () => {
	const limits = { ratePerSecond: 1e5, inFlight: 100, inFlightPerHost: 10, timeoutMs: 500, retries: 0 };
	const group = { name: "line", ranges: [["127.0.81.0", "127.0.81.255"]] as const, ratePerSecond: 20, inFlight: 100 };
	const trace = createTracer({ limits: new LimitTable(), sharedOf: () => [group] });
	const job = jobOf([["127.0.81.1", "127.0.81.2", "127.0.81.3", "127.0.81.4"]], ["127.0.81.0/24"]);
	const began = performance.now();
	const { sent } = await trace(
		{ ...job, sender: { limits, group: "map-1" } },
		{ signal: new AbortController().signal, onRoute: () => undefined, onSent: () => undefined },
	);
	expect(sent).toBe(4);
	expect(performance.now() - began, "three times 50 ms, whatever else the machine does").toBeGreaterThan(140);
});
