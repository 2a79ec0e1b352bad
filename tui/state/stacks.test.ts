import { expect, test } from "vitest";
import type { View } from "../screens/view.ts";
import { createStacks, mostKept, type Stack } from "./stacks.ts";

function stackOf(name: string, closed: string[], to = "scans"): Stack {
	return [{ route: { to }, name, close: () => closed.push(name) } as unknown as View];
}
const nameOf = (stack: Stack) => (stack[0] as unknown as { name: string } | undefined)?.name;

test("the last stack comes back as it was, and the way goes on in both directions", () => {
	const closed: string[] = [];
	const stacks = createStacks();
	expect(stacks.swap()).toBe(false);
	for (const name of ["a", "b", "c"]) stacks.leaveFor(stackOf(name, closed));
	expect([stacks.swap(), nameOf(stacks.current())]).toEqual([true, "b"]);
	expect([stacks.swap(), nameOf(stacks.current())]).toEqual([true, "c"]);
	stacks.older();
	stacks.older();
	expect(nameOf(stacks.current())).toBe("a");
	expect(stacks.older()).toBe(false);
	stacks.newer();
	stacks.newer();
	expect([nameOf(stacks.current()), stacks.newer()]).toEqual(["c", false]);
	expect(closed).toEqual([]);
});

test("few are kept, a shell is none of them, and a new way ends the one that was gone back on", () => {
	const closed: string[] = [];
	const stacks = createStacks();
	for (let index = 0; index < mostKept + 3; index++) stacks.leaveFor(stackOf(`${index}`, closed));
	expect(closed).toEqual(["0", "1"]);
	stacks.older();
	stacks.leaveFor(stackOf("shell", closed, "shell"));
	expect(closed).toEqual(["0", "1", "6"]);
	stacks.leaveFor(stackOf("last", closed));
	expect(closed).toEqual(["0", "1", "6", "shell"]);
	stacks.close();
	expect(closed.toSorted()).toEqual(["0", "1", "2", "3", "4", "5", "6", "last", "shell"]);
});

test("a view is taken out of whichever stack it lies in, and what lies with it stays", () => {
	const closed: string[] = [];
	const stacks = createStacks();
	const dialog = { route: { to: "tags" }, close: () => closed.push("dialog") } as unknown as View;
	stacks.leaveFor([...stackOf("a", closed), dialog]);
	stacks.leaveFor(stackOf("b", closed));
	expect(stacks.take({ to: "tags" })).toBeUndefined();
	expect(stacks.take(dialog.route)).toBe(dialog);
	stacks.older();
	expect([stacks.current().length, nameOf(stacks.current()), closed]).toEqual([1, "a", []]);
});
