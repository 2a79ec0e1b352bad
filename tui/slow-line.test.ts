import { expect, test } from "vitest";
import * as scans from "../protocol/methods/scans.ts";
import { openTestConsole } from "../test/support/console.ts";
import { createFakeClient } from "./connect/fake-client.test-support.ts";
import { sampleNow } from "./connect/sample-data.test-support.ts";
import { scanOf } from "./connect/sample-scans.test-support.ts";

/** A round trip of 300 ms shows in nothing that is written: what must be small is what goes over the line. */
test.each(["as it is", "with low bandwidth"])(
	"a cell that changes in a table of 10,000 rows at 80×24 is all that is written, %s",
	async (line) => {
		const client = createFakeClient({ scans: 10_000 });
		const desk = openTestConsole({ client, screen: { to: "scans" }, now: () => sampleNow });
		const { terminal } = desk;
		await terminal.waitFor(/1\/10,?000/);
		if (line === "with low bandwidth") {
			await desk.press("\u0005");
			await terminal.waitFor(/Low bandwidth/i);
		}
		const before = await terminal.waitFor(/office 9998/);
		const row = before.split("\n").find((text) => text.includes("office 9998")) ?? "";
		terminal.stdout.written = [];
		const scan = scanOf(9_998, {});
		client.push(scans.watch, { kind: "scan", scan: { ...scan, title: "office 9_98" } });
		const after = await terminal.waitFor(/office 9_98/);
		const written = terminal.stdout.written.join("");
		const without = (text: string) => text.split("\n").filter((one) => !/office 9.98/.test(one));
		expect(row).toContain("office 9998");
		expect(without(after)).toEqual(without(before));
		expect(written.length).toBeLessThan(120);
		expect(written).not.toContain("office 9997");
		await desk.close();
	},
);
