import fc from "fast-check";
import { expect, test } from "vitest";
import { type Command, commandOf, readTyped, splitTyped, suggestCommands } from "./commands.ts";

const log: string[] = [];
const command = (name: string, more: Partial<Command> = {}): Command => ({
	...{ name, about: `what ${name} does`, run: (rest: string) => void log.push(`${name}(${rest})`) },
	...more,
});
const commands = [
	command("scan", { takes: "TARGETS" }),
	command("scans"),
	command("assets", { takes: "QUERY", query: "assets" }),
	command("theme", { takes: "NAME", values: ["dark", "light"] }),
	command("quit", { aliases: ["q"] }),
	command("pause", { reason: () => "Nothing runs." }),
];

test("a name, an alias or the start of only one is meant; the rest goes to it", () => {
	log.length = 0;
	for (const text of ["scan 192.0.2.0/24", "ass tag:Web and port:22 ", "q", "THEME light"]) {
		const act = readTyped(commands, text);
		if (typeof act === "function") act();
	}
	expect(log).toEqual(["scan(192.0.2.0/24)", "assets(tag:Web and port:22)", "quit()", "theme(light)"]);
	expect(commandOf(commands, "sca")).toBeUndefined();
});

test.each([
	["sca", "“sca” could be scan, scans."],
	["asets", "There is no command “asets”; did you mean assets?"],
	["zzz", "There is no command “zzz”; Tab shows those there are"],
	["pause", "Nothing runs."],
	["quit now", "Nothing follows quit: “now”."],
	["theme pink", "theme takes dark, light."],
])("%s is refused with what would be right", (text, sentence) => {
	expect(readTyped(commands, text)).toBe(sentence);
});

test("suggestions begin with what begins so, and follow the command once it is named", () => {
	expect(suggestCommands(commands, "doe")).toHaveLength(commands.length);
	expect(
		suggestCommands(commands, "s")
			.slice(0, 2)
			.map(({ name }) => name),
	).toEqual(["scan", "scans"]);
	expect(suggestCommands(commands, "q")[0]?.name).toBe("quit");
	expect(suggestCommands(commands, "assets tag").map(({ name }) => name)).toEqual(["assets"]);
	expect(suggestCommands(commands, "")).toEqual(commands);
});

test("any text is split without loss of the rest", () => {
	fc.assert(
		fc.property(fc.string(), (text) => {
			const { word, rest, restAt } = splitTyped(text);
			expect(word).not.toMatch(/\s/);
			if (restAt !== undefined) expect(text.slice(restAt).trimEnd()).toBe(rest);
		}),
	);
});
