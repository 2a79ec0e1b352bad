/** The log with its signed head, in the database and as a file: what is changed behind the daemon's back is found. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hashOfEntry, noHash } from "../../protocol/audit/chain.ts";
import { AuditFileCheck, auditLine, hashOfLine } from "../../protocol/audit/file.ts";
import { InstallationKey } from "../operators/installation-key.ts";
import { appendAudit, listAudit, readHead, verifyAudit } from "./audit.ts";
import { transaction } from "./sql.ts";
import { openStore } from "./store.ts";

const at = Date.UTC(2026, 0, 1);
let folder: string;
let keyPath: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "vedette-audit-"));
	keyPath = join(folder, "installation.key");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function openLog(path = ":memory:") {
	const { db, close } = openStore(path, { clock: { now: () => at } });
	const key = new InstallationKey(keyPath, () => readHead(db));
	const add = (count: number) => {
		for (let i = 1; i <= count; i++)
			appendAudit(db, { who: "unix:1000", action: "scan.start", object: `scan ${i}`, after: { ports: "22" } }, at, key);
	};
	return { db, key, add, close };
}

/** Writes the chain anew, as somebody who knows how but has no key. */
function rewrite(db: DatabaseSync, sql: string): void {
	db.exec(`DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_deleted; ${sql}`);
	let before = noHash;
	for (const { hash: _, ...entry } of entriesOf(db)) {
		before = hashOfEntry(before, entry);
		db.prepare("UPDATE audit SET hash = ? WHERE n = ?").run(before, entry.n);
	}
	db.prepare("UPDATE audit_head SET hash = ?, n = (SELECT max(n) FROM audit)").run(before);
}

function entriesOf(db: DatabaseSync) {
	return listAudit(db, { where: null, sort: [{ field: "n", descending: false }], limit: 20_000, cursor: null }).items;
}

const linesOf = ({ db, key }: ReturnType<typeof openLog>) => {
	const head = readHead(db);
	return [
		auditLine.first(key.publicKey),
		...entriesOf(db).map(auditLine.entry),
		auditLine.last(head, head.signature ?? ""),
	];
};

function check(file: Buffer) {
	const found = new AuditFileCheck();
	let from = 0;
	for (let end = file.indexOf(10); end >= 0; end = file.indexOf(10, from)) {
		found.push(file.subarray(from, end));
		from = end + 1;
	}
	if (from < file.length) found.push(file.subarray(from));
	return { ...found.verdict(), rest: file.length - from };
}

test("the head is signed with each entry, and a log without entries is not", async () => {
	const { db, key, add } = openLog();
	expect(await verifyAudit(db, key)).toMatchObject({ intact: true, signed: "unsigned" });
	add(3);
	expect(await verifyAudit(db, key)).toMatchObject({ intact: true, signed: "good", key: key.fingerprint });
});

test("a chain that was written anew without the key does not hold, and never again", async () => {
	const { db, key, add } = openLog();
	add(5);
	rewrite(db, "UPDATE audit SET who = 'unix:0' WHERE n = 2");
	expect(await verifyAudit(db)).toMatchObject({ intact: true });
	expect((await verifyAudit(db, key)).faults).toMatchObject([{ n: 5, kind: "signature" }]);
	// What is added afterwards does not cover it up.
	add(2);
	const later = await verifyAudit(db, key);
	expect(later).toMatchObject({ signed: "good", intact: false, entries: 8 });
	expect(later.faults).toMatchObject([{ n: 6, kind: "signature" }]);
	expect(entriesOf(db)[5]).toMatchObject({ who: "daemon", action: "audit.not-as-signed", before: { n: 5 } });
});

test.each([
	["the signature taken away", "UPDATE audit_head SET signature = NULL"],
	["the end cut off, the head put back", "DELETE FROM audit WHERE n > 3"],
	["a signature that is none", "UPDATE audit_head SET signature = 'AAAA'"],
])("%s", async (_, sql) => {
	const { db, key, add } = openLog();
	add(5);
	rewrite(db, sql);
	expect(await verifyAudit(db, key)).toMatchObject({ signed: "wrong", intact: false });
});

