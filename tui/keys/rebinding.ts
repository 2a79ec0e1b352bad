/**
 * The user's own keys: `{ "scans.pause": "f", "list.sort": ["s", "ctrl-o"], "dashboard.scan-here": [] }`, laid over the keymap.
 * What is wrong in it is named with what would be right, and the rest is in force. Pure; never throws.
 */
import { closeNames } from "../../protocol/close-names.ts";
import type { Binding } from "./binding.ts";
import type { Keymap } from "./in-force.ts";
import { faultOfKey, isPrintable } from "./key-spelling.ts";
import { alwaysActions, keymap, type Scope } from "./keymap.ts";

export interface KeyProblem {
	/** As the file has it: `scans.pause`; empty for the file as a whole. */
	readonly entry: string;
	/** What is wrong and what would be right, without a full stop. */
	readonly text: string;
}

export interface Rebinding {
	readonly keymap: Keymap;
	/** Actions that have other keys than before. */
	readonly changed: number;
	readonly problems: readonly KeyProblem[];
}

/** An action of the file with the keys that may still be given to it. */
interface Wish {
	readonly name: string;
	readonly scope: Scope;
	readonly action: string;
	readonly keys: readonly string[];
}

const scopes = Object.keys(keymap) as Scope[];
const actionNames = scopes.flatMap((scope) => keymap[scope].map(({ action }) => `${scope}.${action}`));
/** What no other key may cover, or one could be lost. */
const essential: readonly string[] = ["back", "quit", "help", "palette"];
/** Where everything that prints is text. */
const typedInto: readonly Scope[] = ["form", "palette"];

export const plainKeymap: Rebinding = { keymap, changed: 0, problems: [] };

export function readRebinding(text: string): Rebinding {
	const problems: KeyProblem[] = [];
	const wishes = readWishes(text, problems);
	const settled = settle(wishes, problems);
	return { keymap: laidOver(settled), changed: settled.filter(isOther).length, problems };
}

function readWishes(text: string, problems: KeyProblem[]): Wish[] {
	let parsed: unknown;
	try {
		parsed = JSON.parse(text);
	} catch (err) {
		problems.push({ entry: "", text: `it is no JSON: ${err instanceof Error ? err.message : String(err)}` });
		return [];
	}
	if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
		problems.push({ entry: "", text: 'it must be an object, such as { "scans.pause": "f" }' });
		return [];
	}
	return Object.entries(parsed).flatMap(([name, value]) => readWish(name, value, problems));
}

function readWish(name: string, value: unknown, problems: KeyProblem[]): Wish[] {
	const no = (text: string): [] => {
		problems.push({ entry: name, text });
		return [];
	};
	if (!actionNames.includes(name)) {
		const action = name.split(".").at(-1) ?? "";
		const [near] = [...closeNames(name, actionNames), ...actionNames.filter((one) => one.endsWith(`.${action}`))];
		return no(`there is no such action${near === undefined ? "; vedette keys lists them" : `; did you mean ${near}`}`);
	}
	const keys = typeof value === "string" ? [value] : value;
	if (!Array.isArray(keys) || !keys.every((key) => typeof key === "string"))
		return no('its keys must be a text or a list of texts: "p" or ["p", "ctrl-p"]');
	const dot = name.indexOf(".");
	const wish = { name, scope: name.slice(0, dot) as Scope, action: name.slice(dot + 1) };
	const usable = (keys as string[]).filter((key) => {
		const fault = faultOf(key, wish);
		if (fault !== undefined) no(fault);
		return fault === undefined;
	});
	if (keys.length > 0 && usable.length === 0) return [];
	if (usable.length === 0 && isEssential(wish)) return no("it needs a key");
	return [{ ...wish, keys: wish.action === "back" && !usable.includes("esc") ? [...usable, "esc"] : usable }];
}

function faultOf(key: string, wish: Omit<Wish, "keys">): string | undefined {
	const fault = faultOfKey(key);
	if (fault) return `${key}: ${fault.why}${fault.meant === undefined ? "" : `; did you mean ${fault.meant}`}`;
	const always = wish.scope === "everywhere" && alwaysActions.includes(wish.action);
	if (key.includes("esc") && wish.action !== "back") return "esc: Escape only ever goes back";
	if (key.includes("ctrl-c") && wish.action !== "quit") return "ctrl-c: it only ever quits";
	if (always && (isPrintable(key) || key.includes(" ")))
		return `${key}: must not be a key that types; ctrl and a letter`;
	if (isLeavingPane(wish) && !/^ctrl-.$/.test(key)) return `${key}: the shell takes it; ctrl and a letter`;
	if (typedInto.includes(wish.scope) && isPrintable(key.split(" ")[0] ?? "")) return `${key}: it is text there`;
	return undefined;
}

