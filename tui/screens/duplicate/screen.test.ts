import { expect, test } from "vitest";
import { AppError } from "../../../protocol/errors.ts";
import * as duplicates from "../../../protocol/methods/duplicates.ts";
import { openTestConsole, type TestConsole } from "../../../test/support/console.ts";

let open: TestConsole;
function openGroup(group: number): TestConsole {
	return openTestConsole({ screen: { to: "duplicate", group }, size: { columns: 120, rows: 30 } });
}

test("values are chosen by key, shown, asked about and sent", async () => {
	open = openGroup(1);
	await open.terminal.waitFor(/Side by side: what differs/);
	await open.terminal.waitFor(/the same SSH host key/);
	await open.terminal.waitFor(/RESULT[\s\S]*→ host-1\.example/);
	await open.press("l");
	await open.terminal.waitFor(/●›host-101[^→]*→ host-101/);
	await open.press(" ");
	await open.terminal.waitFor(/→ host-1\.example/);
	await open.press("h", "l");
	await open.press("i");
	await open.terminal.waitFor(/● 101 host-101[\s\S]*stays 1 host-1\.example\.org, chosen/);
	await open.press("m");
	await open.terminal.waitFor(/Merge 2 assets into one\?/);
	expect(open.paramsOf(duplicates.merge)).toBeUndefined();
	await open.answer("y");
	await open.terminal.waitFor(/Merged into/);
	expect(open.paramsOf(duplicates.merge)).toEqual({ assets: [1, 101], fields: { name: 101 }, into: 101, force: false });
});

test("what a merge keeps of all is no choice", async () => {
	open = openGroup(1);
	await open.terminal.waitFor(/Side by side/);
	await open.press("j", "j", " ");
	await open.terminal.waitFor(/there is nothing to choose/);
	await open.press("a");
	await open.terminal.waitFor(/tracking/);
});

test("what speaks against it is told, and merging asks to be sure", async () => {
	open = openGroup(2);
	await open.terminal.waitFor(/Side by side/);
	await open.press("m");
	await open.terminal.waitFor(/Merge against what speaks against it\?/);
	await open.answer("y");
	await open.terminal.waitFor(/Merged into/);
	expect(open.paramsOf(duplicates.merge)).toMatchObject({ force: true });
});

test("not the same is remembered with a reason, and the newest merge is undone", async () => {
	open = openGroup(1);
	await open.terminal.waitFor(/Side by side/);
	await open.press("x");
	await open.terminal.waitFor(/assets that are not the same/);
	await open.press("n", "o", "enter");
	await open.terminal.waitFor(/Remembered: 1 pair not the same/);
	expect(open.paramsOf(duplicates.reject)).toEqual({ assets: [1, 101], why: "no" });
	open.client.answer(duplicates.unreject, () => ({ pairs: 1 }));
	await open.press("u");
	await open.terminal.waitFor(/Undone: Remembered/);
	expect(open.paramsOf(duplicates.unreject)).toEqual({ assets: [1, 101] });
	await open.press("u");
	await open.terminal.waitFor(/Undo merge 4\?/);
	await open.answer("y");
	await open.terminal.waitFor(/assets again/);
	expect(open.paramsOf(duplicates.undo)).toEqual({ merge: 4 });
});

test("assets marked in their list are compared and merged, group or not, and then marked no more", async () => {
	open = openTestConsole({ screen: { to: "assets" }, size: { columns: 120, rows: 30 } });
	await open.terminal.waitFor(/web-02/);
	await open.press(" ", "m");
	await open.terminal.waitFor(/Mark the assets that are one machine first, two or more: Space marks one/);
	expect(open.terminal.lines().at(-1)).not.toContain("m merge");
	await open.press(" ", " ");
	await open.terminal.waitFor(/T tag +m merge[^\n]*$/);
	await open.press("m");
	await open.terminal.waitFor(/Assets 1, 2, 3[\s\S]*1 host-1[\s\S]*2 host-2[\s\S]*3 host-3/);
	expect(open.paramsOf(duplicates.compare)).toEqual({ assets: [1, 2, 3] });
	await open.press("m");
	await open.terminal.waitFor(/Merge 3 assets into one\?/);
	open.client.answer(duplicates.compare, () => {
		throw new AppError("not-found", "There is no asset 2.");
	});
	await open.answer("y");
	const after = await open.terminal.waitFor(/Merged: these assets are one machine now/);
	expect(after).toMatch(/Esc goes back {3}u undoes it/);
	expect(open.paramsOf(duplicates.merge)).toEqual({ assets: [1, 2, 3], fields: {}, force: false });
	await open.press("esc");
	await open.terminal.waitFor((shown) => shown.includes("web-02") && !/\d marked/.test(shown));
});

test("more assets than fit side by side are not compared", async () => {
	open = openTestConsole({ screen: { to: "assets" }, size: { columns: 120, rows: 30 } });
	await open.terminal.waitFor(/web-10/);
	await open.press(...Array.from({ length: 9 }, () => " "));
	await open.terminal.waitFor(/9 marked/);
	await open.press("m");
	await open.terminal.waitFor(/9 assets are marked: up to 8 are compared and merged at once/);
	expect(open.paramsOf(duplicates.compare)).toBeUndefined();
});

test("the room for what a merge does is moved by the keys that move it beside lists", async () => {
	open = openTestConsole({ screen: { to: "duplicate", group: 1 }, size: { columns: 160, rows: 45 } });
	const borderOf = (text: string) => /^│ .* │ /m.exec(text.split("\n")[4] ?? "")?.[0].lastIndexOf(" │ ");
	const before = borderOf(await open.terminal.waitFor(/What merging does/)) ?? 0;
	await open.press("(");
	await open.terminal.waitFor((text) => (borderOf(text) ?? before) < before);
	await open.press(")");
	await open.terminal.waitFor((text) => borderOf(text) === before);
});
