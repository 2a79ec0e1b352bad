import { expect, test } from "vitest";
import type { FindingEvent } from "../../protocol/model/finding.ts";
import { unchangedSighting } from "./finding-event-words.ts";

const first: FindingEvent = { at: "2026-01-01T00:00:00.000Z", kind: "new", scan: 1, source: "network", result: "x" };
const lastFound = "2026-01-03T00:00:00.000Z";
const found = { lastFound, timesFound: 3, status: "ACTIVE" as const };

test("a sighting that changed nothing and is no event is told, with the scan when its evidence says which", () => {
	expect(unchangedSighting(found, [first], [])).toEqual({ at: lastFound, text: "found again, unchanged" });
	expect(unchangedSighting(found, [first], [{ observedAt: lastFound, scan: 3 }])?.text).toBe(
		"found again, unchanged, scan 3",
	);
});

test("what is among the events is not told twice", () => {
	expect(unchangedSighting(found, [first, { ...first, at: lastFound, kind: "found" }], [])).toBeNull();
	expect(unchangedSighting({ ...found, timesFound: 1 }, [first], [])).toBeNull();
	expect(unchangedSighting({ ...found, status: "FIXED" }, [first], [])).toBeNull();
});
