/** How a key is written in the keymap and in keys.json, and which keys a terminal cannot tell from others. Pure. */

const special = new Set([
	...["up", "down", "left", "right", "pgup", "pgdn", "home", "end"],
	...["enter", "esc", "tab", "space", "backspace", "delete"],
]);
/** Terminals send the same byte for both. */
const twins: Readonly<Record<string, string>> = {
	"ctrl-i": "tab",
	"ctrl-m": "enter",
	"ctrl-j": "enter",
	"ctrl-h": "backspace",
	"ctrl-[": "esc",
};
/** What people write elsewhere. */
const aliases: Readonly<Record<string, string>> = {
	...{ return: "enter", cr: "enter", escape: "esc", spc: "space", " ": "space", bs: "backspace", del: "delete" },
	...{ pageup: "pgup", pagedown: "pgdn", "page-up": "pgup", "page-down": "pgdn", prior: "pgup", next: "pgdn" },
	...{ arrowup: "up", arrowdown: "down", arrowleft: "left", arrowright: "right" },
};

export interface KeyFault {
	readonly why: string;
	/** How it may have been meant; undefined when nothing is near. */
	readonly meant?: string;
}

/** Undefined for a key, or two with a blank between, that the console can be told by; else what is wrong with it. */
export function faultOfKey(keys: string): KeyFault | undefined {
	const parts = keys.split(" ");
	if (keys === "" || parts.includes("")) return { why: "no key is named", ...meantBy(keys.trim()) };
	if (parts.length > 2) return { why: "at most two keys follow one another" };
	for (const part of parts) {
		const fault = faultOfOne(part);
		if (!fault) continue;
		const [whole] = [parts.map((one) => (one === part ? (fault.meant ?? one) : one)).join(" ")];
		return fault.meant === undefined ? fault : { ...fault, meant: whole };
	}
	return undefined;
}

function faultOfOne(key: string): KeyFault | undefined {
	const twin = twins[key];
	if (twin !== undefined) return { why: `terminals send the same for ${key} and ${twin}`, meant: twin };
	if (isUsable(key)) return undefined;
	if (/^f\d{1,2}$/i.test(key)) return { why: "function keys do not arrive the same from every terminal" };
	if (/^ctrl-[^a-z]$/i.test(key) && !/^ctrl-[A-Z]$/.test(key)) return { why: "with ctrl only letters and ] arrive" };
	return { why: "there is no such key", ...meantBy(key) };
}

function isUsable(key: string): boolean {
	if (special.has(key)) return true;
	if (/^(ctrl-|shift-)(up|down|left|right|pgup|pgdn|home|end|tab)$/.test(key)) return key !== "ctrl-tab";
	if (/^ctrl-[a-z\]]$/.test(key) || /^alt-[a-zA-Z0-9]$/.test(key)) return key !== "alt-O";
	return isPrintable(key);
}

/** A key that types itself. */
export function isPrintable(key: string): boolean {
	return key === "space" || ([...key].length === 1 && !/[\p{C}\p{Z}\p{M}]/u.test(key));
}

/** `Ctrl+P`, `C-p`, `^P`, `<c-p>`, `PageDown`: in our spelling, where that is a key. */
function meantBy(written: string): { meant?: string } {
	const bare = written.replace(/^<(.+)>$/, "$1");
	const caret = /^\^(.)$/.exec(bare)?.[1];
	const found = caret === undefined ? /^(?:(c|ctrl|control|a|alt|m|meta|s|shift)[-+])?(.+)$/i.exec(bare) : undefined;
	const modifier = caret === undefined ? modifierOf(found?.[1]) : "ctrl-";
	const name = caret ?? found?.[2] ?? "";
	const lower = aliases[name.toLowerCase()] ?? name.toLowerCase();
	const candidates = [modifier + lower, modifier + name, modifier === "shift-" ? name.toUpperCase() : ""];
	const meant = candidates.find((one) => one !== "" && (isUsable(one) || twins[one] !== undefined));
	return meant === undefined || meant === written ? {} : { meant: twins[meant] ?? meant };
}

function modifierOf(written: string | undefined): string {
	if (written === undefined) return "";
	return /^c/i.test(written) ? "ctrl-" : /^s/i.test(written) ? "shift-" : "alt-";
}
