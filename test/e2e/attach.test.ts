/** A daemon elsewhere, reached by a program that goes there: commands, the console, a line that drops, and what goes wrong. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { farProgram, writeFarShell } from "../support/far-shell.ts";
import { processesOf } from "../support/processes-of.ts";
import { openPty, shows } from "../support/pty.ts";
import { ptyTest } from "../support/pty-test.ts";
import { Household, program } from "../support/vedette.ts";
import "../support/patience.ts";

/** The far machine, and the one somebody sits at. */
const far = new Household();
const near = new Household();
let ssh: string;

beforeAll(async () => {
	ssh = writeFarShell(near.home);
	expect((await far.run(["exclude", "add", "192.0.2.7", "--comment", "only the far daemon knows"])).code).toBe(0);
});
afterAll(async () => {
	await near.end();
	await far.end();
});

const attached = (...more: string[]) =>
	openPty(
		[process.execPath, program, "attach", "ana@far", "--ssh", ssh, "--remote", farProgram, "--home", far.home, ...more],
		{ columns: 100, rows: 30, env: near.env },
	);
/** Ends the relay of the far home, as a line that drops does. */
function drop(): void {
	const relays = processesOf((words, env) => words.at(-1) === "relay" && env.includes(`VEDETTE_HOME=${far.home}`));
	expect(relays).not.toEqual([]);
	for (const pid of relays) process.kill(pid);
}

ptyTest("the screen is where it was after the line has dropped", async () => {
	const screen = await attached();
	try {
		await screen.until(shows("ssh far"), "the console on the far daemon");
		screen.type("7");
		await screen.until(shows("192.0.2.7"), "what the far daemon knows");
		screen.type("/192.0.2\r");
		await screen.until(shows("192.0.2 "), "the filter");
		drop();
		await screen.until((lines) => shows("ssh far")(lines) && shows("192.0.2.7")(lines), "the line is back");
		screen.type("\u0003\u0003");
		await screen.endsWith(0);
	} finally {
		screen.kill();
	}
});

test("in a pipe it is read out line by line, and says how when that is not asked for", async () => {
	const way = ["attach", "ana@far", "--ssh", ssh, "--remote", farProgram, "--home", far.home];
	const read = await near.run([...way, "--plain"], { input: "exclusions\nquit\n" });
	expect(read.stdout).toMatch(/read out line by line[\s\S]*192\.0\.2\.7/);
	expect(read.code).toBe(0);
	const refused = await near.run(way);
	expect(refused.stderr).toContain("vedette attach --plain ana@far");
});

ptyTest("in a terminal that knows no cursor it is read out", async () => {
	const screen = await openPty(
		[process.execPath, program, "attach", "ana@far", "--ssh", ssh, "--remote", farProgram, "--home", far.home],
		{ columns: 100, rows: 30, env: { ...near.env, TERM: "dumb" } },
	);
	try {
		await screen.until(shows("help says what can be typed"), "the console, read out");
		screen.type("quit\r");
		await screen.endsWith(0);
	} finally {
		screen.kill();
	}
});

ptyTest("read-only says so, and what is not there is named", async () => {
	const screen = await attached("--read-only");
	try {
		await screen.until(shows("read-only"), "the role in the status line");
	} finally {
		screen.kill();
	}
	const lost = await openPty(
		[process.execPath, program, "attach", "ana@far", "--ssh", ssh, "--remote", "/nowhere/vedette"],
		{ columns: 100, rows: 30, env: near.env },
	);
	await lost?.until(shows("Vedette was not found on the far machine"), "the reason");
	expect(await lost?.ended).toBe(3);
});

test("other commands ask the far daemon as well, and say what an address must look like", async () => {
	// What a user has: `ssh` here, `vedette` in the far path.
	const called = `#!/bin/sh\nVEDETTE_HOME='${far.home}' exec ${farProgram} "$@"\n`;
	writeFileSync(join(near.home, "vedette"), called, { mode: 0o755 });
	const path = near.env.PATH;
	near.env.PATH = `${near.home}:${path}`;
	near.env.VEDETTE_DAEMON = "ssh://ana@far";
	const listed = await near.run(["exclude", "list"]);
	expect(listed).toMatchObject({ code: 0, stderr: "" });
	expect(listed.stdout).toContain("only the far daemon knows");
	near.env.VEDETTE_DAEMON = "-oProxyCommand=true";
	const refused = await near.run(["exclude", "list"]);
	expect(refused).toMatchObject({ code: 2, stdout: "" });
	expect(refused.stderr).toContain("no address of a machine");
	near.env.PATH = path;
	delete near.env.VEDETTE_DAEMON;
});
