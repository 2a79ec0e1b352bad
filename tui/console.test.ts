import { expect, test } from "vitest";
import * as scans from "../protocol/methods/scans.ts";
import { openTestConsole } from "../test/support/console.ts";
import { TestTerminal } from "../test/support/terminal.ts";
import { createFakeClient } from "./connect/fake-client.test-support.ts";
import { sampleNow } from "./connect/sample-data.test-support.ts";
import { scanOf } from "./connect/sample-scans.test-support.ts";
import { openConsole } from "./console.tsx";
import { luminance } from "./terminal/colour.ts";

test("an empty console says which key scans this machine, and that key does", async () => {
	const client = createFakeClient({ assets: 0, findings: 0, scans: 0 });
	const desk = openTestConsole({ client });
	await desk.terminal.waitFor(/s\s+scan this machine \(127\.0\.0\.1\)/);
	await desk.press("s");
	await desk.terminal.waitFor(/Live results/);
	expect(client.calls.find(({ name }) => name === "scans.start")?.params).toMatchObject({ targets: ["127.0.0.1"] });
	client.push(scans.follow, {
		kind: "results",
		results: [
			{
				kind: "finding",
				at: "2026-03-01T11:59:58.000Z",
				id: 4,
				address: "127.0.0.1",
				port: 6379,
				severity: 5,
				type: "confirmed",
				title: "Redis - reachable without a password",
				change: "new",
			},
		],
	});
	await desk.terminal.waitFor(/11:59:58 {2}127\.0\.0\.1 +6379 +◆U5 Redis - reachable without.* new/);
	await desk.close();
});

test("glued keys are all taken, and the cursor follows", async () => {
	const desk = openTestConsole({ screen: { to: "findings" } });
	await desk.terminal.waitFor(/1\/731/);
	await desk.press("jjjjj");
	await desk.terminal.waitFor(/6\/731/);
	await desk.press("kG");
	await desk.terminal.waitFor(/731\/731/);
	await desk.press("gg");
	await desk.terminal.waitFor(/1\/731/);
	await desk.close();
});

test("escape goes back step by step and never quits; q asks at the first screen", async () => {
	const desk = openTestConsole({});
	await desk.terminal.waitFor(/Top weaknesses/);
	await desk.press("4");
	await desk.terminal.waitFor(/1\/731/);
	await desk.press("/", "nothing", "enter");
	await desk.terminal.waitFor(/Nothing matches nothing/);
	await desk.press("esc");
	await desk.terminal.waitFor(/1\/731/);
	await desk.press("enter");
	await desk.terminal.waitFor(/What was seen/);
	await desk.press("w");
	await desk.terminal.waitFor(/Step by step/);
	await desk.press("esc", "esc");
	await desk.terminal.waitFor(/1\/731/);
	await desk.press("esc", "esc", "q");
	await desk.terminal.waitFor(/Top weaknesses/);
	await desk.press("q");
	await desk.terminal.waitFor(/Leave the console\?/);
	await desk.press("esc");
	await desk.terminal.waitFor((text) => !text.includes("Leave the console?"));
	await desk.close();
	await desk.terminal.settled();
	expect(desk.terminal.isRestored).toBe(true);
});

test("a wrong filter says where, keeps the rows, and escape brings the old filter back", async () => {
	const desk = openTestConsole({ screen: { to: "assets" } });
	await desk.terminal.waitFor(/1\/250/);
	await desk.press("/", "os:x and nonsense:1");
	const text = await desk.terminal.waitFor(/There is no field “nonsense”\. \(position 10\)/);
	expect(text).toContain("web-01.corp.example");
	await desk.press("esc");
	await desk.terminal.waitFor((shown) => !shown.includes("nonsense") && shown.includes("1/250"));
	await desk.close();
});

test("cancelling a scan shows what it hits, with the harmless answer chosen", async () => {
	let clock = sampleNow;
	const desk = openTestConsole({ screen: { to: "scans" }, now: () => clock });
	await desk.terminal.waitFor(/dmz weekly/);
	await desk.press("X");
	await desk.terminal.waitFor(/196 addresses are not done yet/);
	await desk.press("enter");
	expect(desk.client.calls.some(({ name }) => name === "scans.cancel")).toBe(false);
	clock += 1_000;
	await desk.press("enter");
	await desk.terminal.waitFor((text) => !text.includes("Cancel “dmz weekly”?"));
	expect(desk.client.calls.some(({ name }) => name === "scans.cancel")).toBe(false);
	await desk.press("X");
	await desk.terminal.waitFor(/Cancel “dmz weekly”\?/);
	clock += 1_000;
	await desk.press("y");
	await desk.terminal.waitFor(/Cancelled “dmz weekly”/);
	expect(desk.client.calls.find(({ name }) => name === "scans.cancel")?.params).toEqual({ scan: 7 });
	await desk.close();
});

