/** A scan whose window is closed waits, over a restart of the daemon too, and one that is told to ignore it runs. */
import { afterAll, expect, test } from "vitest";
import * as scans from "../../protocol/methods/scans.ts";
import type { Scan } from "../../protocol/model/scan.ts";
import { type FakeService, serve } from "../support/fake-host.ts";
import { isOver, until } from "../support/follow.ts";
import { ended, Household } from "../support/vedette.ts";
import "../support/patience.ts";

const household = new Household();
const services: FakeService[] = [];
afterAll(async () => {
	await household.end();
	for (const service of services) await service.close();
});

/** `HH:MM` UTC, so many hours from now. */
function clockIn(hours: number): string {
	return new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 16);
}

test("closed now: it waits, says until when, waits on after a restart, and runs when told to ignore it", async () => {
	let visits = 0;
	const service = await serve("127.0.145.1", 0, () => void visits++);
	services.push(service);
	const first = await household.daemon();
	const window = `${clockIn(3)}-${clockIn(6)}`;
	const target = [service.address, "--ports", String(service.port), "--udp", "none"];
	const started = await household.run(["scan", ...target, "--window", window, "--time-zone", "UTC", "--detach"]);
	expect(started.stdout).toMatch(/^Scan 1 waits for its window\. It goes on by itself at .* UTC\./);
	await ended(first.child, "SIGKILL");

	const second = await household.daemon();
	const waiting = await second.client.call(scans.get, { scan: 1 });
	expect(waiting).toMatchObject({ status: "waiting", window: { during: window, timeZone: "UTC" } });
	expect(waiting.continuesAt?.slice(11, 16)).toBe(window.slice(0, 5));
	expect(visits).toBe(0);
	const resumed = await household.run(["scans", "resume", "1"]);
	expect(resumed.code).toBe(1);
	expect(resumed.stderr).toContain("--ignore-window");
	expect((await household.run(["scans", "resume", "1", "--ignore-window"])).code).toBe(0);
	expect((await until(second.client, 1, isOver)).status).toBe("finished");
	expect(visits).toBeGreaterThan(0);
	const shown = await household.run(["scans", "show", "1"]);
	expect(shown.stdout).toContain(`runs          ${window} (UTC)`);
	await ended(second.child, "SIGTERM");
});

test("open now: it runs at once, and is taken up after a restart in the middle of its window", async () => {
	const first = await household.daemon();
	const window = { notDuring: `${clockIn(3)}-${clockIn(6)}`, timeZone: "UTC" };
	const { id } = await first.client.call(scans.start, {
		targets: ["127.0.145.1-6"],
		ports: "1-6000",
		udp: "none",
		window,
	});
	await until(first.client, id, (scan: Scan) => scan.hosts.alive > 0);
	await ended(first.child, "SIGKILL");
	const second = await household.daemon();
	expect((await until(second.client, id, isOver)).status).toBe("finished");
	await ended(second.child, "SIGTERM");
});

test.each([
	["no times", ["--window", "Mon-Fri"], /no times/],
	["no such zone", ["--window", "20:00-06:00", "--time-zone", "Mars/Olympus"], /no time zone/],
	["never", ["--not-during", "00:00-24:00"], /never run/],
	["no length of time", ["--pause-after", "soon"], /not a length of time/],
	["a zone alone", ["--time-zone", "UTC"], /--window or --not-during/],
] as const)("refused: %s", async (_, options, says) => {
	const outcome = await household.run(["scan", "127.0.145.1", ...options]);
	expect(outcome.stderr).toMatch(says);
	expect(outcome.code).toBe(2);
});
