/** A form being filled in: its values, the field that is active, and what is wrong. Pure. */
import type { EditingAction } from "../../keys/editing-keys.ts";
import type { ListFailure } from "../../state/paged-list.ts";
import { editText, insertText, proposedText, type TextField, textField } from "../../state/text-field.ts";
import type { FormField, FormValues } from "../view.ts";

export interface FormState {
	readonly fields: readonly FormField[];
	readonly texts: readonly TextField[];
	readonly active: number;
	readonly failure: ListFailure | undefined;
	/** What it leads to is being asked for, or was agreed to and is being done. */
	readonly busy: "asking" | "agreed" | undefined;
}

export type FormEvent =
	| { readonly kind: "step"; readonly by: number }
	| { readonly kind: "edit"; readonly action: EditingAction }
	| { readonly kind: "insert"; readonly text: string }
	| { readonly kind: "busy" }
	/** It has led to a question; whoever comes back from that finds what was typed. */
	| { readonly kind: "asked" }
	| { readonly kind: "agreed" }
	| { readonly kind: "failed"; readonly failure: ListFailure };

const nothingToType: ListFailure = {
	code: "invalid",
	message: "There is nothing to type here: this is chosen with ← and →.",
	hint: "Nothing was changed. The next field comes with Tab.",
	at: undefined,
};

export function filledForm(fields: readonly FormField[]): FormState {
	const texts = fields.map(({ value, isProposed }) => (isProposed ? proposedText(value) : textField(value)));
	return { fields, texts, active: 0, failure: undefined, busy: undefined };
}

export function reduceFilled(state: FormState, event: FormEvent): FormState {
	switch (event.kind) {
		case "step": {
			const count = state.fields.length;
			const failure = state.failure === nothingToType ? undefined : state.failure;
			return { ...state, active: (state.active + event.by + count) % count, failure };
		}
		case "edit":
			return edited(state, event.action);
		case "insert":
			if (state.fields[state.active]?.choices) return typedAtChoice(state, event.text);
			return withText(state, (field) => insertText(field, event.text));
		case "busy":
			return { ...state, busy: "asking", failure: undefined };
		case "asked":
			return { ...state, busy: undefined };
		case "agreed":
			return { ...state, busy: "agreed", failure: undefined };
		case "failed":
			return { ...state, busy: undefined, failure: event.failure };
	}
}

export function valuesOf({ fields, texts }: FormState): FormValues {
	return Object.fromEntries(fields.map(({ name }, index) => [name, texts[index]?.text ?? ""]));
}

function edited(state: FormState, action: EditingAction): FormState {
	if (!state.fields[state.active]?.choices) return withText(state, (field) => editText(field, action));
	return action === "left" || action === "right" ? chosen(state, action === "left" ? -1 : 1) : state;
}

/**
 * A space goes to the next choice, unless text came before it: who types a sentence where there is nothing to type has not
 * chosen anything by the blanks in it.
 */
function typedAtChoice(state: FormState, text: string): FormState {
	if (text === " " && state.failure !== nothingToType) return chosen(state, 1);
	return { ...state, failure: nothingToType };
}

function chosen(state: FormState, by: number): FormState {
	const choices = state.fields[state.active]?.choices ?? [];
	const at = choices.indexOf(state.texts[state.active]?.text ?? "");
	const next = choices[(at + by + choices.length) % choices.length];
	return next === undefined ? state : withText(state, () => textField(next));
}

function withText(state: FormState, change: (field: TextField) => TextField): FormState {
	const now = state.texts[state.active];
	return now ? { ...state, texts: state.texts.with(state.active, change(now)), failure: undefined } : state;
}
