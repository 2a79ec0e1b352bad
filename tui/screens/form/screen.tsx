/** A dialog of fields: typed or chosen, checked by whoever takes them, open until they were taken. */
import { AppError } from "../../../protocol/errors.ts";
import { Dialog } from "../../components/dialog/dialog.tsx";
import { formKeys } from "../../components/dialog/form-keys.ts";
import { formTargets } from "../../components/dialog/form-targets.ts";
import { editingAction, keyOf } from "../../keys/find-binding.ts";
import { failureOf } from "../../state/list-loader.ts";
import { createStore } from "../../state/store.ts";
import { hiddenText, visibleText } from "../../state/text-field.ts";
import { wrap } from "../../text/fit.ts";
import { plural } from "../../text/format.ts";
import { cell, line, type Piece } from "../../theme/line.ts";
import type { Token } from "../../theme/look.ts";
import { type Form, handle, type Question, type Screen } from "../view.ts";
import { type FormEvent, type FormState, filledForm, reduceFilled, valuesOf } from "./model.ts";

const labelWidth = 14;
const dialogWidth = 78;

export const form: Screen<"form"> = {
	id: "form",
	title: "Form",
	open(route, context) {
		const store = createStore<FormState>(filledForm(route.form.fields));
		const stopWatching = store.watch(context.changed);
		const dispatch = (event: FormEvent) => store.set(reduceFilled(store.get(), event));
		let place = { x: 0, y: 0 };
		let top = 0;
		let isClosed = false;
		/** Rows the dialog would like: what the fields come to is seen with all of them, and it never shrinks. */
		let tallest = route.form.fields.length * 2 + 8;
		const leaving = new AbortController();

		function submit(): void {
			const values = valuesOf(store.get());
			dispatch({ kind: "busy" });
			route.form.submit(values, leaving.signal).then((next) => {
				if (isClosed) return;
				if (next?.to === "confirm" && !next.question.isDone) ask(next.question);
				else if (next) context.replace(next, route);
				else context.close(route);
			}, failed);
		}

		/** Over the form, which goes only once what was asked is done: neither going back nor a failure loses what was typed. */
		function ask(question: Question): void {
			dispatch({ kind: "asked" });
			context.ask({
				...question,
				async run() {
					dispatch({ kind: "agreed" });
					try {
						await question.run();
					} catch (err) {
						return failed(err);
					}
					context.close(route);
				},
			});
		}

		function failed(err: unknown): void {
			if (!isClosed) dispatch({ kind: "failed", failure: failureOf(err) });
			else if (!leaving.signal.aborted) context.fail(err);
		}

		const handlers = handle<"form">({
			"next-field": { run: () => dispatch({ kind: "step", by: 1 }) },
			"previous-field": { run: () => dispatch({ kind: "step", by: -1 }) },
			submit: {
				run: submit,
				disabled: () => (store.get().busy ? "It is being done." : undefined),
				word: () => route.form.verb,
			},
		});

		return {
			route,
			isDialog: true,
			scopes: ["form"],
			handlers,
			takeKey(key) {
				const action = editingAction(key);
				if (action === "accept" || action === "leave") return false;
				if (action) dispatch({ kind: "edit", action });
				else if (key === "space" || [...key].length === 1)
					dispatch({ kind: "insert", text: key === "space" ? " " : key });
				else return false;
				return true;
			},
			takePaste: (text) => dispatch({ kind: "insert", text }),
			lineTargets: () =>
				store.get().fields.map(({ label, choices }, index) => ({
					text: label,
					run() {
						const { active } = store.get();
						if (index === active && choices) dispatch({ kind: "edit", action: "right" });
						else dispatch({ kind: "step", by: index - active });
					},
				})),
			targets: () => formTargets(context, route.form.verb, handlers),
			crumbs: () => ({ path: [] }),
			Body: ({ columns, rows }) => (
				<Dialog
					columns={columns}
					rows={rows}
					width={dialogWidth}
					height={tallest}
					title={route.form.title}
					onPlace={(x, y) => {
						place = { x, y };
					}}
					content={(width, height) => {
						const drawn = drawForm(route.form, store.get(), width, height, top);
						top = drawn.top;
						if (drawn.wanted > tallest) {
							tallest = drawn.wanted;
							// Not while it is being laid out.
							queueMicrotask(() => {
								if (!isClosed) context.relayout();
							});
						}
						if (drawn.cursor) context.setCursor({ x: place.x + 2 + drawn.cursor.x, y: place.y + 1 + drawn.cursor.y });
						return drawn.rows;
					}}
				/>
			),
			close() {
				isClosed = true;
				if (route.form.whileBusy && store.get().busy !== "agreed")
					leaving.abort(new AppError("cancelled", "It was stopped."));
				stopWatching();
			},
		};
	},
};

