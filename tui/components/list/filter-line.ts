/** The filter being typed over a list: asked for while typing, taken with Enter when the daemon can read it, undone with Escape. */
import type { Completion } from "../../../protocol/model/query.ts";
import { completeKeys, historyKeys } from "../../keys/editing-keys.ts";
import { editingAction } from "../../keys/find-binding.ts";
import { editText, insertText, type TextField, textField } from "../../state/text-field.ts";
import { createCompletions } from "./completions.ts";
import type { FilterHistory } from "./filter-history.ts";

/** The daemon is asked when typing pauses this long. Milliseconds. */
const pauseMs = 150;

/** So many suggestions are worth reading. */
const mostShown = 8;

export interface FilterLine {
	/** What could stand at the cursor; empty when nothing is known. */
	suggestions(): readonly string[];
	/** Undefined while nothing is being typed. */
	field(): TextField | undefined;
	open(text: string): void;
	takeKey(key: string): boolean;
	takePaste(text: string): void;
	/** The daemon has answered that filter: one that was taken and cannot be read is being typed again. */
	answered(filter: string, isRefused: boolean): void;
	close(): void;
}

/** `isRefused`: the daemon has said that it cannot read this filter. */
export function createFilterLine(
	ask: (filter: string) => void,
	isRefused: (filter: string) => boolean,
	changed: () => void,
	complete?: (text: string, at: number) => Promise<Completion>,
	history?: FilterHistory,
): FilterLine {
	const completions = complete && createCompletions(complete, changed);
	let field: TextField | undefined;
	let before = "";
	let asked = "";
	/** Taken, and not answered yet. */
	let taken: TextField | undefined;
	let timer: NodeJS.Timeout | undefined;
	/** Of those typed before, the one that stands there now; -1: what is being typed, kept in `draft`. */
	let older = -1;
	let draft = "";

	function askNow(): void {
		clearTimeout(timer);
		const filter = field?.text.trim() ?? before;
		if (filter !== asked) ask(filter);
		asked = filter;
	}

	function edit(next: TextField): void {
		older = -1;
		field = next;
		clearTimeout(timer);
		timer = setTimeout(() => {
			if (field) completions?.ask(field);
			askNow();
		}, pauseMs);
		changed();
	}

	/** The suggestions stay those of what was typed, so that the next key takes the next of them. */
	function takeNext(next: TextField): void {
		field = next;
		clearTimeout(timer);
		timer = setTimeout(askNow, pauseMs);
		changed();
	}

	/** Like typing it: asked for when one rests at it. */
	function recall(by: 1 | -1): void {
		const all = history?.list() ?? [];
		const to = Math.max(-1, Math.min(older + by, all.length - 1));
		if (to === older || !field) return;
		if (older === -1) draft = field.text;
		older = to;
		takeNext(textField(to === -1 ? draft : (all[to] ?? "")));
	}

	function close(): void {
		clearTimeout(timer);
		field = undefined;
		completions?.clear();
		changed();
	}

	return {
		field: () => field,
		suggestions: () => (field ? (completions?.shown(field).slice(0, mostShown) ?? []) : []),
		open(text) {
			before = text;
			asked = text;
			older = -1;
			taken = undefined;
			field = textField(text);
			completions?.ask(field);
			changed();
		},
		takeKey(key) {
			if (!field) return false;
			if (isOneOf(historyKeys.older, key) || isOneOf(historyKeys.newer, key)) {
				recall(isOneOf(historyKeys.older, key) ? 1 : -1);
				return true;
			}
			if (completions && isOneOf(completeKeys, key)) {
				takeNext(completions.next(field));
				return true;
			}
			const action = editingAction(key);
			if (action === "accept") {
				askNow();
				if (isRefused(field.text.trim())) return true;
				history?.add(field.text);
				taken = field;
				close();
			} else if (action === "leave") {
				field = textField(before);
				askNow();
				close();
			} else if (action) edit(editText(field, action));
			else if (key === "space") edit(insertText(field, " "));
			else if ([...key].length === 1) edit(insertText(field, key));
			return true;
		},
		takePaste(text) {
			if (field) edit(insertText(field, text));
		},
		answered(filter, refused) {
			if (field || taken?.text.trim() !== filter) return;
			if (refused) field = taken;
			taken = undefined;
		},
		close: () => clearTimeout(timer),
	};
}

function isOneOf(keys: readonly string[], key: string): boolean {
	return keys.includes(key);
}
