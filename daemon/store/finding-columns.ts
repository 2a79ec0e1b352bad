/**
 * Columns of all findings in memory, a few bytes a finding: what no index helps to find is found by going through them. Only
 * those that were asked for are kept. They are as of the transaction they are read in: what has changed since the last time is
 * read again, asset by asset (migrations/0046). For a connection that reads and a thread that may go when it is idle.
 */
import type { DatabaseSync } from "node:sqlite";
import { readCounters } from "./counters.ts";
import { type BoundKey, blockRows, OrderBounds } from "./finding-bounds.ts";
import {
	type Column,
	type ColumnName,
	columns,
	halfTable,
	isText,
	markOf,
	type TextColumn,
	textColumns,
	widthOf,
} from "./finding-cells.ts";
import { type RowTaker, rowTaker, takenAtOnce } from "./finding-rows.ts";
import type { TextNumbers } from "./finding-texts.ts";
import { all, arrays, first } from "./sql.ts";

/** With 100,000 assets the daemon must stay below 250 MB: columns that are not asked for go first, then there are none. Bytes. */
const mostBytes = 64 * 1024 * 1024;
/** Of what nobody has asked for yet. */
const mostPrepared = 48 * 1024 * 1024;
const assetsAtOnce = 500;
/** In one go, so that all are as of one moment asset by asset: ports, and orders by what is of signatures and assets. */
const usual: readonly ColumnName[] = ["marks", "id", "place", "signature", "asset"];
const usualSizes = {
	/** Assets whose findings are read by one statement. */
	takenInOne: 150,
	/** Findings. Fewer are read in a moment. */
	worthPreparing: 100_000,
};
export type ColumnSizes = typeof usualSizes;
/** Orders whose bounds are kept, some 50 kB each of three million findings. */
const mostBounds = 24;

/** What a finding that is seen again has changed. */
const touched: ReadonlySet<ColumnName> = new Set(["timesFound", "lastFound"]);
/** All that an unsigned column may hold. */
const largest = 2 ** 32 - 1;

/** Rows of columns: findings of one asset lie together, rows of those that are gone stay behind. */
export class FindingColumns {
	readonly #db: DatabaseSync;
	readonly #sizes: ColumnSizes;
	#held = new Map<ColumnName, Column>();
	/** Of the columns of texts that are held. */
	#texts = new Map<TextColumn, TextNumbers>();
	/** They have too many texts: nobody tries again as long as this is kept. */
	readonly #refused = new Set<ColumnName>();
	#rows = 0;
	#gone = 0;
	/** By asset: its first row, how many it has, and what there is room for. */
	#starts = new Uint32Array(0);
	#lengths = new Uint32Array(0);
	/** Of each block of rows, one more whenever something in it has changed. */
	#versions = new Uint32Array(0);
	readonly #bounds = new Map<string, OrderBounds>();
	/** The last row of the log that has been read. */
	#seen = 0;
	#preparing: Parts | null = null;

	constructor(db: DatabaseSync, sizes: ColumnSizes = usualSizes) {
		this.#db = db;
		this.#sizes = sizes;
	}

	/** Rows to go through, those of no finding among them. */
	get rows(): number {
		return this.#rows;
	}