test("a read-only console looks but does not act", async () => {
	const desk = openTestConsole({ screen: { to: "scans" }, readOnly: true });
	await desk.terminal.waitFor(/dmz weekly/);
	await desk.press("p");
	await desk.terminal.waitFor(/This console is read-only/);
	expect(desk.client.calls.some(({ name }) => name === "scans.pause")).toBe(false);
	await desk.close();
});

test("a new scan shows its cost first, and a large one asks once more", async () => {
	let clock = sampleNow;
	const client = createFakeClient();
	client.answer(scans.estimate, () => ({
		addresses: 16_777_216,
		excluded: 0,
		ports: 1_000,
		probes: 1.7e10,
		seconds: 900_000,
		needsConfirmation: true,
		warnings: [],
	}));
	const desk = openTestConsole({ client, now: () => clock });
	await desk.terminal.waitFor(/Top weaknesses/);
	await desk.press("n");
	await desk.terminal.waitFor(/16,777,216 addresses × 1,000 ports/);
	await desk.press("enter");
	await desk.terminal.waitFor(/Start a scan of this size\?/);
	clock += 1_000;
	await desk.press("y");
	await desk.terminal.waitFor(/Live results/);
	expect(client.calls.find(({ name }) => name === "scans.start")?.params).toMatchObject({ confirm: true });
	await desk.close();
});

test("the cursor stays on its row while the list changes", async () => {
	const client = createFakeClient();
	const desk = openTestConsole({ client, screen: { to: "scans" } });
	await desk.terminal.waitFor(/1\/7/);
	await desk.press("jj");
	await desk.terminal.waitFor(/▌ office 5/);
	client.answer(scans.list, () => ({
		items: [scanOf(9, {}), scanOf(8, {}), ...Array.from({ length: 7 }, (_, index) => scanOf(7 - index, {}))],
		total: 9,
		next: null,
	}));
	client.push(scans.watch, { kind: "scan", scan: scanOf(9, {}) });
	await desk.terminal.waitFor(/5\/9/);
	expect(desk.terminal.text()).toMatch(/▌ office 5/);
	await desk.close();
});

test("a lost connection keeps the rows and says so until it is back", async () => {
	const desk = openTestConsole({ screen: { to: "assets" } });
	await desk.terminal.waitFor(/1\/250/);
	desk.client.setState("reconnecting");
	const text = await desk.terminal.waitFor(/reconnecting/);
	expect(text).toContain("web-01.corp.example");
	desk.client.setState("connected");
	await desk.terminal.waitFor((shown) => !shown.includes("reconnecting"));
	await desk.close();
});

test("help shows the keys of the screen it was opened over", async () => {
	const desk = openTestConsole({ screen: { to: "scans" }, size: { columns: 100, rows: 70 } });
	await desk.terminal.waitFor(/1\/7/);
	await desk.press("?");
	const text = await desk.terminal.waitFor(/On a scan/);
	expect(text).toMatch(/p +Pause, or resume when paused/);
	expect(text).toMatch(/ctrl-l +Paint the screen again/);
	await desk.close();
});

test("Enter takes what is typed, not the estimate that lags behind it", async () => {
	let clock = sampleNow;
	const client = createFakeClient();
	client.answer(scans.estimate, ({ targets }) => ({
		addresses: targets[0]?.includes("/8") ? 16_777_216 : 1,
		excluded: 0,
		ports: 1_000,
		probes: 1_000,
		seconds: 1,
		needsConfirmation: targets[0]?.includes("/8") ?? false,
		warnings: [],
	}));
	const desk = openTestConsole({ client, now: () => clock });
	await desk.terminal.waitFor(/Top weaknesses/);
	await desk.press("n");
	await desk.terminal.waitFor(/1 address × 1,000 ports/);
	await desk.press("/8", "enter");
	await desk.terminal.waitFor(/16,777,216 addresses × 1,000 ports: 1,000 probes\./);
	expect(client.calls.some(({ name }) => name === "scans.start")).toBe(false);
	clock += 1_000;
	await desk.press("n");
	await desk.terminal.waitFor((text) => !text.includes("Start a scan of this size?"));
	await desk.close();
});

test("a read-only console does not offer what it would refuse", async () => {
	const desk = openTestConsole({ screen: { to: "scans" }, readOnly: true, size: { columns: 160, rows: 24 } });
	const text = await desk.terminal.waitFor(/1\/7/);
	expect(text.split("\n").at(-1)).not.toMatch(/p pause|X cancel|n new/);
	expect(text.split("\n").at(-1)).toMatch(/Enter open/);
	await desk.close();
});

