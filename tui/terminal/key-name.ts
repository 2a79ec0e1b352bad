/** One name for each key, as the keymap writes it: `j`, `G`, `enter`, `ctrl-d`, `shift-tab`, `space`. */
import type { Key } from "ink";

/** Ink's two arguments as a name; empty when it is a key the console has no name for. */
export function keyName(input: string, key: Key): string {
	const special = specialName(input, key);
	if (special !== "") return prefixed(special, key);
	if (input === "\u001d") return "ctrl-]";
	if (key.ctrl) return input === "" ? "" : `ctrl-${input.toLowerCase()}`;
	if (key.meta) return input === "" ? "" : `alt-${input}`;
	return input;
}

function specialName(input: string, key: Key): string {
	if (key.upArrow) return "up";
	if (key.downArrow) return "down";
	if (key.leftArrow) return "left";
	if (key.rightArrow) return "right";
	if (key.pageUp) return "pgup";
	if (key.pageDown) return "pgdn";
	if (key.home) return "home";
	if (key.end) return "end";
	if (key.return || input === "\n") return "enter";
	if (key.escape) return "esc";
	if (key.tab) return "tab";
	if (key.backspace) return "backspace";
	if (key.delete) return "delete";
	return input === " " ? "space" : "";
}

function prefixed(name: string, key: Key): string {
	if (name === "esc") return name;
	return `${key.ctrl ? "ctrl-" : ""}${key.shift ? "shift-" : ""}${name}`;
}
