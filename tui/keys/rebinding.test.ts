import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { openTestConsole } from "../../test/support/console.ts";
import { bindingsOf, putInForce } from "./in-force.ts";
import { faultOfKey } from "./key-spelling.ts";
import { keymap, type Scope } from "./keymap.ts";
import { readRebinding } from "./rebinding.ts";
import { keyPage, keyRows, keyText } from "./reference.ts";

afterEach(() => putInForce(keymap));

const scopes = Object.keys(keymap) as Scope[];
const read = (own: unknown) => readRebinding(JSON.stringify(own));
const keysOf = (name: string, own: unknown) => keyRows(read(own).keymap).find((row) => row.name === name)?.keys;

test("keys of one's own lie over the keymap, and nothing else changes", () => {
	const {
		keymap: laid,
		changed,
		problems,
	} = read({ "scans.pause": "f", "list.sort": ["o", "ctrl-o"], "scans.cancel": [] });
	expect({ changed, problems }).toEqual({ changed: 3, problems: [] });
	expect(keysOf("scans.pause", { "scans.pause": "f" })).toEqual(["f"]);
	const others = keyRows(laid).filter(({ isChanged }) => !isChanged);
	expect(others).toEqual(
		keyRows(keymap).filter(({ name }) => !["scans.pause", "list.sort", "scans.cancel"].includes(name)),
	);
});

test("two that change places do not conflict", () => {
	expect(read({ "scans.pause": "c", "scans.compare": "p" }).problems).toEqual([]);
});

test.each([
	[{ "scans.pase": "f" }, "scans.pase", /there is no such action; did you mean scans\.pause/],
	[{ "lists.sort": "f" }, "lists.sort", /did you mean list\.sort/],
	[{ nonsense: "f" }, "nonsense", /vedette keys lists them/],
	[{ "scans.pause": "C-f" }, "scans.pause", /C-f: there is no such key; did you mean ctrl-f/],
	[{ "scans.pause": "PageDown" }, "scans.pause", /did you mean pgdn/],
	[{ "scans.pause": "ctrl-i" }, "scans.pause", /terminals send the same for ctrl-i and tab; did you mean tab/],
	[{ "scans.pause": "F5" }, "scans.pause", /function keys/],
	[{ "scans.pause": "D" }, "scans.pause", /scans\.compare \(“[^”]+”\) has it; free is/],
	[{ "scans.pause": "g" }, "scans.pause", /it begins g /],
	[{ "scans.pause": "n x" }, "scans.pause", /n alone is scans\.new/],
	[{ "scans.pause": "?" }, "scans.pause", /everywhere\.help .* has it/],
	[{ "scans.pause": "esc" }, "scans.pause", /Escape only ever goes back/],
	[{ "everywhere.quit": "Q" }, "everywhere.quit", /must not be a key that types/],
	[{ "everywhere.quit": [] }, "everywhere.quit", /it needs a key/],
	[{ "shell.leave-pane": [] }, "shell.leave-pane", /it needs a key/],
	[{ "shell.leave-pane": "x" }, "shell.leave-pane", /the shell takes it/],
	[{ "form.submit": "s" }, "form.submit", /it is text there/],
	[{ "scans.pause": 7 }, "scans.pause", /must be a text or a list/],
	[["x"], "", /must be an object/],
])("%j is named and not in force", (own, entry, said) => {
	const {
		keymap: laid,
		changed,
		problems,
	} = read({ ...own, ...(Array.isArray(own) ? {} : { "list.refresh": "ctrl-g" }) });
	if (Array.isArray(own)) return expect(read(own).problems[0]?.text).toMatch(said);
	expect(problems).toHaveLength(1);
	expect(problems[0]).toMatchObject({ entry, text: expect.stringMatching(said) });
	expect(changed, "the rest is in force").toBe(1);
	expect(laid.scans).toEqual(keymap.scans);
	expect(laid.list.find(({ action }) => action === "refresh")?.keys).toEqual(["ctrl-g"]);
});

test("what is no JSON says so; Escape stays on back", () => {
	expect(readRebinding("{,").problems).toEqual([{ entry: "", text: expect.stringMatching(/it is no JSON/) }]);
	expect(keysOf("everywhere.back", { "everywhere.back": "ctrl-y" })).toEqual(["ctrl-y", "esc"]);
});

test("whatever the file holds: no error, no key means two things, and every action is still there", () => {
	const names = scopes.flatMap((scope) => keymap[scope].map(({ action }) => `${scope}.${action}`));
	const key = fc.oneof(
		fc.constantFrom(
			"a",
			"D",
			"p",
			"g",
			"g x",
			"X",
			"n",
			"enter",
			"esc",
			"ctrl-c",
			"ctrl-p",
			"F5",
			"Space",
			"ab",
			"",
			"é",
		),
		fc.string({ maxLength: 8 }),
	);
	const value = fc.oneof(key, fc.array(key, { maxLength: 3 }), fc.jsonValue({ maxDepth: 1 }));
	fc.assert(
		fc.property(fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), value, { maxKeys: 12 }), (own) => {
			const { keymap: laid } = read(own);
			for (const scope of scopes) {
				expect(laid[scope].map(({ action }) => action)).toEqual(keymap[scope].map(({ action }) => action));
				const keys = laid[scope].flatMap((binding) => [...new Set(binding.keys)]);
				expect(keys).toEqual([...new Set(keys)]);
			}
		}),
		{ numRuns: 300 },
	);
	fc.assert(fc.property(fc.string(), (text) => void readRebinding(text)));
});

test("every key of the keymap is one that can be written", () => {
	for (const { name, keys } of keyRows(keymap))
		for (const key of keys) expect(faultOfKey(key), `${name} ${key}`).toBeUndefined();
});

test("the reference has every action once, as text and as a page", () => {
	const rows = keyRows(read({ "scans.pause": "f" }).keymap);
	expect(keyText(rows).filter((line) => line.includes("(scans.pause, yours)"))).toHaveLength(1);
	for (const { name } of rows) expect(keyPage(rows).split(`\`${name}\``)).toHaveLength(2);
});

test("hints, help and dispatch go by the user's keys", async () => {
	const desk = openTestConsole({
		screen: { to: "scans" },
		keys: read({ "scans.pause": "f", "everywhere.help": ["H"] }),
	});
	await desk.terminal.waitFor(/dmz weekly/);
	const shown = await desk.terminal.waitFor(/f pause/);
	expect(shown).toMatch(/H help/);
	await desk.press("p");
	expect(desk.client.calls.some(({ name }) => name === "scans.pause")).toBe(false);
	await desk.press("f");
	await desk.terminal.waitFor(/Paus/);
	expect(desk.client.calls.some(({ name }) => name === "scans.pause")).toBe(true);
	await desk.press("H");
	await desk.terminal.waitFor(/f +Pause, or resume/);
	await desk.close();
	expect(bindingsOf("scans").find(({ action }) => action === "pause")?.keys).toEqual(["f"]);
});
