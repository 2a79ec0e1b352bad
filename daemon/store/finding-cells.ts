/** What columns of findings hold (finding-columns.ts), and how their cells are read. */

import type { MarkName } from "./finding-terms.ts";
import { AddressTexts, KeptTexts, type TextNumbers } from "./finding-texts.ts";

export const columns = {
	/** 0: no finding. Else the properties of `markOf`. */
	marks: {
		make: (n: number) => new Uint16Array(n),
		// SQLite's `<<` binds no closer than its `|`.
		sql: `f.severity | (f.open << 3) | (f.type << 5) | (ifnull(f.status, 0) << 7) | (ifnull(f.fix, 0) << 10)
			| ((f.excepted & 3) << 13) | ((f.instance <> '') << 15)`,
	},
	id: { make: (n: number) => new Uint32Array(n), sql: "f.id" },
	/** Of those on a port, `onPort` is set. */
	place: { make: (n: number) => new Uint32Array(n), sql: "f.port | (f.protocol << 16) | ((f.port > 0) << 24)" },
	asset: { make: (n: number) => new Uint32Array(n), sql: "f.asset" },
	signature: { make: (n: number) => new Uint32Array(n), sql: "f.signature" },
	result: { make: (n: number) => new Uint32Array(n), sql: "f.result" },
	timesFound: { make: (n: number) => new Uint32Array(n), sql: "f.times_found" },
	/** Milliseconds; NaN: never. */
	firstFound: { make: (n: number) => new Float64Array(n), sql: "f.first_found" },
	lastFound: { make: (n: number) => new Float64Array(n), sql: "f.last_found" },
	lastFixed: { make: (n: number) => new Float64Array(n), sql: "f.last_fixed" },
	/** Numbers of texts, see `texts`. */
	address: { make: (n: number) => new Uint32Array(n), sql: "f.address" },
	instance: { make: (n: number) => new Uint32Array(n), sql: "f.instance" },
} as const;

export type ColumnName = keyof typeof columns;
export type TextColumn = "address" | "instance";
export type Column = Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

export const textColumns: Readonly<Record<TextColumn, () => TextNumbers>> = {
	address: () => new AddressTexts(),
	instance: () => new KeptTexts(),
};
export const isText = (name: ColumnName): name is TextColumn => Object.hasOwn(textColumns, name);

const null0 = (number: number) => (number === 0 ? null : number);

/** What a mark says; of an instance, "" or that there may be any. */
export const markOf: Readonly<Record<MarkName | "open", (mark: number) => number | string | null>> = {
	severity: (mark) => mark & 7,
	open: (mark) => (mark >>> 3) & 3,
	type: (mark) => (mark >>> 5) & 3,
	status: (mark) => null0((mark >>> 7) & 7),
	fix: (mark) => null0((mark >>> 10) & 7),
	excepted: (mark) => (mark >>> 13) & 1,
	ignored: (mark) => (mark >>> 14) & 1,
	instance: (mark) => (mark >>> 15 === 0 ? "" : null),
};
export const portOf = (place: number) => place & 0xffff;
export const protocolOf = (place: number) => (place >>> 16) & 0xff;
export const onPort = 1 << 24;

/** Bytes a finding takes. */
export function widthOf(names: readonly ColumnName[]): number {
	return names.reduce((sum, name) => sum + columns[name].make(0).BYTES_PER_ELEMENT, 0);
}

/** For each number of 16 bits whether it fits. */
export function halfTable(test: (number: number) => boolean): Uint8Array {
	const table = new Uint8Array(65_536);
	for (let number = 0; number < table.length; number++) table[number] = test(number) ? 1 : 0;
	return table;
}
