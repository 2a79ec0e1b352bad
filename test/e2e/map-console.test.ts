/** Maps at the keyboard: a new map, its hosts as they come, approval, rogues, the topology, a scan of what is marked. */
import { afterAll, beforeAll } from "vitest";
import { type FakeService, fakeRedis, serve } from "../support/fake-host.ts";
import { openPty, shows } from "../support/pty.ts";
import { ptyTest } from "../support/pty-test.ts";
import { Household, program } from "../support/vedette.ts";
import "../support/patience.ts";

const household = new Household();
let redis: FakeService;

beforeAll(async () => {
	redis = await serve("127.0.134.2", 6379, fakeRedis({ password: () => false }));
});
afterAll(async () => {
	await household.end();
	await redis.close();
});

ptyTest.each([
	[80, 24],
	[160, 45],
])("from nothing to a scan of a mapped host at %i×%i", async (columns, rows) => {
	const screen = await openPty([process.execPath, program], { columns, rows, env: household.env });
	try {
		await screen.until(shows("Dashboard"), "the first frame");
		screen.type("5");
		await screen.until(shows("Maps"), "the list of maps");
		screen.type("n");
		await screen.until(shows("New map"), "the form");
		screen.type("\u0015none:[127.0.134.1-3]");
		screen.type("\t\t\t\tno");
		await screen.until(shows("no for none"), "the field of the name server");
		screen.type("\r");
		await screen.until(shows("127.0.134.2"), "the hosts of the map");
		await screen.until(shows("finished"), "the end of the map");
		screen.type(" ");
		await screen.until(shows("1 marked"), "the mark");
		screen.type("a");
		await screen.until(shows("A-LN"), "the flag of an approved host");
		screen.type("r");
		await screen.until(shows("Rogue hosts"), "the rogue report");
		screen.type("\u001b");
		await screen.until((lines) => !shows("Rogue hosts")(lines), "the hosts again");
		screen.type("t");
		await screen.until(shows("this machine"), "the topology");
		screen.type("\u001b");
		await screen.until((lines) => shows("FLAGS")(lines) && !shows("this machine")(lines), "the hosts again");
		screen.type("S");
		await screen.until(shows("New scan"), "the dialog of a new scan");
		await screen.until(shows("127.0.134."), "the host as target");
		screen.type("\u001b");
		await screen.until((lines) => !shows("New scan")(lines), "the hosts again");
		screen.type("\u0003\u0003");
		await screen.endsWith(0);
	} finally {
		screen.kill();
	}
});
