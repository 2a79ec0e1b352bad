/** The few verbs every file of the store speaks to SQLite with: prepared statements kept per connection, transactions. */
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { storeFailure } from "./failure.ts";

const statements = new WeakMap<DatabaseSync, Map<string, StatementSync>>();

/** Statements with a fixed text are prepared once for a connection. Texts made from a query must use `db.prepare`. */
function prepared(db: DatabaseSync, text: string): StatementSync {
	const known = statements.get(db) ?? new Map<string, StatementSync>();
	if (known.size === 0) statements.set(db, known);
	const statement = known.get(text) ?? db.prepare(text);
	if (!known.has(text)) known.set(text, statement);
	return statement;
}

/** All rows. `Row` is the caller's word for what the columns are; STRICT tables hold them to it. */
export function all<Row>(db: DatabaseSync, text: string, ...params: SQLInputValue[]): Row[] {
	return told(db, () => prepared(db, text).all(...params) as Row[]);
}

/** The first row, or undefined. */
export function first<Row>(db: DatabaseSync, text: string, ...params: SQLInputValue[]): Row | undefined {
	return told(db, () => prepared(db, text).get(...params) as Row | undefined);
}

/** Rows as arrays, for thousands of them: of a SELECT, or what RETURNING says. */
export function arrays<Row extends unknown[]>(db: DatabaseSync, text: string, ...params: SQLInputValue[]): Row[] {
	return told(db, () => {
		const statement = db.prepare(text);
		statement.setReturnArrays(true);
		return statement.all(...params) as unknown as Row[];
	});
}

const arrayStatements = new WeakMap<DatabaseSync, Map<string, StatementSync>>();

/** The same of a statement with a fixed text, prepared once: half the price of rows with names where they have many columns. */
export function tuples<Row extends unknown[]>(db: DatabaseSync, text: string, ...params: SQLInputValue[]): Row[] {
	return told(db, () => {
		const known = arrayStatements.get(db) ?? new Map<string, StatementSync>();
		if (known.size === 0) arrayStatements.set(db, known);
		let statement = known.get(text);
		if (statement === undefined) {
			statement = db.prepare(text);
			statement.setReturnArrays(true);
			known.set(text, statement);
		}
		return statement.all(...params) as unknown as Row[];
	});
}

/** Rows changed, and the row id of the last insert. */
export function run(db: DatabaseSync, text: string, ...params: SQLInputValue[]): { changes: number; id: number } {
	const outcome = told(db, () => prepared(db, text).run(...params));
	return { changes: Number(outcome.changes), id: Number(outcome.lastInsertRowid) };
}

/**
 * Runs `work` in one transaction: all of it is stored, or, when it throws, nothing. Inside another transaction it joins
 * that one. What SQLite refuses is thrown as an AppError that says so.
 */
export function transaction<T>(db: DatabaseSync, work: () => T): T {
	if (db.isTransaction) return work();
	let value: T;
	try {
		db.exec("BEGIN IMMEDIATE");
		gathered.set(db, new Map());
		value = work();
		writeGathered(db);
		db.exec("COMMIT");
	} catch (error) {
		if (db.isTransaction) db.exec("ROLLBACK");
		undone.set(db, rollbacks(db) + 1);
		gathered.delete(db);
		later.delete(db);
		throw storeFailure(error, db.location() ?? "in memory");
	}
	const acts = later.get(db) ?? [];
	later.delete(db);
	for (const act of acts) act();
	return value;
}

/** What `work` comes to in a transaction of its own, of which then nothing is stored. Not inside another one: that would store it. */
export function rehearse<T>(db: DatabaseSync, work: () => T): T {
	if (db.isTransaction) throw new Error("A transaction is under way, and would store what is only tried.");
	try {
		return transaction(db, () => {
			throw new Rehearsed(work());
		});
	} catch (error) {
		if (error instanceof Rehearsed) return error.value as T;
		throw error;
	}
}

class Rehearsed extends Error {
	readonly value: unknown;

	constructor(value: unknown) {
		super("All that was done is undone.");
		this.value = value;
	}
}

/** What is gathered in the course of a transaction, to be written once rather than by each statement. */
export interface Gathered {
	/** Called just before the transaction is stored; never when it is rolled back. */
	write(db: DatabaseSync): void;
}

const gathered = new WeakMap<DatabaseSync, Map<new () => Gathered, Gathered>>();

/**
 * Lets `act` add to what is gathered of its kind in the transaction that is under way, however deep within it. Where none
 * is, or one that `transaction` did not begin, it is written at once.
 */
export function gather<G extends Gathered, T>(db: DatabaseSync, Kind: new () => G, act: (one: G) => T): T {
	const kinds = db.isTransaction ? gathered.get(db) : undefined;
	// What is kept under a kind is of that kind.
	const one = (kinds?.get(Kind) as G | undefined) ?? new Kind();
	kinds?.set(Kind, one);
	const value = act(one);
	if (kinds === undefined) one.write(db);
	return value;
}

/** What one of them writes may be gathered by another, or by one of its own kind: then that has its turn once more. */
function writeGathered(db: DatabaseSync): void {
	const kinds = gathered.get(db) ?? new Map<new () => Gathered, Gathered>();
	for (const [Kind, one] of kinds) {
		kinds.delete(Kind);
		one.write(db);
	}
	gathered.delete(db);
}

const later = new WeakMap<DatabaseSync, (() => void)[]>();

/** Does it when the transaction that is under way is stored, never when it is rolled back; at once outside one. It must not throw. */
export function afterCommit(db: DatabaseSync, act: () => void): void {
	if (!db.isTransaction) {
		act();
		return;
	}
	const acts = later.get(db) ?? [];
	if (acts.push(act) === 1) later.set(db, acts);
}

/**
 * Runs `work`, which only reads, so that all its statements see the store as it is at the first of them. Inside a transaction
 * it joins that one.
 */
export function atOneMoment<T>(db: DatabaseSync, work: () => T): T {
	if (db.isTransaction) return work();
	db.exec("BEGIN");
	try {
		return work();
	} finally {
		if (db.isTransaction) db.exec("COMMIT");
	}
}

const undone = new WeakMap<DatabaseSync, number>();

/** How many transactions of a connection were rolled back: what was remembered of the store before may not be so. */
export function rollbacks(db: DatabaseSync): number {
	return undone.get(db) ?? 0;
}

/** What SQLite refuses is told in words, also outside a transaction. */
function told<T>(db: DatabaseSync, work: () => T): T {
	try {
		return work();
	} catch (error) {
		throw storeFailure(error, db.location() ?? "in memory");
	}
}