test("a log that is gone as a whole, with its head, is found, also by a daemon that starts anew", async () => {
	const { db, key, add } = openLog();
	add(5);
	db.exec(
		"DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_deleted; DELETE FROM audit; DELETE FROM audit_head",
	);
	for (const one of [key, new InstallationKey(keyPath, () => readHead(db))]) {
		expect(await verifyAudit(db, one)).toMatchObject({ signed: "wrong", intact: false, entries: 0 });
	}
	add(1);
	expect(entriesOf(db).map(({ action }) => action)).toEqual(["audit.not-as-signed", "scan.start"]);
	expect((await verifyAudit(db, key)).faults).toMatchObject([{ n: 1, kind: "signature" }]);
});

test("a first entry that is rolled back does not count as signed, nor does the key file have to be writable", async () => {
	const { db, key, add } = openLog();
	const fail = () =>
		transaction(db, () => {
			add(1);
			throw new Error("the act failed");
		});
	expect(fail).toThrow(/the act failed/);
	expect(await verifyAudit(db, key)).toMatchObject({ intact: true, signed: "unsigned" });
	// Nothing can be written where the next key file would lie.
	const next = `${keyPath}.next-${process.pid}`;
	mkdirSync(next);
	add(1);
	expect(new InstallationKey(keyPath, () => readHead(db)).used).toBe(false);
	rmSync(next, { recursive: true });
	add(1);
	expect(new InstallationKey(keyPath, () => readHead(db)).used).toBe(true);
	expect(await verifyAudit(db, key)).toMatchObject({ intact: true, signed: "good" });
});

test("a log from before there was a key is taken on as it was, which an entry says; changed later, it is found", async () => {
	const { db } = openStore(":memory:", { clock: { now: () => at } });
	for (let i = 1; i <= 3; i++) appendAudit(db, { who: "unix:0", action: "scan.start", object: `scan ${i}` }, at);
	const key = new InstallationKey(keyPath, () => readHead(db));
	expect(await verifyAudit(db, key)).toMatchObject({ intact: true, signed: "unsigned" });
	appendAudit(db, { who: "unix:0", action: "scan.start", object: "scan 4" }, at, key);
	expect(entriesOf(db).map(({ action }) => action)).toEqual([
		...Array(3).fill("scan.start"),
		"audit.new-key",
		"scan.start",
	]);
	expect(await verifyAudit(db, key)).toMatchObject({ intact: true, signed: "good" });
	rewrite(db, "UPDATE audit SET object = 'scan 9' WHERE n = 1");
	expect((await verifyAudit(db, key)).faults).toMatchObject([{ n: 3 }, { n: 5 }]);
});

test("a new key in place of the old one is told by an entry", async () => {
	const log = openLog();
	log.add(2);
	rmSync(keyPath);
	const key = new InstallationKey(keyPath, () => readHead(log.db));
	appendAudit(log.db, { who: "unix:0", action: "scan.start", object: "scan 3" }, at, key);
	expect(entriesOf(log.db)[2]).toMatchObject({ action: "audit.new-key", after: { fingerprint: key.fingerprint } });
	expect(await verifyAudit(log.db, key)).toMatchObject({ intact: true, signed: "good" });
	expect(await verifyAudit(log.db, log.key)).toMatchObject({ intact: false });
});

