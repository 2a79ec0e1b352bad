/** A reader that has seen enough (`| head`) ends the command quietly. */
import { once } from "node:events";
import { afterAll, expect, test } from "vitest";
import { Household } from "../support/vedette.ts";
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
