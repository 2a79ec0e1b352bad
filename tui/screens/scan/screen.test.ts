import { expect, test } from "vitest";
import * as scans from "../../../protocol/methods/scans.ts";
import { openTestConsole } from "../../../test/support/console.ts";
import { createFakeClient } from "../../connect/fake-client.test-support.ts";
import { sampleNow } from "../../connect/sample-data.test-support.ts";
import { scanOf } from "../../connect/sample-scans.test-support.ts";

test.each(["scans", "scan"] as const)("from the screen %s a scan that waits for its window runs now", async (to) => {
	const client = createFakeClient();
	const waiting = {
		...scanOf(7, {}),
		status: "waiting" as const,
		continuesAt: "2026-03-01T20:00:00.000Z",
		window: {
			...{ during: "Mon-Fri 20:00-06:00", notDuring: "", timeZone: "Europe/Berlin" },
			...{ pauseAfterMinutes: null, resumeInMinutes: null },
		},
	};
	client.answer(scans.list, () => ({ items: [waiting], total: 1, next: null }));
	let now = sampleNow;
	const open = openTestConsole({
		...{ client, now: () => now, size: { columns: 80, rows: 24 } },
		screen: to === "scan" ? { to, scan: 7 } : { to },
	});
	if (to === "scan") {
		await open.terminal.waitFor(/Live results/);
		await open.press("W");
		await open.terminal.waitFor(/The scan is running; it does not wait for a window/);
		client.push(scans.follow, { kind: "scan", scan: waiting });
	}
	await open.terminal.waitFor(/waiting/);
	await open.press("W");
	await open.terminal.waitFor(/It may run Mon-Fri 20:00-06:00 \(Europe\/Berlin\)/);
	expect(open.terminal.text()).toMatch(/go on at 2026-03-01 20:00/);
	// A question takes no answer at once.
	now += 1_000;
	await open.press("n");
	expect(client.calls.some(({ name }) => name === scans.resume.name)).toBe(false);
	await open.press("W");
	now += 1_000;
	await open.press("y");
	await open.terminal.waitFor(/runs now; p pauses it/);
	expect(client.calls.findLast(({ name }) => name === scans.resume.name)?.params).toEqual({
		...{ scan: 7, ignoreWindow: true },
	});
});

test.each([
	[80, 24],
	[120, 40],
	[160, 45],
])(
	"at %i×%i the live view shows what is sent in each network, ghosts, and the coverage at the end",
	async (columns, rows) => {
		const client = createFakeClient();
		const open = openTestConsole({ client, screen: { to: "scan", scan: 7 }, size: { columns, rows } });
		await open.terminal.waitFor(/Live results/);
		await open.press("tab", "tab", "tab", "tab");
		const networks = await open.terminal.waitFor(/10\.0\.3\.0\/24 +812 +640/);
		expect(networks).toContain("3.1 %");
		expect(networks).toMatch(/SENT +FORBID/);
		expect(networks).toMatch(/41k +3 /);
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

test("once a host is logged in to that is a stage too, and nothing else loses its line", async () => {
	const client = createFakeClient();
	const open = openTestConsole({ client, screen: { to: "scan", scan: 7 }, size: { columns: 80, rows: 24 } });
	expect(await open.terminal.waitFor(/ found +104 hosts/)).not.toMatch(/ login /);
	const { stages, ...running } = scanOf(7, {});
	const login = { name: "login" as const, done: 3, total: 12 };
	client.push(scans.follow, { kind: "scan", scan: { ...running, stages: stages.toSpliced(3, 0, login) } });
	await open.terminal.waitFor(/ services .*\n login .*25 % +3\/12\n judge .*\n rate .*\n found +104 hosts/);
});

test("once the daemon is gone the scan is not said to run, and no time is left to it", async () => {
	const open = openTestConsole({ screen: { to: "scan", scan: 7 }, size: { columns: 120, rows: 30 } });
	await open.terminal.waitFor(/● running/);
	open.client.setState("reconnecting");
	const text = await open.terminal.waitFor(/● not known +\d+ % when last heard of/);
	expect(text).not.toMatch(/● running| left/);
});

test("words are found among the results, in the log, and in the texts beside them", async () => {
	const client = createFakeClient();
	const open = openTestConsole({ client, screen: { to: "scan", scan: 7 } });
	await open.terminal.waitFor(/Live results/);
	const log = (at: string, text: string) => ({ kind: "log" as const, at, level: "info" as const, text });
	client.push(scans.follow, {
		kind: "results",
		results: [
			log("2026-03-01T11:00:01.000Z", "worker began"),
			log("2026-03-01T11:00:02.000Z", "back-off of 10.9.9.9"),
			log("2026-03-01T11:00:03.000Z", "worker ended"),
		],
	});
	await open.press("tab", "tab", "tab");
	await open.terminal.waitFor(/Live results: log/);
	await open.press("n");
	await open.terminal.waitFor(/Nothing is looked for yet: \/ asks what/);
	await open.press("/", ..."BACK-OFF", "enter");
	await open.terminal.waitFor(/1 of 1 line · n next/);
	await open.terminal.waitFor(/▌ 11:00:02/);
	await open.press("/", "ctrl-u", ..."worker", "enter");
	await open.terminal.waitFor(/2 of 2 lines/);
	await open.press("n");
	await open.terminal.waitFor(/▌ 11:00:03/);
	await open.press("/", "ctrl-u", ..."no such", "enter");
	await open.terminal.waitFor(/“no such” is not in these lines/);
	await open.press("tab");
	await open.terminal.waitFor(/Networks: what is sent/);
	await open.press("/", ..."10.0.3", "enter");
	await open.terminal.waitFor(/1 of 2 lines/);
});