	get bytes(): number {
		const texts = [...this.#texts.values()].reduce((sum, { bytes }) => sum + bytes, 0);
		return [...this.#held.values()].reduce((sum, column) => sum + column.byteLength, texts);
	}

	column(name: ColumnName): Column {
		return this.#held.get(name) ?? columns[name].make(0);
	}

	/** What the numbers of a column of texts stand for. */
	texts(name: TextColumn): TextNumbers {
		return this.#texts.get(name) ?? textColumns[name]();
	}

	/**
	 * Where in an order the rows of each block lie whose `finding.open` is one of `opens`. The keys are of columns that have been
	 * read, the last of them is the ids.
	 */
	bounds(keys: readonly BoundKey[], opens: readonly number[]): OrderBounds {
		const name = [...keys.map((key) => (key.descending ? "-" : "") + key.name), ...opens].join();
		const bounds = this.#bounds.get(name) ?? new OrderBounds(keys.length);
		if (this.#bounds.size >= mostBounds) this.#bounds.clear();
		this.#bounds.set(name, bounds);
		const meant = halfTable((mark) => mark > 0 && opens.includes(Number(markOf.open(mark))));
		bounds.update(keys, { rows: this.#rows, marks: this.column("marks"), meant, versions: this.#versions });
		return bounds;
	}

	/** They are being read beforehand (`prepare`), and not all is there yet. */
	get isPartial(): boolean {
		return this.#preparing !== null;
	}

	/**
	 * Reads the columns that most lists speak of beforehand, a part each time it is called, in a transaction of its own: what
	 * changes meanwhile the log tells. False: there is nothing more to read, or too little to be worth it.
	 */
	prepare(): boolean {
		try {
			if (this.#preparing === null && !this.#begin()) return false;
			const isOver = this.#preparing?.next().done === true;
			if (isOver) this.#preparing = null;
			return !isOver;
		} catch (error) {
			this.#drop();
			throw error;
		}
	}

	#begin(): boolean {
		if (this.#held.size > 0 || !this.#fit()) return false;
		const room = this.#room();
		const names = usual.filter((_, at) => room * widthOf(usual.slice(0, at + 1)) <= mostPrepared);
		if (room < this.#sizes.worthPreparing || !names.includes("id")) return false;
		this.#preparing = this.#load(names, room);
		return true;
	}

	/**
	 * Brings the columns that are wanted, `marks` and `id` to what the store holds in the transaction that is under way. False:
	 * there are more findings than can be kept, or numbers that do not fit.
	 */
	read(wanted: readonly ColumnName[]): boolean {
		if (wanted.some((name) => this.#refused.has(name))) return false;
		try {
			const isRead = this.#fit() && this.#read([...new Set<ColumnName>(["marks", "id", ...wanted])]);
			if (!isRead) this.#drop();
			return isRead;
		} catch (error) {
			// What was read halfway must not be taken for the whole.
			this.#drop();
			if (!(error instanceof TooManyTexts)) throw error;
			this.#refused.add(error.column);
			return false;
		}
	}

	#read(names: readonly ColumnName[]): boolean {
		if (this.#preparing !== null) finish(this.#preparing);
		this.#preparing = null;
		if (this.#held.size > 0 && !this.#catchUp()) this.#drop();
		const missing = () => names.filter((name) => !this.#held.has(name));
		if (missing().length === 0) return true;
		const room = this.#room();
		if (room * widthOf(names) > mostBytes) return false;
		if (room * widthOf([...this.#held.keys(), ...missing()]) > mostBytes)
			for (const name of this.#held.keys()) if (!names.includes(name)) this.#letGo(name);
		finish(this.#load(missing(), room));
		// What texts take is only known now.
		if (this.bytes > mostBytes) for (const name of this.#held.keys()) if (!names.includes(name)) this.#letGo(name);
		const texts = this.bytes > mostBytes ? names.filter(isText) : [];
		for (const name of texts) this.#refused.add(name);
		return texts.length === 0;
	}

	#fit(): boolean {
		const text = `SELECT max(ifnull((SELECT max(id) FROM finding), 0), ifnull((SELECT max(id) FROM asset), 0),
			ifnull((SELECT max(id) FROM signature), 0), ifnull((SELECT max(id) FROM result), 0)) AS n`;
		return (first<{ n: number }>(this.#db, text)?.n ?? 0) <= largest;
	}

	#letGo(name: ColumnName): void {
		this.#held.delete(name);
		// What is read another time may have other numbers.
		this.#bounds.clear();
		if (isText(name)) this.#texts.delete(name);
	}

	#drop(): void {
		this.#preparing = null;
		this.#held.clear();
		this.#bounds.clear();
		this.#texts.clear();
		this.#rows = 0;
		this.#gone = 0;
	}

	/** Rows to make room for. */
	#room(): number {
		if (this.#held.size > 0) return this.column("marks").length;
		const total = Array.from(readCounters(this.#db)).reduce(
			(sum, [key, n]) => (countsAll.test(key) ? sum + n : sum),
			0,
		);
		return Math.ceil(total * 1.02) + 1024;
	}

	/** Beside those that are held already, row by row; several parts only where none are. */
	*#load(names: readonly ColumnName[], room: number): Parts {
		const isFirst = this.#held.size === 0;
		for (const name of names) this.#held.set(name, columns[name].make(room));
		if (isFirst) {
			this.#seen = lastOfLog(this.#db);
			const assets = (first<{ n: number }>(this.#db, "SELECT ifnull(max(id), 0) AS n FROM asset")?.n ?? 0) + 1;
			this.#starts = new Uint32Array(assets);
			this.#lengths = new Uint32Array(assets);
		}
		const numbers = names.filter((name) => !isText(name));
		// So many at a time, see `rowTaker`.
		for (let at = 0; at < numbers.length; at += takenAtOnce)
			yield* this.#take(numbers.slice(at, at + takenAtOnce), isFirst && at === 0);
		for (const name of names.filter(isText)) yield* this.#takeTexts(name);
	}

	/** Of rows that are there already. */
	*#takeTexts(name: TextColumn): Parts {
		const [column, starts, put] = [this.column(name), this.#starts, this.#putText(name)];
		let [last, row] = [0, -1];
		const taken = (asset: number, text: string) => {
			row = asset === last ? row + 1 : (starts[asset] ?? 0);
			last = asset;
			column[row] = put(text);
			return null;
		};
		this.#db.function("finding_text", { directOnly: true }, taken as (...values: unknown[]) => null);
		yield* this.#eachPart(`finding_text(f.asset, ${columns[name].sql})`);
	}

	#putText(name: TextColumn): (text: string) => number {
		const texts = this.texts(name);
		this.#texts.set(name, texts);
		return (text) => {
			try {
				return texts.numberOf(text);
			} catch (error) {
				throw error instanceof RangeError ? new TooManyTexts(name, { cause: error }) : error;
			}
		};
	}

	/** By a function that SQLite calls with each row: a third of the price of having the rows. */
	*#take(names: readonly ColumnName[], isFirst: boolean): Parts {
		const [starts, lengths] = [this.#starts, this.#lengths];
		let put = rowTaker(names.map((name) => this.column(name)));
		let room = this.column("marks").length;
		let [last, row] = [0, -1];
		const taken: RowTaker = (asset, a, b, c, d, e) => {
			row += 1;
			if (asset !== last) {
				if (isFirst) starts[asset] = row;
				else row = starts[asset] ?? 0;
				last = asset;
			}
			if (isFirst) lengths[asset] = (lengths[asset] ?? 0) + 1;
			if (row >= room) {
				room = Math.ceil(room * 1.25);
				for (const name of this.#held.keys()) this.#grow(name, room);
				put = rowTaker(names.map((name) => this.column(name)));
			}
			return put(row, a, b, c, d, e);
		};
		this.#db.function("finding_row", { directOnly: true }, taken as (...values: unknown[]) => null);
		const cells = Array.from({ length: takenAtOnce }, (_, at) =>
			names[at] === undefined ? "0" : columns[names[at]].sql,
		);
		yield* this.#eachPart(`finding_row(f.asset, ${cells.join(", ")})`);
		if (!isFirst) return;
		this.#rows = row + 1;
		this.#versions = new Uint32Array(Math.ceil((this.#rows / blockRows) * 1.25) + 1).fill(1);
	}

	#changed(from: number, to: number): void {
		const blocks = Math.ceil(to / blockRows);
		if (blocks > this.#versions.length) this.#versions = grownTo(this.#versions, Math.ceil(blocks * 1.25));
		for (let block = Math.floor(from / blockRows); block < blocks; block++)
			this.#versions[block] = (this.#versions[block] ?? 0) + 1;
	}

	/** Calls that for each finding, in the order of the table, asset by asset. */
	*#eachPart(call: string): Parts {
		// Without a condition SQLite would take an index with all that is asked for.
		const part = this.#db.prepare(
			`SELECT count(${call}) FROM finding f NOT INDEXED WHERE f.asset >= ? AND f.asset < ?`,
		);
		// What Node makes of the cells is let go of when a statement ends.
		const { takenInOne } = this.#sizes;
		const end = this.#starts.length;
		for (let from = 0; from < end; from += takenInOne) {
			// An asset that has come since is for the log to tell: here there is no place to keep where its rows lie.
			part.get(from, Math.min(from + takenInOne, end));
			yield;
		}
	}

	#grow(name: ColumnName, room: number): void {
		const grown = columns[name].make(room);
		grown.set(this.column(name));
		this.#held.set(name, grown);
	}

	/** False: too much has changed, or the log no longer tells what. */
	#catchUp(): boolean {
		const text = "SELECT n, asset, touched FROM finding_log WHERE n >= ? ORDER BY n";
		const logged = arrays<[n: number, asset: number, touched: number]>(this.#db, text, this.#seen);
		const [next] = logged;
		// The last one that was read may stand for changes that came after it.
		if (this.#seen > 0 ? next?.[0] !== this.#seen : next !== undefined && next[0] !== 1) return false;
		const minds = [...this.#held.keys()].some((name) => touched.has(name));
		const assets = new Set(logged.flatMap(([, asset, isTouched]) => (minds || isTouched === 0 ? asset : [])));
		if (assets.size > this.#rows / 200 + 100 || this.#gone > this.#rows / 4 + 1000) return false;
		this.#readAgain([...assets]);
		this.#seen = logged.at(-1)?.[0] ?? this.#seen;
		return this.bytes <= mostBytes;
	}

	#readAgain(assets: readonly number[]): void {
		const names = [...this.#held.keys()];
		const cells = names.map((name) => columns[name].sql);
		for (let at = 0; at < assets.length; at += assetsAtOnce) {
			const part = assets.slice(at, at + assetsAtOnce);
			const rows = all<{ asset: number; cells: string }>(
				this.#db,
				`SELECT k.value AS asset, (SELECT json_group_array(json_array(${cells.join(", ")})) FROM finding f NOT INDEXED WHERE f.asset = k.value) AS cells
				FROM json_each(?) k`,
				JSON.stringify(part),
			);
			for (const row of rows) this.#replace(row.asset, names, JSON.parse(row.cells) as Cell[][]);
		}
	}

	#replace(asset: number, names: readonly ColumnName[], findings: readonly (readonly Cell[])[]): void {
		if (asset >= this.#starts.length) {
			const room = Math.ceil(asset * 1.25) + 1;
			this.#starts = grownTo(this.#starts, room);
			this.#lengths = grownTo(this.#lengths, room);
		}
		const [before, length] = [this.#starts[asset] ?? 0, this.#lengths[asset] ?? 0];
		const start = findings.length <= length ? before : this.#rows;
		const marks = this.column("marks");
		marks.fill(0, before, before + length);
		this.#gone += findings.length <= length ? length - findings.length : length;
		if (start === this.#rows) {
			const end = start + findings.length;
			if (end > marks.length) for (const name of names) this.#grow(name, Math.ceil(end * 1.1) + 1024);
			this.#rows = end;
			this.#starts[asset] = start;
		}
		this.#lengths[asset] = findings.length;
		this.#changed(start, start + findings.length);
		for (const [at, name] of names.entries()) {
			const column = this.column(name);
			const put = isText(name) ? this.#putText(name) : null;
			for (const [n, values] of findings.entries())
				column[start + n] = put === null ? Number(values[at] ?? Number.NaN) : put(String(values[at]));
		}
	}
}

/** Each step reads some assets. */
type Parts = Generator<void, void>;

function finish(parts: Parts): void {
	while (parts.next().done !== true);
}

type Cell = number | string | null;

class TooManyTexts extends Error {
	readonly column: TextColumn;

	constructor(column: TextColumn, options: ErrorOptions) {
		super("There are too many texts to be kept.", options);
		this.column = column;
	}
}

/** Each finding is in one of these counters. */
const countsAll = /^(open:|excepted$|type:information$|status:FIXED$)/;

function lastOfLog(db: DatabaseSync): number {
	return first<{ n: number }>(db, "SELECT n FROM finding_log ORDER BY n DESC LIMIT 1")?.n ?? 0;
}

function grownTo(numbers: Uint32Array<ArrayBuffer>, room: number): Uint32Array<ArrayBuffer> {
	const grown = new Uint32Array(room);
	grown.set(numbers);
	return grown;
}
