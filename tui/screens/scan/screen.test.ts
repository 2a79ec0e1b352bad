import { afterEach, expect, test } from "vitest";
import * as scans from "../../../protocol/methods/scans.ts";
import { openTestConsole, type TestConsole } from "../../../test/support/console.ts";
import { createFakeClient } from "../../connect/fake-client.test-support.ts";
import { scanOf } from "../../connect/sample-data.test-support.ts";

let open: TestConsole | undefined;
afterEach(async () => {
	await open?.close();
	open = undefined;
});

test.each([
	[80, 24],
	[120, 40],
	[160, 45],
])(
	"at %i×%i the live view shows what is sent in each network, ghosts, and the coverage at the end",
	async (columns, rows) => {
		const client = createFakeClient();
		open = openTestConsole({ client, screen: { to: "scan", scan: 7 }, size: { columns, rows } });
		await open.terminal.waitFor(/Live results/);
		await open.press("tab", "tab", "tab", "tab");
		const networks = await open.terminal.waitFor(/10\.0\.3\.0\/24 +812 +640/);
		expect(networks).toContain("3.1 %");
		expect(networks).toContain("loses packets");
		await open.press("tab");
		expect(await open.terminal.waitFor(/excluded by/)).toContain("printers");
		await open.press("tab");
		const running = scanOf(7, {});
		const ended = { ...running, status: "finished" as const, hosts: { ...running.hosts, ghosts: 4 } };
		client.push(scans.follow, { kind: "scan", scan: ended });
		await open.terminal.waitFor(/4 ghosts|ghosts +4/);
		await open.terminal.waitFor(/Asked 254 addresses of 256/);
	},
);
