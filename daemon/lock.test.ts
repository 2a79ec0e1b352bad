import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isLocked, takeLock } from "./lock.ts";

const children: ChildProcess[] = [];
let folder: string;
let path: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "vedette-lock-"));
	path = join(folder, "lock");
});
afterEach(() => {
	for (const child of children.splice(0)) child.kill("SIGKILL");
	rmSync(folder, { recursive: true, force: true });
});

/** A process that tries to take the lock, says how that went, and waits. */
function contender(): { child: ChildProcess; outcome: Promise<string> } {
	const program = `
		import { takeLock } from ${JSON.stringify(new URL("./lock.ts", import.meta.url).href)};
		try { takeLock(process.argv[1]); globalThis.gc(); console.log("won"); setInterval(() => {}, 1e6); }
		catch (err) { console.log(err.code + " " + err.message); }`;
	const child = spawn(process.execPath, ["--expose-gc", "--input-type=module", "-e", program, path], {
		stdio: ["ignore", "pipe", "inherit"],
	});
	children.push(child);
	const outcome = new Promise<string>((resolve) => createInterface({ input: child.stdout }).once("line", resolve));
	return { child, outcome };
}

test("held by one, refused to others with the holder's pid, free again when released", () => {
	const lock = takeLock(path);
	expect(() => takeLock(path)).toThrow(`already running on this home (pid ${process.pid})`);
	expect(isLocked(path)).toBe(true);
	lock.release();
	lock.release();
	expect(isLocked(path)).toBe(false);
});

test("of eight that start at once exactly one wins, and its death frees the lock", async () => {
	const all = Array.from({ length: 8 }, contender);
	const outcomes = await Promise.all(all.map(({ outcome }) => outcome));
	expect(outcomes.filter((outcome) => outcome === "won")).toHaveLength(1);
	expect(outcomes.filter((outcome) => outcome.startsWith("conflict"))).toHaveLength(7);
	const winner = all[outcomes.indexOf("won")]?.child;
	const gone = new Promise((resolve) => winner?.once("exit", resolve));
	winner?.kill("SIGKILL");
	await gone;
	expect(isLocked(path)).toBe(false);
});

test("a lock file that is something else is said to be unusable", () => {
	writeFileSync(path, "x".repeat(5_000));
	expect(() => takeLock(path)).toThrow(/cannot be used/);
	expect(() => takeLock(join(folder, "none", "lock"))).toThrow(/cannot be used/);
});
