/** A daemon that is killed and started again while somebody waits for a scan: the waiting goes on to the scan's end. */
import { once } from "node:events";
import { afterAll, expect, test } from "vitest";
import * as scans from "../../protocol/methods/scans.ts";
import { ended, Household } from "../support/vedette.ts";
import "../support/patience.ts";

const household = new Household();
afterAll(() => household.end());

test("the command ends well", async () => {
	const first = await household.daemon();
	const begun = Promise.withResolvers<void>();
	first.client.subscribe(
		scans.watch,
		{},
		{
			onSnapshot: () => undefined,
			onEvent: ({ scan }) => scan.progress > 0.2 && begun.resolve(),
			onError: () => undefined,
		},
	);
	const child = household.start("scan", "127.0.141.1-4", "--ports", "1-5000", "--wait");
	const printed: Buffer[] = [];
	const said: Buffer[] = [];
	child.stdout?.on("data", (chunk: Buffer) => printed.push(chunk));
	child.stderr?.on("data", (chunk: Buffer) => said.push(chunk));
	await begun.promise;
	await ended(first.child, "SIGKILL");
	await household.daemon();
	const [code] = await once(child, "close");
	expect(Buffer.concat(said).toString()).toBe("");
	expect(Buffer.concat(printed).toString()).toMatch(/Scan 1 finished in .*: 4 of 4 hosts alive/);
	expect(code).toBe(0);
});
