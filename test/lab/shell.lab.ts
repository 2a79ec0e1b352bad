/** The shell pane on real OpenSSH: typed into, flooded, left and found again, split, ended, refused. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import * as assets from "../../protocol/methods/assets.ts";
import * as shells from "../../protocol/methods/shells.ts";
import { openPty, type PtyScreen, shows } from "../support/pty.ts";
import { Household, hasCode, program } from "../support/vedette.ts";
import { loginServer, userKey } from "./login-servers.ts";
import { Lab } from "./processes.ts";

const lab = new Lab("shell");
const household = new Household();
const address = "127.0.80.2";
let asset: number;

beforeAll(async () => {
	const key = userKey(lab, "ana");
	const server = await loginServer(lab, {
		...{ address, port: 2222 },
		accounts: [{ name: "ana", uid: 61_301, authorizedKeys: readFileSync(`${key}.pub`, "utf8") }],
	});
	household.env.VEDETTE_SSH_CONFIG = lab.write(
		"ssh_config",
		`Host *\n IdentityFile ${key}\n IdentitiesOnly yes\n UserKnownHostsFile ${lab.write("known_hosts", `${server.knownHost}\n`)}\n`,
	);
	expect((await household.run(["scan", address, "--ports", "2222", "--wait"])).code).toBe(0);
	const client = await household.client();
	const { items } = await client.call(assets.list, { filter: "openPorts:2222" });
	asset = items[0]?.id ?? 0;
}, 120_000);
afterAll(async () => {
	await household.end();
	await lab.end();
});

async function onAsset(columns: number, rows: number): Promise<PtyScreen> {
	const screen = await openPty([process.execPath, program], { columns, rows, env: household.env });
	await screen.until(shows("Dashboard"), "the console");
	screen.type("3");
	await screen.until((lines) => shows(" 1/1")(lines) && shows("▌")(lines), "the asset in the list");
	screen.type("\r");
	await screen.until(shows("1 open port"), "its page");
	screen.type("$");
	return screen;
}

it.each([
	[80, 24],
	[160, 45],
])("at %i×%i: a prompt, a flood, out and back, split, ended", async (columns, rows) => {
	const screen = await onAsset(columns, rows);
	try {
		await screen.until(shows(`Shell on ${address}`), "the question");
		await screen.until(shows("2222"), "the port that ssh was seen on");
		screen.type("ana\r");
		await screen.until((lines) => shows("ctrl-] leaves the pane")(lines) && lines.includes("$"), "the pane");
		screen.type("PS1='far> '; echo $((6*7)); stty size\r");
		await screen.until(shows("42"), "the answer of the shell there");
		await screen.until(shows(`${rows - 4} ${columns}`), "the size of the pane, as programs there see it");
		screen.type("clear; seq 200000; echo the-$((1+1))nd-end\r");
		await screen.until(shows("the-2nd-end"), "the end of the flood");
		screen.type("q?:");
		await screen.until(shows("far> q?:"), "keys of the console are only text in here");
		screen.type("\u001d");
		await screen.until(shows("not typing"), "the pane let go of");
		screen.type("\u001b");
		await screen.until(shows("Overview"), "the asset again");
		screen.type("$");
		await screen.until(shows("far> q?:"), "the same shell, where it was");
		screen.type("\u001dX");
		await screen.until(shows("Overview"), "the asset again");
		screen.type("\u0003\u0003");
		await screen.endsWith(0);
	} finally {
		screen.kill();
	}
	const { items } = await household.json<{ items: { action: string; object: string }[] }>("audit");
	const about = items.filter(({ action }) => action.startsWith("shell."));
	expect(about.slice(0, 2).map(({ action }) => action)).toEqual(["shell.end", "shell.open"]);
	expect(about[0]?.object).toContain(address);
	expect(JSON.stringify(about), "what was typed is in no log").not.toContain("6*7");
});

it("refuses an excluded address, somebody else's shell and a user that would be an option", async () => {
	const client = await household.client();
	const wish = { asset, columns: 80, rows: 20, port: 2222 };
	await expect(client.call(shells.open, { ...wish, user: "-oProxyCommand=id" })).rejects.toSatisfy((err) =>
		hasCode(err, "invalid"),
	);
	await expect(client.call(shells.write, { shell: 999, text: "x" })).rejects.toSatisfy((err) =>
		hasCode(err, "not-found"),
	);
	expect((await household.run(["exclude", "add", address, "--comment", "not now"])).code).toBe(0);
	await expect(client.call(shells.open, wish)).rejects.toSatisfy((err) => hasCode(err, "out-of-scope"));
});
