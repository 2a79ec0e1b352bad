/** A tag put on an asset, found by it, and taken back, at the keyboard and at each size. */
import { afterAll, beforeAll, expect } from "vitest";
import * as assets from "../../protocol/methods/assets.ts";
import { type ConsoleHome, consoleSizes, openConsoleHome } from "../support/console-home.ts";
import { shows } from "../support/pty.ts";
import { ptyTest } from "../support/pty-test.ts";
import "../support/patience.ts";

let home: ConsoleHome;
beforeAll(async () => {
	home = await openConsoleHome(143, 3);
});
afterAll(() => home.end());

const tagged = async (name: string) => (await home.client.call(assets.list, { filter: `tags:${name}` })).total;

ptyTest.each(consoleSizes)("tag, filter and undo at %i×%i", async (columns, rows) => {
	const name = `Web${columns}`;
	const screen = await home.open(columns, rows);
	await screen.until(shows("Dashboard"), "the first frame");
	screen.type("3");
	await screen.until(shows("1/3"), "the assets");
	screen.type("T");
	await screen.until(shows("Tag 1 asset"), "the dialog");
	screen.type(`${name}\r`);
	await screen.until(shows("u to undo"), "what was done");
	await screen.until(shows(name), "the tag in the list");
	expect(await tagged(name)).toBe(1);
	screen.type(`/tags:${name}\r`);
	await screen.until(shows("1/1"), "the asset that carries it");
	screen.type("u");
	await screen.until(shows("Undone"), "what was undone");
	expect(await tagged(name)).toBe(0);
});
