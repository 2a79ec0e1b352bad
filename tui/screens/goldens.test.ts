/**
 * What every screen shows of the sample data at the three sizes it must be good at, as text in `goldens/`. Who changes a screen
 * writes them anew, looks at the difference and keeps it: `GOLDENS=write vitest run tui/screens/goldens.test.ts`.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openTestConsole } from "../../test/support/console.ts";
import { sampleRoutes } from "./sample-routes.test-support.ts";

const sizes = [
	{ columns: 80, rows: 24 },
	{ columns: 120, rows: 40 },
	{ columns: 160, rows: 45 },
];
const isWriting = process.env.GOLDENS === "write";
/** While writing: a screen that has not changed for so long is kept. Milliseconds. */
const quietMs = 500;

const names = new Map<string, number>();
const screens = sampleRoutes().map((route) => {
	const nth = (names.get(route.to) ?? 0) + 1;
	names.set(route.to, nth);
	return { name: nth === 1 ? route.to : `${route.to}-${nth}`, route };
});

for (const size of sizes) {
	const folder = join(import.meta.dirname, "goldens", `${size.columns}x${size.rows}`);
	test.each(screens)(`$name at ${size.columns}×${size.rows}`, async ({ name, route }) => {
		const path = join(folder, `${name}.txt`);
		const desk = openTestConsole({ screen: route, size });
		const shown = () => `${desk.terminal.text().trimEnd()}\n`;
		if (isWriting) {
			for (let before = ""; before !== shown(); ) {
				before = shown();
				await new Promise((resolve) => setTimeout(resolve, quietMs));
				await desk.terminal.settled();
			}
			mkdirSync(folder, { recursive: true });
			writeFileSync(path, shown());
		}
		const wanted = readFileSync(path, "utf8");
		// Once it is what it was, it stays so: where it is not, the difference says more than a time-out.
		await desk.terminal.waitFor(() => shown() === wanted).catch(() => undefined);
		const seen = shown();
		await desk.close();
		expect(seen).toBe(wanted);
	});
}
