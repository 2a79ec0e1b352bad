/** Comparing duplicates: which field and which asset the cursor is on, whose values were chosen, and which asset stays. Pure. */
import {
	type DuplicateDetail,
	type DuplicateField,
	type MergeField,
	type MergePreview,
	mergeFields,
} from "../../../protocol/model/duplicate.ts";

export interface Comparison {
	readonly detail: DuplicateDetail;
	/** All fields, or those that differ. */
	readonly all: boolean;
	/** Line under the cursor: a field, or below them a line of the evidence. */
	readonly cursor: number;
	/** Asset under the cursor, by its place. */
	readonly asset: number;
	/** Ids of the assets whose values were chosen. */
	readonly taken: Partial<Record<MergeField, number>>;
	readonly into: number | undefined;
	/** What the merge would do as chosen; undefined until it has come. */
	readonly preview: MergePreview | undefined;
}

export type ComparisonEvent =
	| { readonly kind: "loaded"; readonly detail: DuplicateDetail }
	| { readonly kind: "down"; readonly by: number; readonly lines: number }
	| { readonly kind: "across"; readonly by: number }
	| { readonly kind: "previewed"; readonly preview: MergePreview }
	| { readonly kind: "leave" }
	| { readonly kind: "stays" }
	| { readonly kind: "which" };

export function startComparison(detail: DuplicateDetail): Comparison {
	return { detail, all: false, cursor: 0, asset: 0, taken: {}, into: undefined, preview: undefined };
}

export function reduceComparison(state: Comparison, event: ComparisonEvent): Comparison {
	switch (event.kind) {
		case "loaded":
			return keepPlace(state, event.detail);
		case "down":
			return { ...state, cursor: clamp(state.cursor + event.by, event.lines - 1) };
		case "across":
			return take({ ...state, asset: clamp(state.asset + event.by, state.detail.group.members.length - 1) });
		case "leave":
			return leave(state);
		case "previewed":
			return { ...state, preview: event.preview };
		case "stays": {
			const id = memberUnder(state)?.id;
			return { ...state, into: state.into === id ? undefined : id };
		}
		case "which":
			return { ...state, all: !state.all, cursor: 0 };
	}
}

/** Those shown: what differs comes first when all are. */
export function shownFields({ detail, all }: Comparison): readonly DuplicateField[] {
	const differing = detail.fields.filter(({ differs }) => differs);
	return all ? [...differing, ...detail.fields.filter(({ differs }) => !differs)] : differing;
}

export function memberUnder({ detail, asset }: Comparison): DuplicateDetail["group"]["members"][number] | undefined {
	return detail.group.members[asset];
}

/** Why there is no choice of the field under the cursor to take back; undefined: there is. */
export function whyNotLeft(state: Comparison): string | undefined {
	const field = shownFields(state)[state.cursor];
	if (field === undefined) return "The cursor is on no field.";
	if (field.choice === null)
		return `A merge keeps what all of them have of ${field.field}: there is nothing to choose.`;
	return state.taken[field.choice] === undefined ? "Nothing was chosen for this field." : undefined;
}

/** The asset whose value a field gets, chosen or by itself; undefined where it keeps all, or that is not known yet. */
export function winnerOf({ taken, preview }: Comparison, { choice }: DuplicateField): number | undefined {
	if (choice === null) return undefined;
	return taken[choice] ?? preview?.fields.find(({ field }) => field === choice)?.from;
}

/** What the asset that stays has of a field afterwards. */
export function resultOf(state: Comparison, field: DuplicateField): string {
	const members = state.detail.group.members;
	const winner = winnerOf(state, field);
	if (winner !== undefined) return field.values[members.findIndex(({ id }) => id === winner)] ?? "";
	if (!field.differs) return field.values[0] ?? "";
	// As the daemon writes them, times sort like texts.
	const sorted = field.values.filter((value) => value !== "").toSorted();
	if (field.field === "first seen") return sorted[0] ?? "";
	if (field.field === "last seen") return sorted.at(-1) ?? "";
	return field.choice === null ? "all of them" : "…";
}

function take(state: Comparison): Comparison {
	const choice = shownFields(state)[state.cursor]?.choice;
	const id = memberUnder(state)?.id;
	if (choice == null || id === undefined) return state;
	return { ...state, taken: { ...state.taken, [choice]: id } };
}

function leave(state: Comparison): Comparison {
	const choice = shownFields(state)[state.cursor]?.choice;
	if (choice == null) return state;
	const { [choice]: _, ...rest } = state.taken;
	return { ...state, taken: rest };
}

/** What was chosen stays chosen while the asset is there. */
function keepPlace(state: Comparison, detail: DuplicateDetail): Comparison {
	const ids = detail.group.members.map(({ id }) => id);
	const kept = mergeFields.flatMap((field) => {
		const id = state.taken[field];
		return id !== undefined && ids.includes(id) ? [[field, id] as const] : [];
	});
	const into = state.into !== undefined && ids.includes(state.into) ? state.into : undefined;
	return { ...state, detail, taken: Object.fromEntries(kept), into, asset: clamp(state.asset, ids.length - 1) };
}

function clamp(value: number, most: number): number {
	return Math.max(0, Math.min(value, most));
}
