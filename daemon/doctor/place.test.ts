import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { resolveHome } from "../../protocol/home.ts";
import { prepareHome } from "../home.ts";
import { checkDatabase } from "./database.ts";
import { checkDisk, checkHome, checkSocket } from "./place.ts";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "vedette-doctor-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const homeOf = () => resolveHome({ VEDETTE_HOME: folder });
const uid = process.geteuid?.() ?? 0;

test("a home as it is made is in order, and so is one that is not there yet", () => {
	prepareHome(homeOf());
	expect(checkHome(homeOf())).toMatchObject({ state: "ok", cure: [] });
	expect(checkHome(resolveHome({ VEDETTE_HOME: join(folder, "later") }))).toMatchObject({ state: "ok" });
});

test("what others could read or change is named with its cure", () => {
	const home = homeOf();
	prepareHome(home);
	writeFileSync(home.storePath, "", { mode: 0o644 });
	chmodSync(home.storePath, 0o644);
	chmodSync(folder, 0o777);
	const check = checkHome(home);
	expect(check.state).toBe("warning");
	expect(check.cure).toEqual([`chmod go-w ${folder}`, `chmod go= ${home.storePath}`]);
	expect(checkHome(home, uid + 1)).toMatchObject({
		state: "failed",
		found: expect.stringContaining("belongs to user"),
	});
});

test("room on the disk is that of the nearest folder there is", () => {
	const check = checkDisk(resolveHome({ VEDETTE_HOME: join(folder, "not", "yet") }));
	expect(check.found).toMatch(/^\d+(\.\d)? [GM]B free/);
});

test("the socket: none, one of ours, one for all, something else, and one that was taken away", async () => {
	const home = homeOf();
	expect(checkSocket(home, false).state).toBe("ok");
	expect(checkSocket(home, true)).toMatchObject({ state: "failed", found: expect.stringContaining("taken away") });
	mkdirSync(home.runDir);
	const server = createServer().listen(home.socketPath);
	await new Promise((resolve) => server.once("listening", resolve));
	chmodSync(home.socketPath, 0o600);
	expect(checkSocket(home, true)).toMatchObject({ state: "ok", found: expect.stringContaining(home.socketPath) });
	expect(checkSocket(home, true, 1000).found).toMatch(/^user 1000 and root/);
	chmodSync(home.socketPath, 0o666);
	expect(checkSocket(home, true)).toMatchObject({ state: "warning", cure: [`chmod 600 ${home.socketPath}`] });
	await new Promise((resolve) => server.close(resolve));
	writeFileSync(home.socketPath, "");
	expect(checkSocket(home, false).state).toBe("failed");
});

test("a database that is whole, one that is damaged, one that is none", async () => {
	const path = join(folder, "vedette.db");
	expect(await checkDatabase(path)).toMatchObject({ state: "ok", found: "There is none yet." });
	const db = new DatabaseSync(path);
	db.exec("PRAGMA journal_mode = DELETE; CREATE TABLE t (x TEXT); CREATE INDEX i ON t (x); BEGIN");
	const insert = db.prepare("INSERT INTO t VALUES (?)");
	for (let i = 0; i < 2_000; i++) insert.run(`${i}`.repeat(20));
	db.exec("COMMIT");
	db.close();
	expect(await checkDatabase(path)).toMatchObject({ state: "ok", found: expect.stringMatching(/whole/) });
	truncateSync(path, statSync(path).size - 8_192);
	expect(await checkDatabase(path)).toMatchObject({
		state: "failed",
		cure: [expect.stringMatching(/copy/), expect.anything()],
	});
	writeFileSync(path, "not a database at all, whatever its name says");
	expect(await checkDatabase(path)).toMatchObject({ state: "failed" });
});
