/** What is gathered in transactions comes to what each statement by itself would have come to. */
import type { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { expect, test } from "vitest";
import { nextNumber } from "./counters.ts";
import { dropResult, takeResult } from "./results.ts";
import { type Gathered, gather, run, transaction } from "./sql.ts";
import { openStore } from "./store.ts";

type Act =
	| { readonly kind: "number" }
	| { readonly kind: "take"; readonly text: string; readonly uses: number }
	| { readonly kind: "drop"; readonly text: string; readonly uses: number }
	| { readonly kind: "fail" }
	/** `caught`: whoever began it goes on. */
	| { readonly kind: "transaction"; readonly acts: readonly Act[]; readonly caught: boolean };

const text = fc.constantFrom("a", "b", "c", "x".repeat(600));
const uses = fc.integer({ min: 1, max: 3 });
const { acts } = fc.letrec<{ act: Act; acts: Act[] }>((tie) => ({
	act: fc.oneof(
		{ weight: 3, arbitrary: fc.record({ kind: fc.constant("number" as const) }) },
		{ weight: 5, arbitrary: fc.record({ kind: fc.constant("take" as const), text, uses }) },
		{ weight: 5, arbitrary: fc.record({ kind: fc.constant("drop" as const), text, uses }) },
		{ weight: 1, arbitrary: fc.record({ kind: fc.constant("fail" as const) }) },
		{
			weight: 4,
			arbitrary: fc.record({ kind: fc.constant("transaction" as const), acts: tie("acts"), caught: fc.boolean() }),
		},
	),
	acts: fc.array(tie("act"), { maxLength: 12, size: "medium" }),
}));

/** The same without a store. */
interface Model {
	last: number;
	uses: Map<string, number>;
}

test("numbers and uses of texts are as if each had been written by itself, whatever is rolled back", () => {
	const store = openStore(":memory:", { clock: { now: () => 0 } });
	fc.assert(
		fc.property(acts, (program) => {
			store.db.exec("DELETE FROM result; DELETE FROM counter");
			const model: Model = { last: 0, uses: new Map() };
			const ids = new Map<string, number>();
			for (const act of program) {
				const before: Model = { last: model.last, uses: new Map(model.uses) };
				try {
					carryOut(store.db, model, ids, act);
				} catch {
					if (act.kind === "transaction") Object.assign(model, before);
				}
				expect(stored(store.db)).toEqual({ last: model.last, uses: Object.fromEntries([...model.uses].sort()) });
			}
		}),
		{ numRuns: 300 },
	);
	store.close();
});

function carryOut(db: DatabaseSync, model: Model, ids: Map<string, number>, act: Act): void {
	switch (act.kind) {
		case "fail":
			throw new Error("on purpose");
		case "number":
			expect(nextNumber(db, "finding")).toBe(++model.last);
			return;
		case "take": {
			const id = takeResult(db, act.text, act.uses);
			expect(db.prepare("SELECT text FROM result WHERE id = ?").get(id)).toEqual({ text: act.text });
			ids.set(act.text, id);
			model.uses.set(act.text, (model.uses.get(act.text) ?? 0) + act.uses);
			return;
		}
		case "drop": {
			const held = model.uses.get(act.text) ?? 0;
			if (held === 0) return;
			const given = Math.min(held, act.uses);
			dropResult(db, ids.get(act.text) ?? 0, given);
			if (held === given) model.uses.delete(act.text);
			else model.uses.set(act.text, held - given);
			return;
		}
		case "transaction": {
			const nested = db.isTransaction;
			try {
				transaction(db, () => {
					for (const one of act.acts) carryOut(db, model, ids, one);
				});
			} catch (error) {
				// What was done before it failed is part of the transaction around it.
				if (!nested || !act.caught) throw error;
			}
		}
	}
}

function stored(db: DatabaseSync) {
	const rows = db.prepare("SELECT text, uses FROM result ORDER BY text").all();
	const last = db.prepare("SELECT n FROM counter WHERE key = 'next:finding'").get()?.n ?? 0;
	return { last, uses: Object.fromEntries(rows.map((row) => [row.text, row.uses])) };
}

test("in a transaction that somebody else began it is written at once", () => {
	const store = openStore(":memory:", { clock: { now: () => 0 } });
	store.db.exec("BEGIN");
	expect(nextNumber(store.db, "finding")).toBe(1);
	expect(nextNumber(store.db, "finding")).toBe(2);
	const id = takeResult(store.db, "a");
	dropResult(store.db, id, 1);
	expect(stored(store.db)).toEqual({ last: 2, uses: {} });
	store.db.exec("COMMIT");
	store.close();
});

test("what one writes at the end may be gathered by another, and by itself", () => {
	const store = openStore(":memory:", { clock: { now: () => 0 } });
	class Echo implements Gathered {
		left = 0;
		write(db: DatabaseSync): void {
			run(db, "INSERT INTO meta (key, value) VALUES (?, ?)", `echo ${this.left}`, String(nextNumber(db, "advisory")));
			const { left } = this;
			if (left > 1) gather(db, Echo, (echo) => (echo.left = left - 1));
		}
	}
	transaction(store.db, () => gather(store.db, Echo, (echo) => (echo.left = 3)));
	expect(store.db.prepare("SELECT key, value FROM meta WHERE key LIKE 'echo%' ORDER BY value").all()).toEqual([
		{ key: "echo 3", value: "1" },
		{ key: "echo 2", value: "2" },
		{ key: "echo 1", value: "3" },
	]);
	expect(nextNumber(store.db, "advisory")).toBe(4);
	store.close();
});

test("what fails while it is written rolls all of it back", () => {
	const store = openStore(":memory:", { clock: { now: () => 0 } });
	class Broken implements Gathered {
		write(): void {
			throw new Error("on purpose");
		}
	}
	const work = () => {
		nextNumber(store.db, "finding");
		gather(store.db, Broken, () => {});
	};
	expect(() => transaction(store.db, work)).toThrow("on purpose");
	expect(stored(store.db)).toEqual({ last: 0, uses: {} });
	expect(nextNumber(store.db, "finding")).toBe(1);
	store.close();
});
