/** Scrolling of a text and finding words in it: the offset, the keys that change it, and drawing at it. */
import { stripVTControlCharacters } from "node:util";
import { keyOf } from "../../keys/find-binding.ts";
import type { ActionOf } from "../../keys/keymap.ts";
import type { Handler, ScreenContext } from "../../screens/view.ts";
import { count, plural } from "../../text/format.ts";
import { line } from "../../theme/line.ts";
import { type Block, drawDocument, drawReader, scrolled } from "./document.ts";

export interface Scroll {
	/** Draws the text as it now is; remembers the size, to know what a page is. */
	draw(blocks: readonly Block[], width: number, height: number): string[];
	toTop(): void;
	readonly handlers: Readonly<Record<ActionOf<"reader">, Handler>>;
	readonly searching: Readonly<Record<ActionOf<"searching">, Handler>>;
}

export function createScroll(context: Pick<ScreenContext, "changed" | "open" | "toast">): Scroll {
	let offset = 0;
	let last: { blocks: readonly Block[]; width: number; height: number } = { blocks: [], width: 80, height: 20 };
	let wanted = "";
	/** The line that was gone to. */
	let found: number | undefined;

	const by = (lines: (height: number) => number): Handler => ({
		run() {
			offset = scrolled(last.blocks, last.width, last.height, offset + lines(last.height));
			context.changed();
		},
	});

	function matches(): number[] {
		const lines = drawDocument(last.blocks, last.width);
		return lines.flatMap((text, at) => (textOf(text).toLowerCase().includes(wanted.toLowerCase()) ? [at] : []));
	}

	/** Round from the end to the beginning, and the other way. */
	function go(forward: boolean): void {
		const all = matches();
		const from = found ?? offset - (forward ? 1 : 0);
		const next = forward ? all.find((at) => at > from) : all.findLast((at) => at < from);
		found = next ?? (forward ? all[0] : all.at(-1));
		if (found === undefined) {
			context.toast("info", `“${wanted}” is not in this text.`);
			return;
		}
		offset = scrolled(last.blocks, last.width, last.height, found - Math.floor(last.height / 3));
		const [forth, back] = [keyOf("searching", "next-match"), keyOf("searching", "previous-match")];
		context.toast(
			"info",
			`${count(all.indexOf(found) + 1)} of ${plural(all.length, "line")} · ${forth} next · ${back} before`,
		);
		context.changed();
	}

	function ask(): void {
		context.open({
			to: "form",
			form: {
				...{ title: "Find in this text", verb: "finds" },
				fields: [{ name: "text", label: "Text", value: wanted, hint: "large and small letters are the same" }],
				async submit({ text = "" }) {
					wanted = text.trim();
					found = undefined;
					if (wanted !== "") go(true);
					return undefined;
				},
			},
		});
	}

	const nothing = () =>
		wanted === "" ? `Nothing is looked for yet: ${keyOf("searching", "search")} asks what.` : undefined;
	return {
		draw(blocks, width, height) {
			const isOther = width !== last.width;
			const isAnew = blocks !== last.blocks;
			last = { blocks, width, height };
			// What is read anew while something runs is mostly what it was: the next key goes on from there.
			if (isOther || (isAnew && found !== undefined && !matches().includes(found))) found = undefined;
			offset = scrolled(blocks, width, height, offset);
			const rows = drawReader(blocks, width, height, offset);
			const row = found === undefined ? -1 : found - offset;
			return rows.map((text, at) => (at === row ? line(width, [[textOf(text), "tabActive"]]) : text));
		},
		toTop() {
			offset = 0;
			found = undefined;
		},
		handlers: {
			down: by(() => 1),
			up: by(() => -1),
			"page-down": by((height) => height - 2),
			"page-up": by((height) => 2 - height),
			first: by(() => -1_000_000),
			last: by(() => 1_000_000),
		},
		searching: {
			search: { run: ask },
			"next-match": { run: () => go(true), disabled: nothing },
			"previous-match": { run: () => go(false), disabled: nothing },
		},
	};
}

function textOf(drawn: string): string {
	return stripVTControlCharacters(drawn);
}
