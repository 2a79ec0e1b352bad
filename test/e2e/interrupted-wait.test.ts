/** Ctrl-C while waiting for a scan ends the waiting and not the scan, and says so. */
import { afterAll, expect } from "vitest";
import * as scans from "../../protocol/methods/scans.ts";
import { openPty, shows } from "../support/pty.ts";
import { ptyTest } from "../support/pty-test.ts";
import { Household, program } from "../support/vedette.ts";
import "../support/patience.ts";

const household = new Household();
afterAll(() => household.end());

ptyTest("the scan goes on in the daemon; stop-all stops it", async () => {
	const { client } = await household.daemon();
	const command = ["scan", "127.0.139.1-250", "--ports", "full", "--yes", "--wait"];
	const options = { columns: 120, rows: 24, env: household.env };
	const screen = await openPty([process.execPath, program, ...command], options);
	await screen.until(shows("probes/s"), "how far the scan is");
	screen.type("\u0003");
	await screen.endsWith(130);
	const id = 1;
	const lines = await screen.until(shows("Stop it with"), "what to do next");
	expect(lines.filter((line) => line !== "")).toEqual([
		`vedette: Scan ${id} goes on in the daemon.`,
		`See it with: vedette scans   Stop it with: vedette scans cancel ${id}`,
	]);
	expect((await client.call(scans.get, { scan: id })).status).toBe("running");

	const stopped = await household.run(["stop-all"]);
	expect(stopped.stdout).toBe(`Paused scan ${id}. Go on with: vedette scans resume ${id}\n`);
	expect((await client.call(scans.get, { scan: id })).status).toBe("paused");
	expect((await household.run(["scans", "cancel", `#${id}`])).stdout).toBe(`Scan ${id} is cancelled.\n`);
});