interface Drawn {
	readonly rows: string[];
	/** The first line of the fields that is shown. */
	readonly top: number;
	readonly cursor: { x: number; y: number } | undefined;
	/** Rows of the whole dialog in which nothing would be cut. */
	readonly wanted: number;
}

/** The fields scroll when they do not fit; below them is what is wrong or what they come to, and the keys. */
function drawForm(form: Form, state: FormState, width: number, height: number, top: number): Drawn {
	const lines: string[] = [];
	/** Where each field begins. */
	const starts: number[] = [];
	let cursor: { x: number; y: number } | undefined;
	let [activeStart, activeEnd] = [0, 0];
	for (const [index, field] of state.fields.entries()) {
		const isActive = index === state.active;
		const room = width - labelWidth - 3;
		const typed = state.texts[index] ?? { text: "", cursor: 0 };
		const text = field.secret ? hiddenText(typed) : typed;
		const shown = visibleText(isActive ? text : { ...text, cursor: 0 }, room - 1);
		if (isActive && !field.choices) cursor = { x: labelWidth + 3 + shown.column, y: lines.length };
		const look: Token = isActive ? "tabActive" : "chip";
		const value: Piece = field.choices
			? cell(isActive ? `‹ ${text.text} ›` : ` ${text.text}`, room + 1, look)
			: cell(` ${shown.text}`, room + 1, look);
		starts.push(lines.length);
		lines.push(
			line(width, [
				[isActive ? "▸ " : "  ", "marker"],
				[field.label.padEnd(labelWidth), isActive ? "accent" : "muted"],
				value,
			]),
		);
		if (!isActive) continue;
		activeStart = lines.length - 1;
		const hint = typeof field.hint === "string" ? field.hint : field.hint(text.text);
		for (const part of wrap(hint, room)) lines.push(line(width, [["".padEnd(labelWidth + 3)], [part, "faint"]]));
		activeEnd = lines.length;
	}
	const below = belowLines(form, state, width);
	const room = Math.max(2, height - below.length - 3);
	const first = Math.max(0, Math.min(Math.max(top, activeEnd - room), activeStart, Math.max(0, lines.length - room)));
	const shown = lines.slice(first, first + room);
	const unseen = (is: (start: number) => boolean, mark: string): string => {
		const fields = starts.filter(is).length;
		return line(width, fields === 0 ? [] : [[`  ${mark} ${plural(fields, "more field")}`, "faint"]]);
	};
	const rows = [unseen((start) => start < first, "▲"), ...shown];
	while (rows.length < Math.min(room, lines.length) + 1) rows.push(line(width, []));
	rows.push(
		unseen((start) => start >= first + room, "▼"),
		...below.slice(0, Math.max(0, height - rows.length - 2)),
	);
	while (rows.length < height - 1) rows.push(line(width, []));
	rows.push(keyLine(form, state, width));
	// Frame, blanks and the keys.
	const wanted = lines.length + below.length + 6;
	return { rows, top: first, cursor: cursor && { x: cursor.x, y: cursor.y - first + 1 }, wanted };
}

function belowLines(form: Form, state: FormState, width: number): string[] {
	const told = state.failure ? [state.failure.message, state.failure.hint ?? ""] : preview(form, state);
	const token: Token = state.failure ? "bad" : "muted";
	const sentences = told.filter((text) => text !== "").flatMap((text) => wrap(text, width - 2));
	return sentences.map((text, index) =>
		line(width, [
			[state.failure && index === 0 ? "✗ " : "  ", token],
			[text, token],
		]),
	);
}

function preview(form: Form, state: FormState): readonly string[] {
	try {
		return form.preview?.(valuesOf(state)) ?? [];
	} catch (err) {
		const { message, hint } = failureOf(err);
		return [message, hint ?? ""];
	}
}

function keyLine(form: Form, state: FormState, width: number): string {
	if (state.busy) {
		const told = form.whileBusy?.();
		if (told === undefined) return line(width, [["Asking the daemon …", "muted"]]);
		const leaves = state.busy === "agreed" ? " leaves it to go on" : " stops it";
		return line(width, [[told, "working"], ["   "], [keyOf("everywhere", "back"), "key"], [leaves, "muted"]]);
	}
	const isChoice = state.fields[state.active]?.choices !== undefined;
	return formKeys({ verb: form.verb, hasNext: state.fields.length > 1, isChoice }, width);
}
