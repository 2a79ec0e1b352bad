/** A terminal that changes its size in bursts, while a screen is being drawn: what stands in the end is a whole picture. */
import { afterAll, beforeAll } from "vitest";
import { type ConsoleHome, consoleSizes, openConsoleHome } from "../support/console-home.ts";
import { shows } from "../support/pty.ts";
import { ptyTest } from "../support/pty-test.ts";
import "../support/patience.ts";

let home: ConsoleHome;
beforeAll(async () => {
	home = await openConsoleHome(130, 8);
});
afterAll(() => home.end());

ptyTest.each(consoleSizes)("a storm of sizes ends in the picture of %i×%i", async (columns, rows) => {
	const calm = await home.open(columns, rows);
	calm.type("4");
	await calm.until(isFindings, "the findings at their size");

	const screen = await home.open(columns, rows);
	await screen.until(shows("Dashboard"), "the first frame");
	for (let n = 0; n < 80; n++) {
		screen.resize(30 + ((n * 53) % 190), 8 + ((n * 29) % 52));
		if (n === 40) screen.type("4");
	}
	screen.resize(columns, rows);
	// What follows a scan (priorities) may still come in, on both.
	await screen.until((lines) => comparable(lines) === comparable(calm.lines()), "the same picture");
});

const isFindings = (lines: readonly string[]) =>
	shows("1/8")(lines) && shows("no password")(lines) && !shows(/Asking|…$/)(lines);

/** Ages and times of the line move on by themselves. */
function comparable(lines: readonly string[]): string {
	return lines
		.slice(0, -1)
		.map((line) =>
			line
				.replace(/\d+ (s|ms|min)\b( ago)?/g, "")
				.replace(/ +/g, " ")
				.trimEnd(),
		)
		.join("\n");
}
