import pino from "pino";
import { expect, test } from "vitest";
import { verifyAudit } from "../store/audit.ts";
import { transaction } from "../store/sql.ts";
import { openStore } from "../store/store.ts";
import { doAudited, openAuditTrail } from "./audit-trail.ts";

function bench() {
	let time = Date.UTC(2026, 0, 1);
	const store = openStore(":memory:", { clock: { now: () => (time += 1_000) } });
	const lines: string[] = [];
	const trail = openAuditTrail(store, pino({ level: "info" }, { write: (line) => void lines.push(line) }));
	/** The actions that the log file has, with the hashes of their entries. */
	const told = () =>
		lines
			.map((line) => JSON.parse(line) as { audit?: number; action: string })
			.filter(({ audit }) => audit !== undefined)
			.map(({ action }) => action);
	const count = () => Number(store.db.prepare("SELECT count(*) AS n FROM audit").get()?.n);
	/** Takes writing away from the store, as a full disk or another process does. */
	const readOnly = (on: boolean) => store.db.exec(`PRAGMA query_only = ${on ? "ON" : "OFF"}`);
	return { store, trail, told, count, readOnly };
}

const event = { who: "unix:1000", action: "scan.cancel", object: "scan 1" };

test("an act is refused when its entry cannot be written, in words that say what to do", () => {
	const { trail, count, readOnly } = bench();
	readOnly(true);
	expect(() => trail.write(event)).toThrow(/^Nothing was done: the audit log takes no entry/);
	readOnly(false);
	trail.write(event);
	expect(count()).toBe(1);
});

test("what was done already is put off and written before anything later, with the time it was done", async () => {
	const { store, trail, count, readOnly } = bench();
	readOnly(true);
	expect(trail.note({ ...event, action: "stop-all" })).toBe(false);
	expect(count()).toBe(0);
	readOnly(false);
	trail.write(event);
	const rows = store.db.prepare("SELECT action, at FROM audit ORDER BY n").all();
	expect(rows.map(({ action }) => action)).toEqual(["stop-all", "scan.cancel"]);
	expect(Number(rows[0]?.at)).toBeLessThan(Number(rows[1]?.at));
	expect((await verifyAudit(store.db)).intact).toBe(true);
});

test("what was put off outlives the transaction of another act that is rolled back, and the log file tells of neither before it is so", () => {
	const { store, trail, told, readOnly } = bench();
	const actions = () =>
		store.db
			.prepare("SELECT action FROM audit ORDER BY n")
			.all()
			.map((row) => row.action);
	readOnly(true);
	trail.note({ ...event, action: "stop-all" });
	readOnly(false);
	expect(() =>
		transaction(store.db, () => {
			trail.write(event);
			throw new Error("the act failed");
		}),
	).toThrow(/the act failed/);
	expect(actions()).toEqual([]);
	expect(told()).toEqual([]);
	transaction(store.db, () => {
		trail.write(event);
		expect(told()).toEqual([]);
	});
	expect(told()).toEqual(["scan.cancel"]);
	trail.close();
	expect(actions()).toEqual(["scan.cancel", "stop-all"]);
	expect(told()).toEqual(actions());
});

test("what is put off is written at the latest when the log is closed", () => {
	const { trail, count, readOnly } = bench();
	readOnly(true);
	trail.note(event);
	readOnly(false);
	trail.close();
	expect(count()).toBe(1);
});

test("what is no transaction is not begun without its entry, and the log says how it ended", async () => {
	const { store, trail, readOnly } = bench();
	const actions = () =>
		store.db
			.prepare("SELECT action FROM audit ORDER BY n")
			.all()
			.map(({ action }) => action);
	let done = 0;
	const act = { who: "unix:1000", action: "knowledge.import", object: "debian" };
	readOnly(true);
	await expect(
		doAudited(
			trail,
			act,
			() => ++done,
			() => ({}),
		),
	).rejects.toThrow(/Nothing was done/);
	expect(done).toBe(0);
	readOnly(false);
	await doAudited(
		trail,
		act,
		() => ++done,
		(count) => ({ after: { count } }),
	);
	const fail = () => {
		throw new Error("the file is cut off");
	};
	await expect(doAudited(trail, act, fail, () => ({}))).rejects.toThrow(/cut off/);
	expect(actions()).toEqual([
		...["knowledge.import-begun", "knowledge.import"],
		...["knowledge.import-begun", "knowledge.import-failed"],
	]);
});
