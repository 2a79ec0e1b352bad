import { expect, test } from "vitest";
import { openTestConsole } from "../../../test/support/console.ts";
import type { Route } from "../../screens/view.ts";
import type { Block } from "./document.ts";
import { createScroll } from "./scroll.ts";

test("words are found in a text, forth and back, and round", async () => {
	const desk = openTestConsole({ screen: { to: "why", finding: 3 } });
	await desk.terminal.waitFor(/Step by step/);
	await desk.press("n");
	await desk.terminal.waitFor(/Nothing is looked for yet: \/ asks what/);
	await desk.press("/", "STEP by", "enter");
	await desk.terminal.waitFor(/1 of 1 line · n next · N before/);
	await desk.press("/", "ctrl-u", "expression", "enter");
	const told = await desk.terminal.waitFor(/1 of \d+ lines/);
	const all = Number(/1 of (\d+) lines/.exec(told)?.[1]);
	expect(all).toBeGreaterThan(1);
	await desk.press("N");
	await desk.terminal.waitFor(new RegExp(`${all} of ${all} lines`));
	await desk.press("n", "n");
	await desk.terminal.waitFor(/2 of \d+ lines/);
	await desk.press("/", "ctrl-u", "no such words", "enter");
	await desk.terminal.waitFor(/“no such words” is not in this text/);
	await desk.close();
});

test("a text that is read anew stays at the line that was found, while it still says that", async () => {
	const told: string[] = [];
	let asked: Route | undefined;
	const scroll = createScroll({
		changed: () => undefined,
		toast: (_kind, text) => told.push(text.split(" ·")[0] ?? ""),
		open(route) {
			asked = route;
		},
	});
	const draw = (words: readonly string[]) =>
		scroll.draw(
			words.map((text): Block => ({ kind: "text", text })),
			20,
			9,
		);
	const words = Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? `port ${at}` : "other"));
	draw(words);
	scroll.searching.search.run();
	if (asked?.to === "form") await asked.form.submit({ text: "port" }, new AbortController().signal);
	for (let step = 0; step < 7; step++) {
		draw(words);
		scroll.searching["next-match"].run();
	}
	expect(told.at(-1)).toBe("8 of 20 lines");
	draw(words.with(14, "gone"));
	scroll.searching["next-match"].run();
	expect(told.at(-1), "from what is on screen on").toMatch(/^\d+ of 19 lines/);
});
