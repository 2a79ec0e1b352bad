/** The console read out line by line: in a terminal that knows no cursor, from a scan to a request, without one control byte. */
import { spawn } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FakeService, fakeRedis, serve } from "../support/fake-host.ts";
import { openPty } from "../support/pty.ts";
import { ptyTest } from "../support/pty-test.ts";
import { Household, program } from "../support/vedette.ts";
import "../support/patience.ts";

const household = new Household();
let redis: FakeService;

beforeAll(async () => {
	redis = await serve("127.0.131.1", 6379, fakeRedis({ password: () => false }));
});
afterAll(async () => {
	await household.end();
	await redis.close();
});

/** Types each line once what the one before it brings is there; resolves with all that was said. */
function converse(
	steps: readonly (readonly [line: string, until: RegExp])[],
): Promise<{ said: string; code: number | null }> {
	const child = spawn(process.execPath, [program, "--plain"], {
		env: household.env,
		stdio: ["pipe", "pipe", "inherit"],
	});
	let said = "";
	let from = 0;
	let at = 0;
	let awaited = /help says what can be typed.*Now: /s;
	child.stdout.setEncoding("utf8");
	child.stdout.on("data", (text: string) => {
		said += text;
		if (!awaited.test(said.slice(from))) return;
		const step = steps[at++];
		if (!step) return;
		from = said.length;
		awaited = step[1];
		child.stdin.write(`${step[0]}\n`);
	});
	return new Promise((resolve) => child.once("close", (code) => resolve({ said, code })));
}

test("from a scan to a request that a finding be set apart", async () => {
	const { said, code } = await converse([
		["scan 127.0.131.1", /New scan:.*Now: set FIELD/s],
		["set Ports 6379,1", /6379,1.*Now: set FIELD/s],
		["submit", /Scan 1 “127\.0\.131\.1”: finished\./],
		["findings", /1 > U5 +Redis/],
		["show 1", /What was seen.*Now: /s],
		["except", /Now: set FIELD/],
		["set Reason the lab needs it open", /the lab needs it open.*Now: set FIELD/s],
		["submit", /Request 1: |Error: |> U5|What was seen/],
		["requests", /Requests.*Now: /s],
		["quit", /never/],
	]);
	expect(said).toMatch(/Request 1: /);
	expect(said, "not one control byte, frame or turning sign").not.toMatch(
		/[\u0000-\u0009\u000b-\u001f\u007f-\u009f─│╭╮╰╯⠋⠙⠸⠴⠦⠇]/u,
	);
	expect(code).toBe(0);
});

ptyTest("a terminal that knows no cursor gets lines by itself", async () => {
	const screen = await openPty([process.execPath, program], {
		...{ columns: 100, rows: 40 },
		env: { ...household.env, TERM: "dumb" },
	});
	try {
		await screen.until((lines) => lines.some((line) => line.startsWith("Now: ")), "what can be typed");
		screen.type("assets\r");
		await screen.until((lines) => lines.some((line) => /^ {2}1 > .*127\.0\.131\.1/.test(line)), "the first row");
		screen.type("q\r");
		await screen.endsWith(0);
	} finally {
		screen.kill();
	}
});
