/** A line of 20 kB a second: every key is taken, and the screen ends up right however many frames it could not carry. */
import { afterAll, beforeAll } from "vitest";
import { type ConsoleHome, consoleSizes, openConsoleHome } from "../support/console-home.ts";
import { shows } from "../support/pty.ts";
import { ptyTest } from "../support/pty-test.ts";
import "../support/patience.ts";

let home: ConsoleHome;
beforeAll(async () => {
	home = await openConsoleHome(133, 12);
});
afterAll(() => home.end());

ptyTest.each(consoleSizes)("no key is lost over a slow line at %i×%i", async (columns, rows) => {
	const screen = await home.open(columns, rows, { bytesPerSecond: 20_000 });
	await screen.until(shows("Dashboard"), "the first frame");
	screen.type("4");
	await screen.until(shows("1/12"), "the findings");
	for (let n = 0; n < 9; n++) screen.type("j");
	const list = await screen.until(shows("10/12"), "the tenth row");
	const [eighth = "no such row"] = /127[\d.]+/.exec(list.filter((line) => line.includes("◆U5"))[7] ?? "") ?? [];
	for (const key of ["k", "k", "\r"]) screen.type(key);
	const isDetail = shows("Findings › Redis");
	await screen.until((lines) => isDetail(lines) && shows(`─ ${eighth}:6379`)(lines), "the finding of the eighth row");
	screen.type("\u001b");
	const isList = (lines: string[]) => !isDetail(lines) && shows("8/12")(lines) && shows("no password")(lines);
	await screen.until(isList, "the list where it was left");
});
