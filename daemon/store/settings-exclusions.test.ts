import { expect, test } from "vitest";
import {
	addExclusions,
	exclusionHistory,
	exclusionsById,
	holdingExclusions,
	listExclusions,
	removeExclusions,
} from "./settings-exclusions.ts";
import { noSettings, type SettingsData } from "./settings-schema.ts";

const january = "2026-01-01T00:00:00.000Z";
const february = "2026-02-01T00:00:00.000Z";
const march = "2026-03-01T00:00:00.000Z";
const by = "unix:1000";
const fresh = (): SettingsData => structuredClone(noSettings);
const wanted = (target: string, expiresAt: string | null = null) => ({ target, ranges: [], comment: "why", expiresAt });
const targets = (list: readonly { target: string }[]) => list.map((one) => one.target);

test("holds until removed, and the history says who, when and why", () => {
	const data = fresh();
	expect(addExclusions(data, [wanted("192.0.2.1"), wanted("192.0.2.2")], { at: january, by })).toEqual([1, 2]);
	removeExclusions(data, [1], "replaced", { at: february, by: "unix:0" });
	expect(targets(holdingExclusions(data, Date.parse(march)))).toEqual(["192.0.2.2"]);
	expect(targets(listExclusions(data, Date.parse(march)))).toEqual(["192.0.2.2"]);
	expect(exclusionsById(data, [1], 0)[0]?.state).toBe("removed");
	expect(
		exclusionHistory(data, Date.parse(march)).map(({ action, target, at, by: who, comment }) => [
			action,
			target,
			at,
			who,
			comment,
		]),
	).toEqual([
		["removed", "192.0.2.1", february, "unix:0", "replaced"],
		["added", "192.0.2.2", january, by, "why"],
		["added", "192.0.2.1", january, by, "why"],
	]);
	expect(() => removeExclusions(data, [1], "again", { at: march, by })).toThrow(/no exclusion 1 any more/);
	expect(() => removeExclusions(data, [7], "what", { at: march, by })).toThrow(/no exclusion 7\./);
});

test("an expired one no longer holds, is listed as expired, and can be added again", () => {
	const data = fresh();
	addExclusions(data, [wanted("192.0.2.1", february)], { at: january, by });
	const last = Date.parse(february) - 1;
	expect(listExclusions(data, last)[0]?.state).toBe("holds");
	expect(listExclusions(data, last + 1)[0]?.state).toBe("expired");
	expect(holdingExclusions(data, last + 1)).toEqual([]);
	expect(exclusionHistory(data, last).map((one) => one.action)).toEqual(["added"]);
	expect(exclusionHistory(data, last + 1).map((one) => one.action)).toEqual(["expired", "added"]);
	expect(() => addExclusions(data, [wanted("192.0.2.1")], { at: january, by })).toThrow(/already excluded \(1\): why/);
	expect(addExclusions(data, [wanted("192.0.2.1")], { at: march, by })).toEqual([2]);
});

test("one removed before its expiry never expired", () => {
	const data = fresh();
	addExclusions(data, [wanted("192.0.2.1", march)], { at: january, by });
	removeExclusions(data, [1], "done", { at: february, by });
	expect(exclusionHistory(data, Date.parse(march)).map((one) => one.action)).toEqual(["removed", "added"]);
});

test("there is a limit to how many hold at once", () => {
	const data = fresh();
	const many = Array.from({ length: 10_001 }, (_, i) => wanted(`t${i}`));
	expect(() => addExclusions(data, many, { at: january, by })).toThrow(expect.objectContaining({ code: "too-large" }));
});
