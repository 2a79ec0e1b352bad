import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AppError } from "../../protocol/errors.ts";
import { packageRoot } from "../package-root.ts";
import { storeFailure } from "./failure.ts";
import { migrate, readMigrations } from "./migrate.ts";
import { createScan, findScan } from "./scans.ts";
import { rehearse, transaction } from "./sql.ts";
import { openStore } from "./store.ts";

let folder: string;
let path: string;
const clock = { now: () => 1_700_000_000_000 };
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "store-"));
	path = join(folder, "deep", "vedette.db");
});
afterEach(() => rmSync(folder, { recursive: true }));

const request = { title: "t", targets: ["127.0.0.1"], exclusions: [], ports: "22", profile: "Initial", at: 5 };

function failureOf(work: () => unknown): AppError {
	try {
		work();
	} catch (error) {
		if (error instanceof AppError) return error;
		throw error;
	}
	throw new Error("it did not fail");
}

test("is created private, and keeps what it is told", () => {
	const store = openStore(path, { clock });
	const id = createScan(store.db, request);
	expect(store.sizeBytes()).toBeGreaterThan(4096);
	store.close();
	store.close();
	expect(statSync(path).mode & 0o777).toBe(0o600);
	const again = openStore(path, { clock });
	expect(findScan(again.db, id)?.title).toBe("t");
	expect(again.db.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
	again.close();
});

test("every migration is recorded once", () => {
	openStore(path, { clock }).close();
	const store = openStore(path, { clock });
	const rows = store.db.prepare("SELECT number, name, applied_at FROM migration").all();
	expect(rows.map(({ number }) => number)).toEqual(readMigrations().map(({ number }) => number));
	expect(rows[0]).toMatchObject({ name: "0001-start.sql", applied_at: clock.now() });
	store.close();
});

test("a database of a newer program is refused, with both numbers, and left as it is", () => {
	openStore(path, { clock }).close();
	const db = new DatabaseSync(path);
	db.exec("PRAGMA user_version = 9000");
	db.close();
	const before = readFileSync(path);
	const failure = failureOf(() => openStore(path, { clock }));
	expect(failure.code).toBe("version-mismatch");
	expect(failure.message).toContain("schema 9000");
	expect(failure.message).toContain(`up to ${readMigrations().length}`);
	expect(failure.hint).toContain("newer version");
	expect(readFileSync(path).equals(before)).toBe(true);
});

test("a file that is not a database is refused and left as it is", () => {
	path = join(folder, "letter.txt");
	writeFileSync(path, "Dear reader, ".repeat(500));
	expect(failureOf(() => openStore(path, { clock }))).toMatchObject({ code: "unavailable" });
	expect(readFileSync(path, "utf8")).toBe("Dear reader, ".repeat(500));
});

test("another program's database is refused and left as it is", () => {
	path = join(folder, "other.db");
	const db = new DatabaseSync(path);
	db.exec("CREATE TABLE recipes (name TEXT)");
	db.close();
	const before = readFileSync(path);
	const failure = failureOf(() => openStore(path, { clock }));
	expect(failure.message).toContain("another program's database");
	expect(readFileSync(path).equals(before)).toBe(true);
});

test("a damaged database is said to be damaged and left as it is", () => {
	const store = openStore(path, { clock });
	for (let n = 0; n < 200; n++) createScan(store.db, { ...request, title: "x".repeat(500) });
	store.close();
	const bytes = readFileSync(path);
	bytes.fill(0xaa, 4096 * 1, 4096 * 12);
	bytes.fill(0xaa, 100, 4096);
	writeFileSync(path, bytes);
	const failure = failureOf(() => openStore(path, { clock }));
	expect(failure).toMatchObject({ code: "unavailable" });
	expect(failure.message).toContain("damaged");
	expect(readFileSync(path).equals(bytes)).toBe(true);
});

test("a full disk: said clearly, nothing half stored, and it goes on when there is room", () => {
	const store = openStore(path, { clock });
	createScan(store.db, request);
	const pages = Number(store.db.prepare("PRAGMA page_count").get()?.page_count);
	store.db.exec(`PRAGMA max_page_count = ${pages + 2}`);
	const work = () =>
		transaction(store.db, () => {
			for (let n = 0; n < 100; n++) createScan(store.db, { ...request, title: "x".repeat(1000) });
		});
	expect(failureOf(work).message).toContain("is full");
	expect(store.db.isTransaction).toBe(false);
	expect(store.db.prepare("SELECT count(*) AS n FROM scan").get()).toEqual({ n: 1 });
	store.db.exec("PRAGMA max_page_count = 100000");
	work();
	expect(store.db.prepare("SELECT count(*) AS n FROM scan").get()).toEqual({ n: 101 });
	store.close();
});

test("what is rehearsed is told and not stored, nor is what fails in it", () => {
	const store = openStore(path, { clock });
	const scans = () => store.db.prepare("SELECT count(*) AS n FROM scan").get()?.n;
	const make = () => [createScan(store.db, request), scans()];
	expect(rehearse(store.db, make)).toEqual([1, 1]);
	const fail = () => {
		make();
		throw new AppError("conflict", "no");
	};
	expect(failureOf(() => rehearse(store.db, fail))).toMatchObject({ code: "conflict", message: "no" });
	expect([scans(), store.db.isTransaction]).toEqual([0, false]);
	expect(() => transaction(store.db, () => rehearse(store.db, make))).toThrow("A transaction is under way");
	expect(scans()).toBe(0);
	store.close();
});

test("a read-only database is said to be one", () => {
	openStore(path, { clock }).close();
	const db = new DatabaseSync(path, { readOnly: true });
	const failure = failureOf(() => transaction(db, () => createScan(db, request)));
	expect(failure.message).toContain("cannot be opened for writing");
	db.close();
});

test("a folder that cannot be made is an outcome with a next step", () => {
	writeFileSync(join(folder, "file"), "");
	const failure = failureOf(() => openStore(join(folder, "file", "vedette.db"), { clock }));
	expect(failure).toMatchObject({ code: "unavailable" });
	expect(failure.hint).toBeTruthy();
});

test("a database somebody else holds is busy", () => {
	const store = openStore(path, { clock });
	const other = new DatabaseSync(path, { timeout: 1 });
	store.db.exec("BEGIN IMMEDIATE");
	expect(failureOf(() => transaction(other, () => 1))).toMatchObject({ code: "busy" });
	store.db.exec("ROLLBACK");
	other.close();
	store.close();
});

test("a migration that fails leaves the schema before it", () => {
	const store = openStore(path, { clock });
	const next = {
		number: readMigrations().length + 1,
		name: "9999-broken.sql",
		sql: "CREATE TABLE fresh (x); NONSENSE",
	};
	expect(() => migrate(store.db, path, clock, [...readMigrations(), next])).toThrow("NONSENSE");
	expect(store.db.prepare("PRAGMA user_version").get()).toEqual({ user_version: next.number - 1 });
	expect(store.db.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'fresh'").get()).toEqual({ n: 0 });
	store.close();
});

test("a transaction that throws stores nothing and passes the error on", () => {
	const store = openStore(":memory:", { clock });
	const work = () =>
		transaction(store.db, () => {
			createScan(store.db, request);
			throw new RangeError("mine");
		});
	expect(work).toThrow(RangeError);
	expect(store.db.prepare("SELECT count(*) AS n FROM scan").get()).toEqual({ n: 0 });
	expect(storeFailure("not an error", path)).toBe("not an error");
});

test("the package is found from the source, from the bundle and from its chunks", () => {
	const root = packageRoot();
	expect(packageRoot(join(root, "dist", "vedette.js"))).toBe(root);
	expect(packageRoot(join(root, "dist", "chunks", "store-abc.js"))).toBe(root);
	expect(() => packageRoot("/nowhere/at/all.js")).toThrow("No package.json");
});
