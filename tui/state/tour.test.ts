import { expect, test } from "vitest";
import { openTestConsole } from "../../test/support/console.ts";
import { createTour } from "./tour.ts";

test("a step is over when what it speaks of is on screen, and not before", () => {
	const told: unknown[] = [];
	const parts = {
		changed: () => undefined,
		stands: (step: number) => told.push(step),
		ended: (at?: number) => told.push({ at }),
	};
	const tour = createTour({ from: 0, ...parts });
	expect(tour.stand()).toBeUndefined();
	tour.moved("scan");
	tour.start();
	for (const to of ["findings", "why", "scans"] as const) tour.moved(to);
	expect(tour.stand()).toMatchObject({ step: 1, of: 5 });
	for (const to of ["scan", "findings", "finding", "why"] as const) tour.moved(to);
	expect(tour.stand()?.step).toBe(5);
	tour.moved("help");
	expect([tour.stand(), told]).toEqual([undefined, [0, 1, 2, 3, 4, 0, { at: undefined }]]);
});

test("what was left goes on at its step, in another console too; what was gone through begins anew", () => {
	let kept = 0;
	const stands = (step: number) => {
		kept = step;
	};
	const parts = { stands, changed: () => undefined, ended: () => undefined };
	const first = createTour({ from: kept, ...parts });
	for (let step = 0; step < 3; step++) first.next();
	first.end();
	expect([first.stand(), kept]).toEqual([undefined, 2]);
	const second = createTour({ from: kept, ...parts });
	expect(second.stand()).toBeUndefined();
	second.next();
	expect(second.stand()?.step).toBe(3);
	for (let step = 0; step < 3; step++) second.next();
	expect([second.stand(), kept]).toEqual([undefined, 0]);
	second.next();
	expect(second.stand()?.step).toBe(1);
	expect(createTour({ from: 77, ...parts }).stand()).toBeUndefined();
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
		await open.terminal.waitFor(() => kept.length === 6);
		expect(kept).toEqual([0, 1, 2, 3, 4, 0].map((tourStep) => ({ toured: true, tourStep })));
		await open.press("esc", ":tour", "enter");
		await open.terminal.waitFor(/Tour 1\/5/);
		await open.press("\u0018");
		await open.terminal.waitFor(/The tour is left/);
	},
);

test("it begins by itself once, and goes on where it stood when it is asked for", async () => {
	const open = openTestConsole({
		screen: { to: "dashboard" },
		likings: { first: { toured: true, tourStep: 2 }, keep: () => undefined },
	});
	await open.terminal.waitFor(/Top weaknesses/);
	expect(open.terminal.text()).not.toContain("Tour");
	await open.press("\u000e");
	await open.terminal.waitFor(/Tour 3\/5/);
	await open.press("\u0018");
	await open.terminal.waitFor(/The tour is left at step 3; ctrl-n goes on with it/);
});
