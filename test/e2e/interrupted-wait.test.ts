/** Ctrl-C while waiting for a scan ends the waiting and not the scan, and says so. */
import { once } from "node:events";
import { afterAll, expect, test } from "vitest";
import * as scans from "../../protocol/methods/scans.ts";
import type { Scan } from "../../protocol/model/scan.ts";
import { Household } from "../support/vedette.ts";
import "../support/patience.ts";

const household = new Household();
afterAll(() => household.end());

test("the scan goes on in the daemon; stop-all stops it", async () => {
	const { client } = await household.daemon();
	const running = Promise.withResolvers<Scan>();
	client.subscribe(
		scans.watch,
		{},
		{
			onSnapshot: () => undefined,
			onEvent: ({ scan }) => scan.status === "running" && scan.rate > 0 && running.resolve(scan),
			onError: running.reject,
		},
	);
	const child = household.start("scan", "127.0.96.1-250", "--ports", "full", "--yes", "--wait");
	const said: Buffer[] = [];
	child.stderr?.on("data", (chunk: Buffer) => said.push(chunk));
	const { id } = await running.promise;
	child.kill("SIGINT");
	const [code] = await once(child, "close");
	expect(code).toBe(130);
	expect(Buffer.concat(said).toString()).toBe(
		`vedette: Scan ${id} goes on in the daemon.\nSee it with: vedette scans   Stop it with: vedette scans cancel ${id}\n`,
	);
	expect((await client.call(scans.get, { scan: id })).status).toBe("running");

	const stopped = await household.run(["stop-all"]);
	expect(stopped.stdout).toBe(`Paused scan ${id}. Go on with: vedette scans resume ${id}\n`);
	expect((await client.call(scans.get, { scan: id })).status).toBe("paused");
	expect((await household.run(["scans", "cancel", `#${id}`])).stdout).toBe(`Scan ${id} is cancelled.\n`);
});
