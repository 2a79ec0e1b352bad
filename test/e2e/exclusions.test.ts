/** Global exclusions and fragile ports, seen from the hosts that are to be left alone. */
import { createConnection } from "node:net";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import * as exclusions from "../../protocol/methods/exclusions.ts";
import * as profiles from "../../protocol/methods/profiles.ts";
import * as scans from "../../protocol/methods/scans.ts";
import type { Exclusion, ExclusionEvent } from "../../protocol/model/exclusion.ts";
import type { Scan } from "../../protocol/model/scan.ts";
import { type FakeService, serve } from "../support/fake-host.ts";
import { Household } from "../support/vedette.ts";
import "../support/patience.ts";

let household: Household;
const services: FakeService[] = [];

beforeAll(() => {
	household = new Household();
});
afterEach(async () => {
	for (const service of services.splice(0)) await service.close();
});
afterAll(() => household.end());

test("a running scan stops at an excluded host before the call answers, and finishes the others", async () => {
	const [left, other] = ["127.0.103.1", "127.0.103.2"];
	let visits = 0;
	const many = Promise.withResolvers<void>();
	const ports = Array.from({ length: 120 }, (_, i) => 21_000 + i);
	for (const port of ports) services.push(await serve(left, port, () => void (++visits === 20 && many.resolve())));
	services.push(await serve(other, ports[7] ?? 0, (socket) => void socket.end("ready\r\n")));

	const { client } = await household.daemon();
	const { options, limits } = (await client.call(profiles.get, { name: "Initial" })).profile;
	const slow = { ...limits, level: "custom" as const, ratePerSecond: 60, inFlightPerHost: 4 };
	const name = "Slow";
	await client.call(profiles.clone, {
		from: "Initial",
		name,
		options: { ...options, udp: { set: "none", additional: "" }, performance: slow },
	});
	const over = Promise.withResolvers<Scan>();
	const request = { targets: [left, other], ports: "21000-21119", profile: name };
	const scan = await client.call(scans.start, request);
	client.subscribe(
		scans.follow,
		{ scan: scan.id },
		{
			onSnapshot: () => undefined,
			onEvent: (event) => event.kind === "scan" && event.scan.status === "finished" && over.resolve(event.scan),
			onError: over.reject,
		},
	);
	await many.promise;
	const done = await client.call(exclusions.add, { targets: [left], comment: "breaks when scanned" });
	expect(done.scans).toEqual([scan.id]);
	await connected(left, ports[0] ?? 0);
	const visitsThen = visits;
	expect(visitsThen).toBeLessThan(ports.length);

	const finished = await over.promise;
	expect(finished.hosts.done).toBe(1);
	expect(finished.openPorts).toBe(1);
	expect(visits).toBe(visitsThen);
	const again = await household.run(["scan", left, "--ports", "21000"]);
	expect(again.code).toBe(4);
	expect(again.stderr).toContain("vedette exclude list");
	expect(visits).toBe(visitsThen);
});

/** By then whatever came before has been counted: what waits at other ports is taken in the same turn. */
function connected(address: string, port: number): Promise<void> {
	return new Promise((resolve, reject) => {
		const socket = createConnection(port, address);
		socket.once("error", reject);
		socket.once("connect", () => socket.end().resume());
		socket.once("close", () => resolve());
	});
}

test("added with a reason, listed, taken back with a reason; the history keeps both", async () => {
	const added = await household.json<{ added: Exclusion[] }>(
		...[
			"exclude",
			"add",
			"127.0.104.0/28",
			"127.0.104.20-24,127.0.104.30",
			"--comment",
			"label printers",
			"--until",
			"30d",
		],
	);
	expect(added.added.map((one) => one.target)).toEqual(["127.0.104.0/28", "127.0.104.20-24", "127.0.104.30"]);
	expect(added.added[0]).toMatchObject({
		state: "holds",
		comment: "label printers",
		addedBy: expect.stringMatching(/^unix:/),
	});
	const estimate = '{"targets":["127.0.104.0/24"],"exclusions":["127.0.104.40"]}';
	const { excluded } = JSON.parse((await household.run(["call", "scans.estimate", estimate])).stdout);
	expect(excluded, "a scan's own and the global ones together").toBe(16 + 5 + 1 + 1);

	const removed = await household.run(["exclude", "remove", "127.0.104.20-24", "--comment", "moved"]);
	expect(removed).toMatchObject({ code: 0, stdout: "The exclusion of 127.0.104.20-24 is taken back.\n" });
	const { items } = await household.json<{ items: Exclusion[] }>("exclude", "list");
	expect(items.map((one) => one.target)).not.toContain("127.0.104.20-24");
	const history = await household.json<{ items: ExclusionEvent[] }>("exclude", "list", "--history");
	expect(history.items[0]).toMatchObject({ action: "removed", target: "127.0.104.20-24", comment: "moved" });
	const table = (await household.run(["exclude", "list"])).stdout;
	expect(table).toMatch(/127\.0\.104\.0\/28 +holds +\d{4}-.*label printers/);
});

test.each([
	["no comment", ["add", "127.0.105.1"], 2, /comment/],
	["an empty comment", ["add", "127.0.105.1", "--comment", " "], 2, /comment is empty/],
	["not a target", ["add", "300.1.1.1", "--comment", "x"], 2, /300\.1\.1\.1/],
	["a name without an address", ["add", "printer.invalid", "--comment", "x"], 2, /does not resolve/],
	["a day in the past", ["add", "127.0.105.1", "--comment", "x", "--until", "2001-01-01"], 2, /not in the future/],
	["a day there is not", ["add", "127.0.105.1", "--comment", "x", "--until", "2099-02-30"], 2, /not a day/],
	["the same again", ["add", "127.0.105.9", "127.0.105.9/32", "127.0.105.8", "--comment", "x"], 1, /already excluded/],
	["taking back what is not excluded", ["remove", "127.0.105.1", "--comment", "x"], 1, /vedette exclude list/],
	["taking back without a reason", ["remove", "127.0.105.9"], 2, /comment/],
	["ports that are none", ["ports", "70000"], 2, /70000/],
] as const)("refused: %s", async (_, args, code, says) => {
	await household.run(["exclude", "add", "127.0.105.9", "--comment", "there before"]);
	const outcome = await household.run(["exclude", ...args]);
	expect(outcome.stderr).toMatch(says);
	expect(outcome.code).toBe(code);
	const { items } = await household.json<{ items: Exclusion[] }>("exclude", "list");
	expect(items.filter((one) => one.target.startsWith("127.0.105.")).map((one) => one.target)).toEqual(["127.0.105.9"]);
});

test("a port set as fragile is found open and gets not one byte", async () => {
	let bytes = 0;
	const service = await serve("127.0.106.1", 0, (socket) => {
		socket.on("data", (chunk) => {
			bytes += chunk.length;
		});
	});
	services.push(service);
	const ports = await household.json<{ always: string; further: string }>("exclude", "ports", `${service.port},502`);
	expect(ports.always).toBe("515,9100-9107");
	const { scan } = await household.json<{ scan: Scan }>("scan", "127.0.106.1", "--ports", String(service.port));
	expect(scan.openPorts).toBe(1);
	expect(bytes).toBe(0);
	expect((await household.run(["exclude", "ports", "none"])).stdout).toContain("Further none");
});
