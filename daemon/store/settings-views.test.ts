import fc from "fast-check";
import { expect, test } from "vitest";
import { noSettings } from "./settings-schema.ts";
import {
	getView,
	listViews,
	preferencesOf,
	removeView,
	type StoredView,
	saveView,
	setPreferences,
} from "./settings-views.ts";

const empty = () => structuredClone(noSettings);
const viewOf = (owner: string, name: string, shared = false, filter = ""): StoredView => ({
	...{ list: "findings", name, filter, sort: null, columns: [], shared, owner, updatedAt: "2026-01-01T00:00:00.000Z" },
});

test("one's own views are one's own, shared ones everybody's, and one's own comes first", () => {
	const data = empty();
	saveView(data, viewOf("ana", "Mine", false, "port:22"));
	saveView(data, viewOf("joe", "mine", true, "port:80"));
	expect(new Set(listViews(data, "ana").map(({ owner }) => owner))).toEqual(new Set(["ana", "joe"]));
	expect(getView(data, "ana", "findings", "MINE ").filter).toBe("port:22");
	expect(getView(data, "eve", "findings", "mine").filter).toBe("port:80");
	expect(listViews(data, "joe")).toHaveLength(1);
	expect(() => getView(data, "eve", "assets", "mine")).toThrow(expect.objectContaining({ code: "not-found" }));
});

test("a name is shared once, and what is shared does not become private by being saved", () => {
	const data = empty();
	saveView(data, viewOf("ana", "Worst", true));
	const conflict = expect.objectContaining({ code: "conflict" });
	expect(() => saveView(data, viewOf("joe", "worst", true))).toThrow(conflict);
	expect(() => saveView(data, viewOf("ana", "worst"))).toThrow(conflict);
	expect(saveView(data, viewOf("ana", "WORST", true, "kev:true"))?.name).toBe("Worst");
	expect(data.views).toHaveLength(1);
	saveView(data, viewOf("joe", "worst"));
	expect(data.views).toHaveLength(2);
});

test("a list opens with a view as long as that is there", () => {
	const data = empty();
	saveView(data, viewOf("ana", "Worst", true));
	setPreferences(data, { operator: "joe", list: "findings", view: "worst" });
	setPreferences(data, { operator: "joe", list: "findings", columns: [{ id: "port", hidden: true, width: null }] });
	expect(preferencesOf(data, "joe", "findings").view?.name).toBe("Worst");
	expect(preferencesOf(data, "ana", "findings")).toEqual({ columns: [], view: null });
	expect(() => setPreferences(data, { operator: "joe", list: "findings", view: "none" })).toThrow(
		expect.objectContaining({ code: "not-found" }),
	);
	removeView(data, viewOf("ana", "worst", true));
	const kept = preferencesOf(data, "joe", "findings");
	expect(kept.view).toBeNull();
	expect(kept.columns).toHaveLength(1);
	setPreferences(data, { operator: "joe", list: "findings", columns: [] });
	expect(data.listPreferences).toEqual([]);
});

test("there are never more of them than settings may hold", () => {
	fc.assert(
		fc.property(
			fc.array(fc.tuple(fc.constantFrom("ana", "joe"), fc.stringMatching(/^[a-z]{1,3}$/)), { maxLength: 40 }),
			(made) => {
				const data = empty();
				for (const [owner, name] of made) saveView(data, viewOf(owner, name));
				expect(data.views).toHaveLength(new Set(made.map(String)).size);
			},
		),
	);
	const full = empty();
	full.views = Array.from({ length: 1_000 }, (_, n) => viewOf("ana", `v${n}`));
	expect(() => saveView(full, viewOf("joe", "one more"))).toThrow(expect.objectContaining({ code: "too-large" }));
	expect(saveView(full, viewOf("ana", "v7"))?.name).toBe("v7");
});
