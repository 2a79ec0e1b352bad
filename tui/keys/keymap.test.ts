import { expect, test } from "vitest";
import { bindingsInReach, findBinding } from "./find-binding.ts";
import { bindingsOf } from "./in-force.ts";
import { keymap, type Scope } from "./keymap.ts";

const scopes = Object.keys(keymap) as Scope[];

test.each(scopes)("in scope %s no key means two things, and every action is named once", (scope) => {
	const keys = bindingsOf(scope).flatMap((binding) => binding.keys);
	expect(keys).toEqual([...new Set(keys)]);
	const actions = bindingsOf(scope).map((binding) => binding.action);
	expect(actions).toEqual([...new Set(actions)]);
	for (const binding of bindingsOf(scope)) expect(binding.description).not.toBe("");
});

test("nothing destructive sits on a key one leans on, and escape only ever goes back", () => {
	for (const scope of scopes) {
		for (const binding of bindingsOf(scope)) {
			if (["cancel", "stop-all"].includes(binding.action))
				for (const key of binding.keys) expect(key).toMatch(/^[A-Z!]$/);
			if (binding.keys.includes("esc")) expect(binding.action).toBe("back");
		}
	}
});

test("two keys one after the other are one binding", () => {
	expect(findBinding(["list"], "", "g")).toEqual({ kind: "prefix", keys: "g" });
	expect(findBinding(["list"], "g", "g")).toMatchObject({ kind: "binding", binding: { action: "first" } });
	expect(findBinding(["list", "everywhere"], "g", "f")).toMatchObject({
		kind: "binding",
		binding: { action: "findings" },
	});
	expect(findBinding(["list"], "g", "z")).toEqual({ kind: "none" });
});

test("the nearest scope wins", () => {
	expect(findBinding(["scans", "list", "everywhere"], "", "n")).toMatchObject({
		scope: "scans",
		binding: { action: "new" },
	});
	expect(findBinding(["list", "everywhere"], "", "n")).toMatchObject({
		scope: "everywhere",
		binding: { action: "new-scan" },
	});
});

test("a key that a nearer place takes is not promised by one behind it; its second key is", () => {
	const keysOf = (scopes: readonly Scope[], action: string) =>
		bindingsInReach(scopes).find(({ binding }) => binding.action === action)?.binding.keys;
	expect(keysOf(["findings", "table"], "sort-too")).toEqual(["S", "&"]);
	expect(keysOf(["profiles", "table"], "sort-too")).toEqual(["&"]);
	expect(keysOf(["finding-groups", "table"], "columns")).toEqual(["c"]);
	expect(keysOf(["list", "table", "everywhere"], "copy")).toBeUndefined();
});

test("the letters of every table are no screen's own, and one word is one key wherever it stands", () => {
	const own = scopes.filter((scope) => !["table", "copying", "list", "choice", "searching"].includes(scope));
	const taken = (key: string) => own.filter((scope) => bindingsOf(scope).some(({ keys }) => keys.includes(key)));
	for (const key of ["c", "b", "#"]) expect([key, taken(key)]).toEqual([key, []]);
	const words = {
		...{ add: "a", edit: "e", delete: "X", cancel: "X", pause: "p", "run-now": "W", undo: "u", compare: "D" },
		...{ comment: "C", import: "i", history: "H", shell: "$", why: "w", mark: "space", switch: "space" },
	};
	for (const [word, key] of Object.entries(words)) {
		const found = scopes.flatMap((scope) => bindingsOf(scope).filter(({ action }) => action === word));
		expect([word, ...new Set(found.map(({ keys }) => keys[0]))]).toEqual([word, key]);
	}
});
