/**
 * Two operators on two consoles at once, one of them over the relay: one asks for an exception, the other is told, rejects, and
 * approves what is asked again; its time runs out, and the next scan alone counts the finding again. As root the second is
 * another user of the machine; elsewhere one operator plays both.
 */
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect } from "vitest";
import { connectClient } from "../../protocol/client.ts";
import { dialUnix } from "../../protocol/dial.ts";
import { resolveHome } from "../../protocol/home.ts";
import { decide } from "../../protocol/methods/exceptions.ts";
import type { Exception } from "../../protocol/model/exception.ts";
import type { Finding } from "../../protocol/model/finding.ts";
import { type FakeService, fakeRedis, serve } from "../support/fake-host.ts";
import { farProgram, writeFarShell } from "../support/far-shell.ts";
import { openPty, type PtyScreen, shows } from "../support/pty.ts";
import { ptyTest } from "../support/pty-test.ts";
import { Household, hasCode, program } from "../support/vedette.ts";
import "../support/patience.ts";

const household = new Household();
const { socketPath, sharedSocketPath } = resolveHome(household.env);
const isRoot = process.getuid?.() === 0;
/** Nobody, in every passwd file there is. */
const bensUid = 65_534;
const scan = ["scan", "127.0.136.1", "--ports", "6379", "--udp", "none", "--wait"];
let redis: FakeService;

beforeAll(async () => {
	redis = await serve("127.0.136.1", 6379, fakeRedis({ password: () => false }));
	await household.run(scan);
});
afterAll(async () => {
	await household.end();
	await redis.close();
});

const matches = (what: RegExp) => (lines: string[]) => lines.some((line) => what.test(line));
const found = async (query: string) => (await household.json<{ items: Finding[] }>("findings", query)).items;

async function console(env: NodeJS.ProcessEnv, ...words: string[]): Promise<PtyScreen> {
	const screen = await openPty([process.execPath, program, ...words], { columns: 120, rows: 40, env });
	await screen.until(shows("Open findings"), "the first frame");
	return screen;
}

/** Whether who runs this, coming in by a token, may not decide on a request. */
async function isRefused(token: string, id: number): Promise<boolean> {
	const client = await connectClient({ dial: () => dialUnix(socketPath, token), client: "test", retryMs: 0 });
	try {
		await client.call(decide, { id, decision: "reject", note: "as somebody else" });
		return false;
	} catch (err) {
		return hasCode(err, "forbidden");
	} finally {
		await client.close();
	}
}

ptyTest("a request through two consoles, told to each as it happens", async () => {
	const { secret } = await household.json<{ secret: string }>(
		"access",
		"token",
		"create",
		"ben",
		"--access",
		"approve",
	);
	const ana = await console(household.env);
	const over = isRoot
		? ["--ssh", writeFarShell(household.home, bensUid), "--remote", farProgram, "--socket", sharedSocketPath]
		: ["--ssh", writeFarShell(household.home), "--remote", farProgram, "--home", household.home];
	const ben = await console({ ...household.env, VEDETTE_TOKEN: secret }, "attach", "ben@far", ...over);
	try {
		ana.type("4/severity:5 and title:password\r");
		await ana.until(shows("1 finding matches"), "the finding");
		ana.type("e");
		await ana.until(shows("It hides 1 finding on 1 asset"), "what it would hide");
		// What is said goes away again: both are looked at from before it comes.
		const asked = [
			ana.until(shows("Request 1: hides 1 finding"), "the request"),
			ben.until(shows("asks for an exception"), "the notice"),
		];
		ana.type("\t\t\ttried by hand\r");
		await Promise.all(asked);
		expect(await isRefused(secret, 1), "ana, holding the token").toBe(true);
		ana.type("gR");
		await ana.until(matches(/▌ +1 +requested/), "her request");
		ana.type("a");
		await ana.until(shows("cannot decide on it"), "that it is not hers to decide, before there is a dialog");
		if (!isRoot) await household.run(["access", "single-operator", "on", "--reason", "one user plays both"]);
		ben.type("gR");
		await ben.until(matches(/▌ +1 +requested/), "the request");
		ben.type("x");
		await ben.until(shows("Reject request 1"), "the dialog");
		ben.type("it answers me\r");
		await ana.until(shows("was rejected by token:ben: it answers me"), "the notice");
		ana.type("gR");
		await ana.until(matches(/ 1 +rejected/), "what became of it");
		ana.type("r");
		await ana.until(shows("Ask again for what request 1 asked for"), "the old text");
		ana.type("\t\u0005, firewalled since\r");
		await ben.until(shows("(request 2"), "the notice");
		await ben.until(matches(/ 2 +requested/), "the new request in the list");
		ben.type("gg");
		await ben.until(matches(/▌ +2 +requested/), "the cursor on it");
		ben.type("a");
		await ben.until(shows("Approve request 2"), "the dialog");
		const approved = [
			ben.until(shows("1 finding set apart"), "the approval"),
			ana.until(shows("Your request 2 was approved by token:ben"), "the notice"),
		];
		ben.type("\r");
		await Promise.all(approved);
		expect(await found("title:password")).toEqual([]);
		expect(await found("excepted:true")).toMatchObject([{ excepted: true, severity: 5 }]);
		const { exception } = await household.json<{ exception: Exception }>("except", "show", "2");
		expect(exception).toMatchObject({ state: "approved", previous: 1, reason: "tried by hand, firewalled since" });
		expect((await household.run(["except", "approve", "2"])).stderr).toMatch(isRoot ? /four eyes/ : /was approved/);

		// Both consoles stay where they are while the daemon is away and the time of the approval runs out.
		await household.run(["daemon", "stop"]);
		await household.settled();
		endApprovals();
		await household.run(["daemon", "start"]);
		await ana.until(matches(/▌? +2 +expired/), "the end of the approval");
		await ben.until(matches(/▌ +2 +expired/), "the end of the approval, over the relay");
		ana.type("4/title:password\r");
		await ana.until(shows("Nothing matches"), "that the end alone counts nothing again");
		await household.run(scan);
		await ana.until(shows("1 finding matches"), "that the next scan does");
		expect(await found("title:password")).toMatchObject([{ excepted: false, severity: 5 }]);
	} finally {
		ana.kill();
		ben.kill();
	}
	expect((await household.run(["audit", "verify"])).code).toBe(0);
});

/** As if their days were over. */
function endApprovals(): void {
	const db = new DatabaseSync(resolveHome(household.env).storePath);
	db.exec("UPDATE exception SET until = 1 WHERE state = 'approved'");
	db.close();
}
