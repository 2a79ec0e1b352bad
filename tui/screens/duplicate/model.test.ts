import { expect, test } from "vitest";
import type { DuplicateDetail, DuplicateField } from "../../../protocol/model/duplicate.ts";
import { resultOf, startComparison } from "./model.ts";

const detail = { group: { members: [{ id: 1 }, { id: 2 }] }, fields: [] } as unknown as DuplicateDetail;
const field = (name: string, ...values: string[]): DuplicateField => ({
	...{ field: name, values, choice: null },
	differs: new Set(values).size > 1,
});

test.each([
	[field("first seen", "2026-02-01 10:00", "2026-01-01 09:00"), "2026-01-01 09:00"],
	[field("last seen", "2026-02-01 10:00", "2026-03-01 09:00"), "2026-03-01 09:00"],
	[field("last seen", "", "2026-03-01 09:00"), "2026-03-01 09:00"],
	[field("addresses", "10.0.0.1", "10.0.0.2"), "all of them"],
	[field("services", "22 ssh", "22 ssh"), "22 ssh"],
])("of %o there is %s afterwards", (given, expected) => {
	expect(resultOf(startComparison(detail), given)).toBe(expected);
});
