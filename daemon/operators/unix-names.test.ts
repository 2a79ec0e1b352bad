import fc from "fast-check";
import { expect, test } from "vitest";
import { findUnixName, parseNames } from "./unix-names.ts";

test("root is found by name and number, as user and as group", async () => {
	expect(await findUnixName("unix", "root")).toEqual({ id: 0, name: "root" });
	expect(await findUnixName("unix", "0")).toEqual({ id: 0, name: "root" });
	expect(await findUnixName("group", "0")).toMatchObject({ id: 0 });
});

test("whom neither the files nor the directory knows is nobody", async () => {
	expect(await findUnixName("unix", "no-such-user-here")).toBeNull();
	expect(await findUnixName("group", "4000000001")).toBeNull();
});

test("a line that is not one of the file's own kind is passed over", () => {
	const text = "# ana\nana\n:x:5:5\nana:x:many:1\nben:x:-1:1\nana:x:1001:1001:Ana:/home/ana:/bin/sh\n";
	expect(parseNames(text, "ana")).toEqual({ id: 1_001, name: "ana" });
	expect(parseNames(text, "1001")).toEqual({ id: 1_001, name: "ana" });
	expect(parseNames(text, "ben")).toBeNull();
	expect(parseNames(text, "")).toBeNull();
});

test("any text is read without a throw", () => {
	fc.assert(
		fc.property(fc.string(), fc.string(), (text, word) => {
			const found = parseNames(text, word);
			expect(found === null || Number.isSafeInteger(found.id)).toBe(true);
		}),
	);
});