test("an exported log of 10,000 entries proves itself, and a change of any single byte is found", () => {
	const log = openLog();
	log.add(10_000);
	const lines = linesOf(log);
	const file = Buffer.from(`${lines.join("\n")}\n`);
	expect(check(file)).toEqual({
		entries: 10_000,
		decisions: {},
		fault: null,
		fingerprint: log.key.fingerprint,
		rest: 0,
	});

	// Whether an entry holds depends on its line and the hash before alone, so each line is tried in its place.
	let before = noHash;
	let edits = 0;
	let unseen = 0;
	for (const text of lines.slice(1, -1)) {
		const line = Buffer.from(text);
		for (let i = 0; i < line.length; i++) {
			const was = line[i] ?? 0;
			line[i] = was ^ (1 << (i & 7));
			if (hashOfLine(line, before) !== null) unseen++;
			line[i] = was;
		}
		edits += line.length;
		before = hashOfLine(line, before) ?? "";
	}
	expect(unseen).toBe(0);
	expect(edits).toBeGreaterThan(10_000 * 150);

	// The lines that are no entries, and every line feed, over the file of the last ten.
	const tail = openLog();
	tail.add(10);
	const small = Buffer.from(`${linesOf(tail).join("\n")}\n`);
	expect(check(small).fault).toBeNull();
	for (let i = 0; i < small.length; i++) {
		for (const bit of [1, 2, 32, 128]) {
			small[i] = (small[i] ?? 0) ^ bit;
			const { fault, rest } = check(small);
			expect(fault !== null || rest > 0, `byte ${i}, bit ${bit}`).toBe(true);
			small[i] = (small[i] ?? 0) ^ bit;
		}
	}
	// And in the whole of it, here and there.
	for (let i = 0; i < file.length; i += Math.floor(file.length / 19)) {
		file[i] = (file[i] ?? 0) ^ 4;
		expect(check(file).fault).not.toBeNull();
		file[i] = (file[i] ?? 0) ^ 4;
	}
	// Two million hashes: a busy machine takes its time.
}, 180_000);

test("a file with an entry more, less, twice or moved, or signed by another key, does not hold", () => {
	const log = openLog();
	log.add(4);
	const lines = linesOf(log);
	const fileOf = (changed: readonly string[]) => check(Buffer.from(`${changed.join("\n")}\n`)).fault;
	const [first = "", one = "", two = "", three = "", four = "", last = ""] = lines;
	expect(fileOf([first, one, two, three, four, last])).toBeNull();
	expect(fileOf([first, one, three, four, last])).toMatch(/^Entry 2 is not/);
	expect(fileOf([first, one, one, two, three, four, last])).toMatch(/^Entry 2 is not/);
	expect(fileOf([first, two, one, three, four, last])).toMatch(/^Entry 1 is not/);
	expect(fileOf([first, one, two, three, last])).toMatch(/ends at entry 3/);
	expect(fileOf([first, one, two, three, four])).toMatch(/without its signed head/);
	expect(fileOf([...lines, last])).toMatch(/follows/);
	expect(fileOf([])).toMatch(/first line/);
	const other = new InstallationKey(join(folder, "other.key"), () => readHead(log.db));
	expect(fileOf([auditLine.first(other.publicKey), one, two, three, four, last])).toMatch(/signature/);
});

test("a byte changed in the rows of the database file is found", async () => {
	const path = join(folder, "log.db");
	const { db, add, close } = openLog(path);
	add(300);
	db.exec("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE");
	const leaves = db.prepare("SELECT pageno, pgsize FROM dbstat WHERE name = 'audit' AND pagetype = 'leaf'").all();
	close();
	const key = new InstallationKey(keyPath, () => ({ n: 0, hash: noHash }));
	const original = readFileSync(path);
	const wanted = Buffer.from("scan.start");
	let edits = 0;
	for (const { pageno, pgsize } of leaves.slice(0, 12)) {
		const from = (Number(pageno) - 1) * Number(pgsize);
		// Each place of one row: who it was, what was done, to what, how it was after, the hash.
		const row = original.indexOf(wanted, from);
		for (const offset of [-5, 0, 12, 22, 60]) {
			const copy = join(folder, "copy.db");
			const bytes = Buffer.from(original);
			bytes[row + offset] = (bytes[row + offset] ?? 0) ^ 1;
			writeFileSync(copy, bytes);
			const changed = new DatabaseSync(copy);
			const { intact } = await verifyAudit(changed, key);
			changed.close();
			expect(intact, `page ${pageno}, ${offset}`).toBe(false);
			edits++;
		}
	}
	expect(edits).toBeGreaterThan(20);
});
