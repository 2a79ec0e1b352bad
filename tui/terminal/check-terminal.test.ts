import { expect, test } from "vitest";
import { checkTerminal } from "./check-terminal.ts";

const size = { columns: 120, rows: 40 };
const good = { TERM: "xterm-256color", LANG: "en_GB.UTF-8" };
const worst = (env: Record<string, string>, at = size) =>
	checkTerminal(env, at)
		.filter(({ state }) => state !== "ok")
		.map(({ id, state }) => `${id} ${state}`);

test.each([
	["a good one", good, size, []],
	["a dumb one", { ...good, TERM: "dumb" }, size, ["terminal failed"]],
	["a small one", good, { columns: 79, rows: 24 }, ["terminal-size warning"]],
	["one without UTF-8", { TERM: "xterm", LANG: "C" }, size, ["terminal-text warning"]],
	["LC_ALL wins over LANG", { ...good, LC_ALL: "POSIX" }, size, ["terminal-text warning"]],
	["tmux", { ...good, TMUX: "/run/tmux,1,0" }, size, ["clipboard warning"]],
	["screen", { ...good, STY: "1.pts" }, size, ["clipboard warning"]],
	["ssh", { ...good, SSH_CONNECTION: "192.0.2.1 5 192.0.2.2 22" }, size, []],
])("%s", (_, env, at, expected) => {
	expect(worst(env, at)).toEqual(expected);
});

test("what is no terminal is one line and no fault", () => {
	expect(checkTerminal({}, null)).toMatchObject([{ id: "terminal", state: "ok" }]);
});
