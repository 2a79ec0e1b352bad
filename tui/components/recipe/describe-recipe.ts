/** Recipes in words: where each stands, step by step. */
import type { Recipe, RecipeStep } from "../../../protocol/model/recipe.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { personName } from "../../text/people.ts";
import type { Piece } from "../../theme/line.ts";
import type { Token } from "../../theme/look.ts";
import type { Block } from "../reader/document.ts";

const marks: Readonly<Record<RecipeStep["state"], readonly [mark: string, token: Token]>> = {
	pending: ["·", "faint"],
	running: ["▸", "accent"],
	waiting: ["?", "warning"],
	done: ["✓", "good"],
	skipped: ["–", "muted"],
	failed: ["✗", "bad"],
};
const statusTokens: Readonly<Record<Recipe["status"], Token>> = {
	...{ running: "accent", waiting: "warning", finished: "good", failed: "bad", cancelled: "muted" },
};

export function statusPiece({ status }: Recipe): Piece {
	return [status, statusTokens[status]];
}

/** The step it is at, or the last one. */
export function stepNow({ steps }: Recipe): Piece {
	const now = steps.find(({ state }) => state !== "done" && state !== "skipped") ?? steps.at(-1);
	return [now === undefined ? "" : `${now.name}: ${now.text}`, "muted"];
}

export function describeRecipe(recipe: Recipe): Block[] {
	return [
		{ kind: "heading", text: recipe.title },
		{ kind: "field", name: "Status", pieces: [statusPiece(recipe)] },
		{
			kind: "field",
			name: "Started",
			pieces: [[`${recipe.createdAt.slice(0, 16).replace("T", " ")} UTC by ${personName(recipe.by)}`]],
		},
		{ kind: "heading", text: "Steps" },
		...recipe.steps.map(
			({ name, state, text }): Block => ({ kind: "item", mark: [...marks[state]], text: `${name}: ${text}` }),
		),
		...hints(recipe),
	];
}

function hints({ status }: Recipe): Block[] {
	if (status === "waiting") {
		return [
			{ kind: "gap" },
			{
				kind: "item",
				mark: [keyOf("list", "open"), "key"],
				text: "shows its map, where hosts are approved one by one",
			},
			{ kind: "item", mark: [keyOf("recipes", "go-on"), "key"], text: "goes on, with those or with every live host" },
		];
	}
	if (status !== "failed") return [];
	return [
		{ kind: "gap" },
		{ kind: "item", mark: [keyOf("recipes", "go-on"), "key"], text: "tries the step that failed once more" },
	];
}
