/** The first minutes of a newcomer, at the keyboard: an empty console, one key, a live scan, findings, the way back out. */
import { afterAll, beforeAll, expect } from "vitest";
import { type FakeService, fakeRedis, serve } from "../support/fake-host.ts";
import { openPty, shows } from "../support/pty.ts";
import { ptyTest } from "../support/pty-test.ts";
import { Household, program } from "../support/vedette.ts";
import "../support/patience.ts";

const household = new Household();
let redis: FakeService;

beforeAll(async () => {
	redis = await serve("127.0.148.1", 6379, fakeRedis({ password: () => false }));
});
afterAll(async () => {
	await household.end();
	await redis.close();
});

ptyTest.each([
	[80, 24],
	[160, 45],
])("from nothing to a finding at %i×%i", async (columns, rows) => {
	const screen = await openPty([process.execPath, program], { columns, rows, env: household.env });
	try {
		await screen.until(shows("Dashboard"), "the first frame");
		screen.type("2");
		await screen.until(shows("Scans"), "the list of scans");
		screen.type("n");
		await screen.until(shows("New scan"), "the dialog");
		screen.type("\u0015127.0.148.1");
		screen.type("\t\u00156379,1");
		await screen.until(shows(" probes"), "the estimate");
		screen.type("\r");
		await screen.until(shows("finished"), "the end of the scan");
		await screen.until(shows("no password"), "the finding among the live results");
		screen.type("4");
		await screen.until(shows("no password"), "the list of findings");
		screen.type("/port:6379 and severity:5\r");
		await screen.until(shows("no password"), "the filtered list");
		screen.type("?");
		await screen.until(shows("Esc closes"), "help");
		screen.type("\u001b");
		await screen.until((lines) => !shows("Esc closes")(lines), "the list again");
		screen.type("\u0003");
		await screen.until(shows("again"), "the warning before the second ctrl-c");
		screen.type("\u0003");
		await screen.endsWith(0);
	} finally {
		screen.kill();
	}
	expect((await household.run(["scans", "--json"])).code, "the daemon outlives the console").toBe(0);
});
