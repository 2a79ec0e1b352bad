import { expect, test } from "vitest";
import { bindingsOf } from "../../keys/in-force.ts";
import type { Action } from "../view.ts";
import { elsewhere, matching } from "./model.ts";

const actions: Action[] = (["scans", "everywhere"] as const).flatMap((scope) =>
	bindingsOf(scope).map((binding) => ({ binding, scope, reason: () => undefined, run: () => undefined })),
);
const named = (typed: string) => matching(actions, typed).map(({ binding }) => binding.action);

test("nothing typed: all of them, in their order", () => {
	expect(matching(actions, "  ")).toEqual(actions);
});

test("every word must be somewhere in it, in any order; what begins with the first comes first", () => {
	expect(named("pause")[0]).toBe("pause");
	expect(named("scan new")).toEqual(expect.arrayContaining(["new", "new-scan"]));
	expect(named("scans")[0]).toBe("scans");
	expect(named("ctrl-l")).toEqual(["repaint"]);
	expect(named("schedule")).toEqual(["recipes"]);
	expect(named("no such thing")).toEqual([]);
});

test("what other screens call that is told with its place, what is in reach is not told again", () => {
	const named = (typed: string) => elsewhere(actions, typed).map(({ binding, scope }) => `${scope} ${binding.action}`);
	expect(named("export")).toContain("mending export");
	expect(named("repaint")).toEqual([]);
	expect(named(" ")).toEqual([]);
});
