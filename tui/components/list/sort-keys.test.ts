import fc from "fast-check";
import { expect, test } from "vitest";
import { addSort, parseSort, sortMark, sortText, turnSort } from "./sort-keys.ts";

test("s goes down, up, off, and is the only key; S adds one, turns it, takes it off", () => {
	expect(turnSort(undefined, "port")).toBe("-port");
	expect(turnSort("-port", "port")).toBe("port");
	expect(turnSort("port", "port")).toBeUndefined();
	expect(turnSort("-severity,port", "port")).toBe("-port");
	expect(addSort("-severity", "port")).toBe("-severity,-port");
	expect(addSort("-severity,-port", "port")).toBe("-severity,port");
	expect(addSort("-severity,port", "severity")).toBe("severity,port");
	expect(addSort("severity,port", "severity")).toBe("port");
	expect(addSort("port", "port")).toBeUndefined();
});

test("the header numbers keys only where there are several", () => {
	const mark = (text: string, field: string) => sortMark(parseSort(text), field);
	expect([mark("-port", "port"), mark("-severity,port", "severity"), mark("-severity,port", "port")]).toEqual([
		"▼",
		"1▼",
		"2▲",
	]);
	expect(mark("port", "name")).toBe("");
});

test("whatever is pressed, no field is named twice, and the text is read as it was written", () => {
	const press = fc.tuple(fc.constantFrom(turnSort, addSort), fc.constantFrom("a", "b", "c"));
	fc.assert(
		fc.property(fc.array(press, { maxLength: 20 }), (presses) => {
			let sort: string | undefined;
			for (const [how, field] of presses) {
				sort = how(sort, field);
				const keys = parseSort(sort);
				expect(new Set(keys.map((key) => key.field)).size).toBe(keys.length);
				expect(sortText(keys)).toBe(sort);
			}
		}),
	);
});