test("a daemon that stays away is told of, with the key that starts it", async () => {
	let clock = sampleNow;
	const startDaemon = async () => desk.client.setState("connected");
	const desk = openTestConsole({ screen: { to: "assets" }, now: () => clock, startDaemon });
	await desk.terminal.waitFor(/1\/250/);
	desk.client.setState("reconnecting");
	expect(await desk.terminal.waitFor(/reconnecting/)).not.toContain("ctrl-g");
	clock += 10_000;
	await desk.press("j");
	await desk.terminal.waitFor(/still trying\. ctrl-g starts it/);
	await desk.press("ctrl-g");
	await desk.terminal.waitFor(/The daemon runs again/);
	expect(desk.terminal.text()).not.toContain("still trying");
	expect(
		desk.client.calls.map(({ name }) => name),
		"it is not waited any longer",
	).toContain("retry");
	await desk.close();
});

test("of a far daemon that stays away it is not claimed that it scans", async () => {
	let clock = sampleNow;
	const desk = openTestConsole({ screen: { to: "assets" }, now: () => clock, daemonLabel: "ws far" });
	await desk.terminal.waitFor(/1\/250/);
	desk.client.setState("reconnecting");
	clock += 10_000;
	await desk.press("j");
	await desk.terminal.waitFor(/The daemon does not answer; still trying\. Where it runs, scans go on\./);
	await desk.close();
});

test("a terminal that cannot place a cursor gets a sentence and not one byte", async () => {
	const terminal = new TestTerminal({ columns: 80, rows: 24 });
	const opened = openConsole({
		client: createFakeClient(),
		stdin: terminal.stdin,
		stdout: terminal.stdout,
		daemonLabel: "local",
		env: { TERM: "dumb" },
	});
	await expect(opened).rejects.toMatchObject({ code: "unavailable", hint: expect.stringContaining("vedette --help") });
	expect(terminal.stdout.written).toEqual([]);
});

test("ctrl-z gives the terminal back and fg finds everything where it was, at the new size", async () => {
	let stops = 0;
	const desk = openTestConsole({
		screen: { to: "findings" },
		stopProcess() {
			stops++;
			process.emit("SIGCONT");
		},
	});
	await desk.terminal.waitFor(/1\/731/);
	await desk.press("/", "x", "enter", "jj");
	await desk.terminal.waitFor(/3\/244/);
	desk.terminal.stdout.written = [];
	await desk.press("ctrl-z");
	await desk.terminal.waitFor(/3\/244/);
	const written = desk.terminal.stdout.written.join("");
	expect(stops).toBe(1);
	expect(written.indexOf("\u001b[?1049l")).toBeGreaterThanOrEqual(0);
	expect(written.lastIndexOf("\u001b[?1049h")).toBeGreaterThan(written.indexOf("\u001b[?1049l"));
	await desk.press("j");
	await desk.terminal.waitFor(/4\/244/);
	await desk.close();
});

test("where no shell stops it, ctrl-z comes back by itself", async () => {
	const desk = openTestConsole({ screen: { to: "findings" }, stopProcess: () => undefined });
	await desk.terminal.waitFor(/1\/731/);
	await desk.press("ctrl-z");
	await desk.terminal.waitFor((text) => !text.includes("1/731"));
	await desk.terminal.waitFor(/1\/731/);
	await desk.close();
});

test("the palette finds an action by words, says why one cannot be done, and does the other", async () => {
	const desk = openTestConsole({ screen: { to: "assets" } });
	await desk.terminal.waitFor(/1\/250/);
	await desk.press("ctrl-k");
	await desk.terminal.waitFor(/Narrow by what they have in common/);
	await desk.press("new", " sc");
	const found = await desk.terminal.waitFor((text) => !text.includes("Narrow by what they have in common"));
	expect(found).toMatch(/▌ New scan +n /);
	await desk.press("esc");
	await desk.press("ctrl-k");
	await desk.terminal.waitFor(/Narrow by what they have in common/);
	await desk.press("findings", "enter");
	await desk.terminal.waitFor(/1\/731/);
	await desk.close();
});

test("the palette says on which screen there is what this one has not", async () => {
	const desk = openTestConsole({ screen: { to: "dashboard" } });
	await desk.terminal.waitFor(/Top weaknesses/);
	await desk.press("ctrl-k", "export");
	await desk.terminal.waitFor(/Nothing is called that here\. Elsewhere:[\s\S]*With findings: Export .* E /);
	await desk.press("ctrl-u", "no such thing");
	await desk.terminal.waitFor(/Nothing is called that\./);
	await desk.close();
});

