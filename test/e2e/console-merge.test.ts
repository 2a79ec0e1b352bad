/** Two assets that are one machine, merged at the keyboard, and taken apart again, at each size. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import * as assets from "../../protocol/methods/assets.ts";
import { type ConsoleHome, consoleSizes, openConsoleHome } from "../support/console-home.ts";
import { questionTakesKeys, shows } from "../support/pty.ts";
import { ptyTest } from "../support/pty-test.ts";
import "../support/patience.ts";

let home: ConsoleHome;
beforeAll(async () => {
	home = await openConsoleHome(142, 0);
});
afterAll(() => home.end());

const host = (address: string, name: string, port: number) =>
	`<host starttime="1763800000" endtime="1763800010"><status state="up"/><address addr="${address}" addrtype="ipv4"/>` +
	`<hostnames><hostname name="${name}" type="PTR"/></hostnames>` +
	`<ports><port protocol="tcp" portid="${port}"><state state="open"/></port></ports></host>`;
const total = async () => (await home.client.call(assets.list, { limit: 1 })).total;

ptyTest.each(consoleSizes)("merge and undo at %i×%i", async (columns, rows) => {
	const name = `web-${columns}.corp.example`;
	const file = join(home.household.home, `${columns}.xml`);
	const hosts = host(`192.0.2.${columns}`, name, 22) + host(`198.51.100.${columns}`, name, 443);
	writeFileSync(
		file,
		`<?xml version="1.0"?><nmaprun scanner="nmap" start="1763800000" version="7.93">${hosts}</nmaprun>`,
	);
	await home.household.json("import", file);
	const before = await total();

	const screen = await home.open(columns, rows);
	await screen.until(shows("Dashboard"), "the first frame");
	screen.type("gu");
	await screen.until(shows("Duplicates"), "the list");
	// A group found while the list is on screen leaves the cursor on the one it was on: this one alone is to be there.
	screen.type(`/name:${name}\r`);
	await screen.until((lines) => lines.some((line) => line.includes("▌") && line.includes(name)), "the group");
	screen.type("\r");
	await screen.until((lines) => shows("Side by side")(lines) && shows(name)(lines), "both side by side");
	screen.type("m");
	await screen.until(shows("into one?"), "the question");
	await questionTakesKeys();
	screen.type("y");
	// The daemon is done before the console knows that there is something to take back.
	await screen.until(shows("Merged:"), "that they are one");
	expect(await total()).toBe(before - 1);
	screen.type("u");
	await screen.until(shows("Undone"), "what was undone");
	expect(await total()).toBe(before);
	await screen.until(shows("Side by side"), "the group again");
});
