/** The command line: a command typed in full, completed from what there is, with its place at the bottom of the screen. */
import { Box } from "ink";
import { complete } from "../../../protocol/methods/queries.ts";
import { createCompletions } from "../../components/list/completions.ts";
import { editingAction, editingKeyOf, keyOf } from "../../keys/find-binding.ts";
import { type Command, commandOf, readTyped, splitTyped, suggestCommands } from "../../state/commands.ts";
import { editText, insertText, type TextField, textField } from "../../state/text-field.ts";
import { panelLevel } from "../../terminal/layers.ts";
import { Surface } from "../../terminal/surface.tsx";
import { cell, line, type Piece } from "../../theme/line.ts";
import { handle, type Screen } from "../view.ts";

const mostRows = 8;
/** The message line, in which the command stands, and the status line below it. */
const rowsBelow = 2;
/** Typed commands that are kept. */
const mostTyped = 50;

export const command: Screen<"command"> = {
	id: "command",
	title: "Command",
	open(route, context) {
		const { commands, typed } = route;
		let field: TextField = textField();
		let problem: string | undefined;
		/** What was typed itself, while suggestions are gone through; -1: none is taken. */
		let asked = "";
		let taken = -1;
		let past = typed.length;
		const queries = new Map<string, ReturnType<typeof createCompletions>>();

		/** The rest of the text as a field of its own, where it is a query. */
		function queryPart() {
			const { word, restAt } = splitTyped(field.text);
			const list = restAt === undefined ? undefined : commandOf(commands, word)?.query;
			if (list === undefined || restAt === undefined) return undefined;
			let completions = queries.get(list);
			if (!completions) {
				completions = createCompletions(
					(text, at) => context.client.call(complete, { list, text, at }),
					context.changed,
				);
				queries.set(list, completions);
			}
			const part = { text: field.text.slice(restAt), cursor: Math.max(0, field.cursor - restAt) };
			return { completions, part, before: field.text.slice(0, restAt) };
		}

		const change = (next: TextField) => {
			field = next;
			asked = next.text;
			taken = -1;
			problem = undefined;
			const query = queryPart();
			query?.completions.ask(query.part);
			context.changed();
		};
		const take = (step: number) => {
			const query = queryPart();
			if (query) {
				const next = query.completions.next(query.part);
				field = { text: query.before + next.text, cursor: query.before.length + next.cursor };
			} else {
				const choices = textsFor(commands, asked);
				if (choices.length === 0) return;
				taken = (taken + step + choices.length + (taken < 0 && step < 0 ? 1 : 0)) % choices.length;
				field = textField(choices[taken]);
			}
			problem = undefined;
			context.changed();
		};
		const recall = (step: number) => {
			past = Math.max(0, Math.min(typed.length, past + step));
			change(textField(typed[past] ?? ""));
		};
		const submit = () => {
			const text = field.text.trim();
			if (text === "") return context.close();
			const act = readTyped(commands, text);
			if (typeof act === "string") {
				problem = act;
				return context.changed();
			}
			if (typed.at(-1) !== text) typed.push(text);
			typed.splice(0, typed.length - mostTyped);
			context.close();
			act();
		};
		const suggestions = () => {
			const query = queryPart();
			if (query) return query.completions.shown(query.part).map((text): Row => ({ name: text, about: "" }));
			return rowsFor(commands, asked);
		};
		const draw = (width: number, height: number): string[] => {
			const rows = suggestions();
			const top = Math.max(0, Math.min(taken - height + 1, rows.length - height));
			const visible = rows.slice(top, top + height);
			const blank = Array.from({ length: Math.max(0, height - visible.length) }, () => "");
			return [...blank, ...visible.map((row, index) => drawRow(row, width, top + index === taken))];
		};
		return {
			route,
			isDialog: true,
			scopes: ["command"],
			handlers: handle<"command">({
				submit: { run: submit },
				complete: { run: () => take(1) },
				"complete-back": { run: () => take(-1) },
				older: { run: () => recall(-1) },
				newer: { run: () => recall(1) },
			}),
			takeKey(key) {
				const action = editingAction(key);
				if (action === "accept" || action === "leave") return false;
				if (action === "backspace" && field.text === "") context.close();
				else if (action) change(editText(field, action));
				else if (key === "space") change(insertText(field, " "));
				else if ([...key].length === 1) change(insertText(field, key));
				else return false;
				return true;
			},
			takePaste: (text) => change(insertText(field, text)),
			input: () => ({
				label: ":",
				...field,
				problem: problem === undefined ? undefined : { message: problem, hint: undefined, at: undefined },
				hint: `${keyOf("command", "complete")} completes · ${keyOf("command", "submit")} does it · ${editingKeyOf("leave")} leaves`,
			}),
			crumbs: () => ({ path: [] }),
			Body: ({ columns, rows }) => (
				<Box width={columns} height={rows} flexDirection="column" justifyContent="flex-end" paddingBottom={rowsBelow}>
					<Surface level={panelLevel} width={columns} height={Math.min(mostRows, rows - 4)} draw={draw} />
				</Box>
			),
			close: () => undefined,
		};
	},
};

interface Row {
	readonly name: string;
	readonly takes?: string | undefined;
	readonly about: string;
	readonly key?: string | undefined;
	readonly reason?: string | undefined;
}

/** Below a command that takes one of a few words: those words. */
function rowsFor(commands: readonly Command[], text: string): Row[] {
	const { word, rest, restAt } = splitTyped(text);
	const meant = restAt === undefined ? undefined : commandOf(commands, word);
	if (meant?.values)
		return meant.values
			.filter((value) => value.startsWith(rest))
			.map((value) => ({ name: `${meant.name} ${value}`, about: "" }));
	return suggestCommands(commands, text).map(({ name, takes, about, key, reason }) => ({
		...{ name, takes, about, key, reason: reason?.() },
	}));
}

/** What each suggestion makes of the line. */
function textsFor(commands: readonly Command[], text: string): string[] {
	return rowsFor(commands, text).map(({ name, takes }) => (takes === undefined ? name : `${name} `));
}

function drawRow({ name, takes, about, key, reason }: Row, width: number, isTaken: boolean): string {
	const base = isTaken ? "selected" : "panel";
	const words: Piece[] = [
		[isTaken ? "▌ " : "  ", "marker"],
		[name, reason === undefined ? "strong" : "faint"],
		[takes === undefined ? "" : ` ${takes}`, "muted"],
	];
	const nameWidth = Math.min(34, Math.floor(width * 0.4));
	const keyPiece = cell(key ?? "", 8, "key", "right");
	return (
		line(nameWidth, words, base) +
		line(
			width - nameWidth,
			[cell(reason ?? about, width - nameWidth - 9, reason === undefined ? "text" : "warning"), keyPiece],
			base,
		)
	);
}
