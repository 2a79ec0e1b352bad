/** A home that cannot be used: each time a sentence, the next step, exit code 1, and everything left as it was. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ended, Household } from "../support/vedette.ts";
import "../support/patience.ts";

let household: Household;
beforeEach(() => {
	household = new Household();
});
afterEach(() => household.end());

const inHome = (name: string) => join(household.home, name);
const digest = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");

/** Both who runs the daemon and who would have it started are told the same. */
async function expectRefused(sentence: string, next: string): Promise<void> {
	for (const words of [["daemon"], ["scan", "127.0.0.1", "--ports", "1"]]) {
		const { code, stdout, stderr } = await household.run(words);
		const lines = stderr.trimEnd().split("\n");
		expect(lines[0]).toMatch(/^vedette: /);
		expect(lines[0]).toContain(sentence);
		expect(lines[1]).toContain(next);
		expect(lines).toHaveLength(2);
		expect(stdout).toBe("");
		expect(code, words.join(" ")).toBe(1);
	}
}

test("a second daemon on one home", async () => {
	const first = await household.daemon();
	const { code, stderr } = await household.run(["daemon"]);
	expect(stderr).toContain(`A daemon is already running on this home (pid ${first.child.pid}).`);
	expect(stderr).toContain("vedette daemon stop");
	expect(code).toBe(1);
	expect((await household.run(["status"])).code, "the first one serves on").toBe(0);
});

test("a socket left by a daemon that was killed is no obstacle", async () => {
	const killed = await household.daemon();
	await ended(killed.child, "SIGKILL");
	expect((await household.run(["status"])).code).toBe(3);
	expect((await household.run(["scan", "127.0.0.1", "--ports", "1"])).code).toBe(0);
});

test("a database newer than the program", async () => {
	await household.run(["daemon", "start"]);
	await household.run(["daemon", "stop"]);
	await household.settled();
	const db = new DatabaseSync(inHome("vedette.db"));
	db.exec("PRAGMA user_version = 9999");
	db.close();
	const before = digest(inHome("vedette.db"));
	await expectRefused("has schema 9999", "start that version again");
	expect(digest(inHome("vedette.db"))).toBe(before);
});

test("a database that is none", async () => {
	writeFileSync(inHome("vedette.db"), "my notes, not a database\n");
	await expectRefused("is not a database", "Move that file aside");
	expect(readFileSync(inHome("vedette.db"), "utf8")).toBe("my notes, not a database\n");
});

test("settings that cannot be read", async () => {
	mkdirSync(inHome("settings.json"));
	await expectRefused("cannot be read", "ls -l");
});

test("settings that are damaged, with no copy beside them", async () => {
	writeFileSync(inHome("settings.json"), "{ garbage");
	await expectRefused("are damaged", "mv ");
	expect(readFileSync(inHome("settings.json"), "utf8")).toBe("{ garbage");
});

test.each([
	["a file in the way", () => inHome("file"), "a file is in the way"],
	["a place where nothing can be made", () => "/proc/vedette/home", "cannot be made"],
])("%s", async (_, home, sentence) => {
	writeFileSync(inHome("file"), "");
	household.env.VEDETTE_HOME = home();
	await expectRefused(sentence, "VEDETTE_HOME");
	expect((await household.run(["status"])).code).toBe(3);
});
