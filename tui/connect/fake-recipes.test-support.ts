/** What the fake daemon answers about recipes. */
import * as recipes from "../../protocol/methods/recipes.ts";
import { type RecipeRequest, recipeRequest } from "../../protocol/model/recipe.ts";
import type { FakeClient } from "./fake-client.test-support.ts";
import type { SampleOptions } from "./sample-data.test-support.ts";
import { page } from "./sample-page.test-support.ts";
import { recipeOf } from "./sample-recipes.test-support.ts";

export function answerRecipes(answer: FakeClient["answer"], options: SampleOptions): void {
	const schedule = (name: string, request: RecipeRequest, when: string) => ({
		...{ id: 1, name, request, when, timeZone: "", by: options.text ?? "unix:1000", recipe: null, problem: null },
		...{ nextAt: "2026-03-09T03:00:00.000Z", lastAt: null },
	});
	const nightly = recipeRequest.parse({ kind: "light-inventory", targets: ["192.0.2.0/24"], tag: "Found" });
	answer(recipes.schedules, () => ({ items: [schedule(options.text ?? "Night", nightly, "0 3 * * 1")], total: 1 }));
	answer(recipes.schedule, ({ name, request, when }) => schedule(name, recipeRequest.parse(request), when));
	answer(recipes.unschedule, ({ name }) => ({ deleted: schedule(name, nightly, "0 3 * * 1") }));
	answer(recipes.list, (params) => page(params, 5, (index) => recipeOf(5 - index, options)));
	answer(recipes.get, ({ recipe }) => recipeOf(recipe, options));
	answer(recipes.start, () => recipeOf(6, options));
	answer(recipes.goOn, ({ recipe }) => recipeOf(recipe, options));
	answer(recipes.cancel, ({ recipe }) => ({ ...recipeOf(recipe, options), status: "cancelled" as const }));
}
