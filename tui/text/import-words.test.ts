import { expect, test } from "vitest";
import { whereToSee } from "./import-words.ts";

test("only lists in which something of the file is are named", () => {
	const nothing = { new: 0, again: 0, fixed: 0, information: 0 };
	expect(whereToSee(nothing)).toBe("  See them: vedette assets");
	expect(whereToSee({ ...nothing, again: 1 })).toBe("  See them: vedette assets; vedette findings source:import");
	expect(whereToSee({ ...nothing, information: 4 })).toBe(
		"  See them: vedette assets; vedette findings 'source:import and type:information'",
	);
});
