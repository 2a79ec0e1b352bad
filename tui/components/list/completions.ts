/** What could stand next in a filter being typed: asked of the daemon, taken one after the other with one key. */
import type { Completion } from "../../../protocol/model/query.ts";
import type { TextField } from "../../state/text-field.ts";

export interface Completions {
	/** Asks for what could stand at the cursor. */
	ask(field: TextField): void;
	/** The field with the next suggestion in it; the same field when there is none. */
	next(field: TextField): TextField;
	/** For the hint: the suggestions, the one that was taken first. */
	shown(field: TextField): readonly string[];
	clear(): void;
}

/** `changed` is called when suggestions have come. A question that fails has no suggestions. */
export function createCompletions(
	complete: (text: string, at: number) => Promise<Completion>,
	changed: () => void,
): Completions {
	/** What was typed when they were asked for, and what has been made of it since. */
	let known: { asked: TextField; found: Completion; taken: number; now: TextField } | undefined;
	let asking: TextField | undefined;
	const same = (a: TextField | undefined, b: TextField) => a?.text === b.text && a.cursor === b.cursor;
	return {
		ask(field) {
			asking = field;
			complete(field.text, field.cursor).then(
				(found) => {
					if (asking !== field) return;
					known = { asked: field, found, taken: -1, now: field };
					changed();
				},
				() => undefined,
			);
		},
		next(field) {
			if (known === undefined || !same(known.now, field) || known.found.items.length === 0) return field;
			const { asked, found } = known;
			const taken = (known.taken + 1) % found.items.length;
			const text = found.items[taken]?.text ?? "";
			const now = {
				text: asked.text.slice(0, found.from) + text + asked.text.slice(found.to),
				cursor: found.from + text.length,
			};
			known = { ...known, taken, now };
			return now;
		},
		shown(field) {
			if (known === undefined || !same(known.now, field)) return [];
			const { items } = known.found;
			const first = Math.max(0, known.taken);
			return [...items.slice(first), ...items.slice(0, first)].map(({ text }) => text);
		},
		clear() {
			known = undefined;
			asking = undefined;
		},
	};
}
