/** Keys that arrive glued together, as over a slow line or from a terminal multiplexer: each is one key. */
import { afterAll, beforeAll } from "vitest";
import { type ConsoleHome, consoleSizes, openConsoleHome } from "../support/console-home.ts";
import { shows } from "../support/pty.ts";
import { ptyTest } from "../support/pty-test.ts";
import "../support/patience.ts";

let home: ConsoleHome;
beforeAll(async () => {
	home = await openConsoleHome(138, 6);
});
afterAll(() => home.end());

ptyTest.each(consoleSizes)("a burst of keys is taken key by key at %i×%i", async (columns, rows) => {
	const screen = await home.open(columns, rows);
	await screen.until(shows("Dashboard"), "the first frame");
	screen.type("4");
	await screen.until(shows("1/6"), "the findings");
	screen.type("jjj\u001b[B\u001b[Ak");
	await screen.until(shows("3/6"), "three down, one down, two up");
	screen.type("G\r");
	await screen.until(shows("Findings › Redis"), "the last finding");
	screen.type("\u001b");
	await screen.until((lines) => shows("6/6")(lines) && !shows("Findings › Redis")(lines), "the list again");
	screen.type("gg/port:6379\r");
	await screen.until(shows("port:6379"), "the filter typed with the keys before it");
	await screen.until(shows("1/6"), "the first row of what it finds");
});
