/** A daemon on the network: asked about at first use, let in by token, cut off, and taken up where it was. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { NetworkDoor } from "../../protocol/model/operator.ts";
import { openPty, shows } from "../support/pty.ts";
import { ptyTest } from "../support/pty-test.ts";
import { openSlowLine, type SlowLine } from "../support/slow-line.ts";
import { Household, program } from "../support/vedette.ts";
import "../support/patience.ts";

const far = new Household();
const near = new Household();
const tokenFile = join(near.home, "token");
let door: NetworkDoor;
let line: SlowLine;

beforeAll(async () => {
	expect((await far.run(["scan", "127.0.135.0/27", "--ports", "9", "--wait"])).code).toBe(0);
	door = await far.json<NetworkDoor>("access", "listen", "127.0.0.1:0", "--tls");
	line = await openSlowLine({ to: Number(door.listensOn?.split(":").at(-1)), delayMs: 5 });
	await giveToken("ana");
});
afterAll(async () => {
	await line.close();
	await near.end();
	await far.end();
});

async function giveToken(name: string): Promise<void> {
	const { secret } = await far.json<{ secret: string }>("access", "token", "create", name, "--access", "operate");
	writeFileSync(tokenFile, secret, { mode: 0o600 });
}

const status = (lines: string[]) => lines.at(-1) ?? "";

test("an address it cannot listen on changes nothing, and the log says what was tried", async () => {
	const refused = await far.run(["access", "listen", "192.0.2.1:7443"]);
	expect(refused).toMatchObject({ code: 1, stdout: "" });
	expect(refused.stderr).toMatch(/no such address[\s\S]*Nothing was changed: it listens on 127\.0\.0\.1:0/);
	expect((await far.run(["access", "listen", "127.0.0.1:x"])).code).toBe(2);
	const door = await far.json<NetworkDoor>("access", "listen");
	expect(door.listensOn).toMatch(/^127\.0\.0\.1:\d+$/);
	const { items } = await far.json<{ items: { action: string }[] }>("audit", "--limit", "20");
	expect(items.filter(({ action }) => action === "access.listen")).toHaveLength(3);
	// Another port was taken when it came back.
	await line.close();
	line = await openSlowLine({ to: Number(door.listensOn?.split(":").at(-1)), delayMs: 5 });
});

ptyTest("the screen is where it was after the line was cut, and a token that ends is said to have", async () => {
	const words = ["attach", `wss://127.0.0.1:${line.port}`, "--token-file", tokenFile];
	const screen = await openPty([process.execPath, program, ...words], { columns: 100, rows: 20, env: near.env });
	try {
		await screen.until(shows(door.fingerprint ?? "-"), "the certificate it showed");
		screen.type("y\r");
		await screen.until((lines) => shows("wss 127.0.0.1")(lines), "the console on the far daemon");
		screen.type("3");
		await screen.until(shows("127.0.135."), "the far inventory");
		screen.type("/127.0.135.1\r");
		await screen.until((lines) => /1\/11\b/.test(status(lines)), "what the filter leaves");
		screen.type("jj");
		await screen.until((lines) => /3\/11\b/.test(status(lines)), "the third row");
		screen.type(" ");
		const isThere = (lines: string[]) => shows("1 marked")(lines) && /\b4\/11\b/.test(status(lines));
		await screen.until(isThere, "a mark, and the row after it");

		line.cut();
		await screen.until(shows("reconnecting"), "that the line is gone is said");
		line.mend();
		const back = await screen.until((lines) => shows("wss 127.0.0.1")(lines) && isThere(lines), "the line is back");
		expect(back.some((text) => text.includes("127.0.135.1 "))).toBe(true);
		screen.type("j");
		await screen.until((lines) => /\b5\/11\b/.test(status(lines)), "keys go on from there");

		expect((await far.run(["access", "token", "revoke", "ana"])).code).toBe(0);
		await screen.until(shows("ctrl-g logs in again"), "that the token holds no more");
		await giveToken("ana-2");
		screen.type("\u0007");
		await screen.until((lines) => shows("wss 127.0.0.1")(lines) && shows("1 marked")(lines), "in again, where it was");
		screen.type("\u0003\u0003");
		await screen.endsWith(0);
	} finally {
		screen.kill();
	}
});
