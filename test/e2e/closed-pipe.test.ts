/** A reader that has seen enough (`| head`) ends the command quietly; a disk that is full does not. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { Household, program } from "../support/vedette.ts";
import "../support/patience.ts";

const household = new Household();
afterAll(() => household.end());

test("a listing cut off after its first bytes", async () => {
	await household.run(["daemon", "start"]);
	const child = household.start("signature", "list", "--json");
	const said: Buffer[] = [];
	child.stderr?.on("data", (chunk: Buffer) => said.push(chunk));
	child.stdout?.once("data", () => child.stdout?.destroy());
	const [code] = await once(child, "close");
	expect(Buffer.concat(said).toString()).toBe("");
	expect(code).toBe(0);
});

test("a listing onto a full disk", async () => {
	const full = openSync("/dev/full", "w");
	try {
		const stdio: ["ignore", number, "pipe"] = ["ignore", full, "pipe"];
		const child = spawn(process.execPath, [program, "signature", "list"], { env: household.env, stdio });
		const said: Buffer[] = [];
		child.stderr?.on("data", (chunk: Buffer) => said.push(chunk));
		const [code] = await once(child, "close");
		expect(Buffer.concat(said).toString()).toContain("cannot be written: the disk is full.");
		expect(code).toBe(1);
	} finally {
		closeSync(full);
	}
});
