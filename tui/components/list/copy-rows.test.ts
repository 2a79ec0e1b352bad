import fc from "fast-check";
import { expect, test } from "vitest";
import { hostileStrings } from "../../text/hostile-strings.test-support.ts";
import type { Column } from "./columns.ts";
import { listCommand, rowsCsv, rowsJson, rowsText } from "./copy-rows.ts";

interface Row {
	readonly name: string;
}
const columns: readonly Column<Row>[] = [
	{ id: "name", title: "NAME", width: 9, worth: 1, draw: ({ name }) => [[name, "address"]] },
	{ id: "n", title: "N, TOO", width: 9, worth: 1, draw: ({ name }) => [[String(name.length)], ["/x", "faint"]] },
];
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

test("values stand as they are shown, and what needs quotes has them", () => {
	expect(rowsText(columns, [{ name: "web" }, { name: "db" }], 0)).toBe("web\t3/x\ndb\t2/x");
	expect(rowsCsv(columns, [{ name: 'a "b", c' }], 0)).toBe('NAME,"N, TOO"\r\n"a ""b"", c",8/x\r\n');
	expect(JSON.parse(rowsJson([{ a: 1 }]))).toEqual({ a: 1 });
	expect(JSON.parse(rowsJson([{ a: 1 }, { a: "ü\n" }]))).toEqual([{ a: 1 }, { a: "ü\n" }]);
});

test("no cell begins a formula, and nothing that is copied carries a control character", () => {
	for (const start of ["=1+1", "+1", "-1", "@x", "|calc", "  =1"]) {
		expect(rowsCsv(columns, [{ name: start }], 0).split("\r\n")[1]).toMatch(/^"?'/);
	}
	const rows = hostileStrings.map(([, name]) => ({ name }));
	for (const text of [rowsText(columns, rows, 0), rowsCsv(columns, rows, 0), rowsJson(rows)]) {
		expect(text.replaceAll(/[\t\r\n]/g, "")).not.toMatch(control);
	}
	expect(rowsText(columns, rows, 0).split("\n")).toHaveLength(rows.length);
});

test("JSON is read back, whatever is in it", () => {
	fc.assert(
		fc.property(fc.array(fc.record({ name: fc.string() }), { minLength: 2, maxLength: 5 }), (rows) => {
			expect(JSON.parse(rowsJson(rows))).toEqual(rows);
		}),
	);
});

test("a command is one that a shell takes apart as it was meant", () => {
	expect(listCommand("findings", 'title:"it\'s"', "-severity,port")).toBe(
		`vedette findings 'title:"it'\\''s"' --sort=-severity,port`,
	);
	expect(listCommand("assets", "", undefined)).toBe("vedette assets");
	expect(listCommand("profiles", "", undefined)).toBeUndefined();
});
