/** What is pasted goes into the field as text: line ends do not press enter, control bytes do not act. */
import { afterAll, beforeAll, expect } from "vitest";
import * as scans from "../../protocol/methods/scans.ts";
import { type ConsoleHome, consoleSizes, openConsoleHome } from "../support/console-home.ts";
import { shows } from "../support/pty.ts";
import { ptyTest } from "../support/pty-test.ts";
import "../support/patience.ts";

let home: ConsoleHome;
beforeAll(async () => {
	home = await openConsoleHome(140, 0);
});
afterAll(() => home.end());

const paste = (text: string) => `\u001b[200~${text}\u001b[201~`;

ptyTest.each(consoleSizes)("pasted targets are a text, at %i×%i", async (columns, rows) => {
	const screen = await home.open(columns, rows);
	await screen.until(shows("Dashboard"), "the first frame");
	screen.type("n");
	await screen.until(shows("New scan"), "the dialog");
	screen.type("\u0015");
	screen.type(paste("127.0.140.1\r\n127.0.140.2\u0007\u001b[2J\r\n"));
	await screen.until(shows(/127\.0\.140\.1.*127\.0\.140\.2/), "both targets in the field");
	// Of the sequence that clears a screen its letters are left, and what they make of the address is refused.
	const lines = await screen.until(shows("is not an address"), "what is wrong with the second");
	expect(shows("New scan")(lines), "the dialog is still open").toBe(true);
	screen.type("\u001b");
	await screen.until((now) => !shows("New scan")(now), "the dialog closed");
	screen.type(paste("4"));
	screen.type("2");
	await screen.until(shows("Scans"), "the list of scans: a paste outside a field presses no key");
	expect((await home.client.call(scans.list, {})).total, "no scan was started").toBe(0);
});