function isEssential(wish: Pick<Wish, "scope" | "action">): boolean {
	return (wish.scope === "everywhere" && essential.includes(wish.action)) || isLeavingPane(wish);
}

/** The one key that a shell which is typed into does not take. */
function isLeavingPane({ scope, action }: Pick<Wish, "scope" | "action">): boolean {
	return scope === "shell" && action === "leave-pane";
}

/** Takes keys away from wishes until nothing conflicts; what comes later in the file gives way. */
function settle(wishes: readonly Wish[], problems: KeyProblem[]): Wish[] {
	let left = wishes;
	for (;;) {
		const found = firstConflict(left);
		if (found === undefined) return [...left];
		const { wish, key, why } = found;
		problems.push({ entry: wish.name, text: `${key}: ${why}${nearestFree(key, wish, left)}` });
		left = left.flatMap((one) => {
			if (one !== wish) return [one];
			const keys = one.keys.filter((own) => own !== key);
			return keys.length === 0 ? [] : [{ ...one, keys }];
		});
	}
}

function firstConflict(wishes: readonly Wish[]): { wish: Wish; key: string; why: string } | undefined {
	const laid = laidOver(wishes);
	for (const wish of wishes.toReversed()) {
		for (const key of wish.keys) {
			const why = conflictOf(key, wish, laid);
			if (why !== undefined) return { wish, key, why };
		}
	}
	return undefined;
}

function conflictOf(key: string, { scope, action }: Wish, laid: Keymap): string | undefined {
	const own = new Set((keymap[scope] as readonly Binding[]).find((one) => one.action === action)?.keys);
	// A key it has by default may lie over another scope: the keymap means it so.
	if (own.has(key) && !laid[scope].some((one) => one.action !== action && one.keys.includes(key))) return undefined;
	const [first = "", second] = key.split(" ");
	for (const near of new Set<Scope>([scope, "list", "everywhere"])) {
		for (const binding of laid[near]) {
			if (near === scope && binding.action === action) continue;
			const what = `${near}.${binding.action} (“${binding.description}”)`;
			const mayCover = near !== scope && !(near === "everywhere" && essential.includes(binding.action));
			if (binding.keys.includes(key) && !mayCover) return `${what} has it`;
			if (second !== undefined && binding.keys.includes(first)) return `${first} alone is ${what}`;
			if (second === undefined && binding.keys.some((one) => one.startsWith(`${key} `)))
				return `it begins ${binding.keys.find((one) => one.startsWith(`${key} `))}, which is ${what}`;
		}
	}
	return undefined;
}

/** The same letter otherwise, where that is free. */
function nearestFree(key: string, wish: Wish, wishes: readonly Wish[]): string {
	const letter = /^(?:ctrl-|alt-)?([a-z])$/i.exec(key)?.[1];
	if (letter === undefined) return "";
	const lower = letter.toLowerCase();
	const laid = laidOver(wishes);
	const free = [lower, lower.toUpperCase(), `alt-${lower}`, `ctrl-${lower}`].find(
		(one) =>
			one !== key &&
			faultOf(one, wish) === undefined &&
			conflictOf(one, wish, laid) === undefined &&
			!covers(one, wish, laid),
	);
	return free === undefined ? "" : `; free is ${free}`;
}

function covers(key: string, { scope }: Wish, laid: Keymap): boolean {
	return (
		scope !== "everywhere" &&
		(["list", "everywhere"] as const).some((near) => laid[near].some(({ keys }) => keys.includes(key)))
	);
}

function isOther({ scope, action, keys }: Wish): boolean {
	const before = (keymap[scope] as readonly Binding[]).find((one) => one.action === action)?.keys ?? [];
	return before.join("\n") !== keys.join("\n");
}

function laidOver(wishes: readonly Wish[]): Keymap {
	if (wishes.length === 0) return keymap;
	const wanted = new Map(wishes.map((wish) => [wish.name, wish.keys]));
	const bindings = (scope: Scope): readonly Binding[] =>
		(keymap[scope] as readonly Binding[]).map((binding) => {
			const keys = wanted.get(`${scope}.${binding.action}`);
			return keys === undefined ? binding : { ...binding, keys };
		});
	return Object.fromEntries(scopes.map((scope) => [scope, bindings(scope)])) as unknown as Keymap;
}
