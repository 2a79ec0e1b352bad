import { expect, test } from "vitest";
import { openTestConsole } from "../../test/support/console.ts";
import { createTour } from "./tour.ts";

test("a step is over when what it speaks of is on screen, and not before", () => {
	const ended: boolean[] = [];
	const tour = createTour({ changed: () => undefined, ended: (isWhole) => ended.push(isWhole) });
	expect(tour.stand()).toBeUndefined();
	tour.moved("scan");
	tour.start();
	for (const to of ["findings", "why", "scans"] as const) tour.moved(to);
	expect(tour.stand()).toMatchObject({ step: 1, of: 5 });
	for (const to of ["scan", "findings", "finding", "why"] as const) tour.moved(to);
	expect(tour.stand()?.step).toBe(5);
	tour.moved("help");
	expect([tour.stand(), ended]).toEqual([undefined, [true]]);
	tour.start();
	for (let step = 0; step < 5; step++) tour.skip();
	tour.start();
	tour.end();
	expect([tour.stand(), ended]).toEqual([undefined, [true, false, false]]);
});

test.each([
	[80, 24],
	[160, 45],
])(
	"at %i×%i the first run begins it, the user's own keys go through it, and it is remembered",
	async (columns, rows) => {
		const kept: unknown[] = [];
		const likings = { first: {}, keep: (change: object) => kept.push(change) };
		const open = openTestConsole({ screen: { to: "dashboard" }, size: { columns, rows }, likings });
		await open.terminal.waitFor(/Tour 1\/5 +n starts a scan.*ctrl-n next/);
		await open.press("\u000e");
		await open.terminal.waitFor(/Tour 2\/5 +4 shows what was found/);
		await open.press("4");
		await open.terminal.waitFor(/Tour 3\/5 +Enter opens/);
		await open.terminal.waitFor(/1\/731/);
		await open.press("enter");
		await open.terminal.waitFor(/Tour 4\/5 +w says why/);
		await open.press("w");
		await open.terminal.waitFor(/Tour 5\/5 +\? has a screen's keys/);
		await open.press("?");
		// Where the window is small, the keys lie over the words that end it.
		await open.terminal.waitFor(() => kept.length > 0);
		expect(kept).toEqual([{ toured: true }]);
		await open.press("esc", ":tour", "enter");
		await open.terminal.waitFor(/Tour 1\/5/);
		await open.press("\u0018");
		await open.terminal.waitFor(/The tour is left/);
	},
);

test("who has seen it is not asked again", async () => {
	const open = openTestConsole({
		screen: { to: "dashboard" },
		likings: { first: { toured: true }, keep: () => undefined },
	});
	await open.terminal.waitFor(/Top weaknesses/);
	expect(open.terminal.text()).not.toContain("Tour");
});
