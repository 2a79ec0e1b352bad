/** What an expression may do, and that it stays bounded and decided only by what was told. */
import { expect, test } from "vitest";
import { compileExpression } from "./expression.ts";
import { Undecided } from "./undecided.ts";

function run(source: string, record: unknown, type: "bool" | "string" = "bool"): unknown {
	const now = new Date("2026-06-01T00:00:00Z");
	return compileExpression(source, type).evaluate({
		record,
		port: 22n,
		protocol: "tcp",
		address: "192.0.2.1",
		now,
		values: { list: ["a"] },
	});
}

test("knows the variables", () => {
	expect(run('port == 22 && protocol == "tcp" && address.startsWith("192.") && "a" in values.list', {})).toBe(true);
	expect(run('timestamp("2026-05-31T00:00:00Z") < now', {})).toBe(true);
});

test("matches runs on RE2: no look-ahead, and linear where backtracking would not end", () => {
	const hostile = `${"a".repeat(5_000)}!`;
	expect(run('record.text.matches("^(a+)+$")', { text: hostile })).toBe(false);
	expect(run('record.text.matches("^(a|a)*!$") && record.other.matches("b")', { text: hostile, other: "abc" })).toBe(
		true,
	);
	expect(() => run('record.text.matches("a(?!b)")', { text: "ac" })).toThrow();
});

test("a text that only mentions matches is left alone", () => {
	expect(run('record.text == ".matches(1)"', { text: ".matches(1)" })).toBe(true);
});

test("false wins over what cannot be told, and what cannot be told wins over true", () => {
	expect(run("record.gone == 1 && false", {})).toBe(false);
	expect(run('undecided("why") || true', {})).toBe(true);
	expect(() => run("record.gone == 1 || false", {})).toThrow(/gone/);
	expect(() => run("record.bits < 2048", { bits: null })).toThrow(/null/);
	expect(() => run('undecided("why")', {})).toThrow(Undecided);
});

test("names of objects every language has are not found in a record", () => {
	expect(run('"constructor" in record.headers || has(record.headers.toString)', { headers: {} })).toBe(false);
	expect(() => run('record.headers["__proto__"] == null', { headers: {} })).toThrow();
});

test.each([
	["record.a ==", "bool"],
	["recrod.a == 1", "bool"],
	["1 + 1", "bool"],
	["true", "string"],
	["nothing(record)", "bool"],
	[`${"(".repeat(60)}true${")".repeat(60)}`, "bool"],
	[Array(900).fill("true").join(" && "), "bool"],
	[`"${"x".repeat(5_000)}" == "x"`, "bool"],
] as const)("refuses %s", (source, type) => {
	expect(() => compileExpression(source, type)).toThrow();
});

test.each([
	['versionIn(record.v, "1.0", "2.0")', { v: "1.5" }, true],
	['versionIn(record.v, "1.0", "2.0")', { v: "2.0" }, false],
	['versionIn(record.v, "", "2.0")', { v: "0.1" }, true],
	['versionIn(record.v, "1.0", "")', { v: "7" }, true],
	['upstreamIn(record.v, record.b, "1.0", "2.0")', { v: "3.0", b: "Debian" }, false],
	['anyOf(record.l, ["b", "c"])', { l: ["a", "c"] }, true],
	['anyMatches(record.l, ["^b", "c$"])', { l: ["abc"] }, true],
	["days(record.t, now) == 30", { t: "2026-05-02T00:00:00Z" }, true],
	['overNetwork("127.8.9.1") || overNetwork("::1")', {}, false],
	['overNetwork("10.0.0.1") && overNetwork("2001:db8::1")', {}, true],
	['isProduct(record.p, "nginx")', { p: "NGINX" }, true],
])("%s", (source, record, wanted) => {
	expect(run(source, record)).toBe(wanted);
});

test.each([
	['extract(record.t, "v([0-9.]+)")', { t: "x v1.2" }, "1.2"],
	['extract(record.t, "v[0-9]")', { t: "x v1.2" }, "v1"],
	['extract(record.t, "none")', { t: "x" }, ""],
	['common(record.l, ["a", "c"]).join(" ")', { l: ["c", "b", "a", "c"] }, "c a"],
	['matching(record.l, ["^a"]).join(" ")', { l: ["ab", "b", "ab"] }, "ab"],
	["clip(record.t, 4)", { t: "abcdef" }, "abc…"],
])("%s as text", (source, record, wanted) => {
	expect(run(source, record, "string")).toBe(wanted);
});

test.each([
	['versionIn(record.v, "1", "2")', { v: null }],
	['versionBefore(record.v, "2")', { v: "unknown" }],
	['upstreamIn(record.v, record.b, "1", "2")', { v: "1.5", b: "(Ubuntu)" }],
	['isProduct(record.p, "nginx")', { p: null }],
	["days(now, record.t) > 1", { t: "soon" }],
])("%s cannot be told", (source, record) => {
	expect(() => run(source, record)).toThrow(Undecided);
});