test("an action that cannot be done stands in the palette with its reason", async () => {
	const desk = openTestConsole({ screen: { to: "assets" }, readOnly: true, size: { columns: 120, rows: 30 } });
	await desk.terminal.waitFor(/1\/250/);
	await desk.press("ctrl-k", "new scan");
	await desk.terminal.waitFor(/New scan · This console is read-only/);
	await desk.press("enter");
	await desk.terminal.waitFor(/› This console is read-only: it may look, not act\./);
	await desk.close();
});

test("y hands the row to the terminal's clipboard, harmless, and says what to do when it is refused", async () => {
	const client = createFakeClient({ text: "evil\u001b]52;c;AAAA\u0007\n$(reboot)" });
	const desk = openTestConsole({ client, screen: { to: "findings" }, env: { TMUX: "/run/tmux,1,0" } });
	await desk.terminal.waitFor(/1\/731/);
	desk.terminal.stdout.written = [];
	await desk.press("y", "y");
	await desk.terminal.waitFor(/Copied the finding; tmux passes it on after: set -g set-clipboard on/);
	const sent = /\u001b\]52;c;([^\u0007]*)\u0007/.exec(desk.terminal.stdout.written.join(""))?.[1] ?? "";
	const text = Buffer.from(sent, "base64").toString("utf8");
	expect(text).toMatch(/\tevil.*reboot/);
	expect(text.replaceAll("\t", "")).not.toMatch(/\p{Cc}/u);
	await desk.close();
});

test("the tabs of an asset have cursors: Enter on a port shows its evidence, on a finding the finding", async () => {
	const desk = openTestConsole({ screen: { to: "asset", asset: 2 } });
	await desk.terminal.waitFor(/Ports 6/);
	await desk.press("tab");
	const ports = await desk.terminal.waitFor(/▌ (\d+)\/tcp/);
	expect(ports).toMatch(/Enter evidence/);
	const second = ports.split("\n").find((line) => /^│ {3}\d+\//.test(line)) ?? "";
	const [, number = ""] = /(\d+)\//.exec(second) ?? [];
	await desk.press("j", "enter");
	await desk.terminal.waitFor(new RegExp(`› ${number}/(tcp|udp)`));
	await desk.press("esc", "tab");
	await desk.terminal.waitFor(/Enter open/);
	await desk.press("shift-tab", "shift-tab");
	await desk.terminal.waitFor(/Enter findings/);
	await desk.close();
});

test("ctrl-t chooses colours for a light terminal, as its own answer does", async () => {
	const desk = openTestConsole({ screen: { to: "findings" } });
	await desk.terminal.waitFor(/1\/731/);
	expect(desk.terminal.stdout.written.join("")).toContain("\u001b]11;?\u001b\\");
	const dark = desk.terminal.cell(1, 1).foreground;
	desk.terminal.type("\u001b]11;rgb:fafa/fafa/f0f0\u001b\\");
	await desk.terminal.settled();
	const light = desk.terminal.cell(1, 1).foreground;
	expect(light).not.toBe(dark);
	expect(luminance(light)).toBeLessThan(luminance(dark));
	await desk.press("ctrl-t");
	await desk.terminal.waitFor(/Theme dark: for a dark terminal/);
	expect(desk.terminal.cell(1, 1).foreground).toBe(dark);
	await desk.close();
});

test("a list that is opened again while the daemon is away shows what was seen of it", async () => {
	const desk = openTestConsole({ screen: { to: "assets" } });
	await desk.terminal.waitFor(/1\/250/);
	await desk.press("j", "j");
	desk.client.setState("reconnecting");
	await desk.press("2", "3");
	const text = await desk.terminal.waitFor(/Assets +not up to date/);
	expect(text).toContain("web-01.corp.example");
	await desk.press("4");
	await desk.terminal.waitFor(/The connection to the daemon is down/);
	desk.client.setState("connected");
	await desk.terminal.waitFor(/1\/731/);
	await desk.press("3");
	await desk.terminal.waitFor((now) => /\/250/.test(now) && !now.includes("not up to date"));
	await desk.close();
});

test("a place that lies on the stack is gone back to and not laid over itself", async () => {
	const desk = openTestConsole({});
	await desk.terminal.waitFor(/Top weaknesses/);
	await desk.press("g", "R", "g", "R");
	const crumbs = () => desk.terminal.text().split("\n")[1] ?? "";
	await desk.terminal.waitFor(/Dashboard › Requests/);
	expect(crumbs()).not.toMatch(/Requests.*Requests/);
	await desk.press("g", "u", "g", "R");
	await desk.terminal.waitFor((text) => !text.includes("Duplicates ›") && /Dashboard › Requests/.test(text));
	expect(crumbs()).not.toContain("Duplicates");
	await desk.close();
});
