/** Handlers of the recipes area. */
import { listRecipes, recipeFields } from "../../store/recipes.ts";
import type { AreaHandlers, AreaStreams } from "../handler.ts";
import { compileListing } from "../listing.ts";
import type { RecipeDesk } from "../recipe-desk.ts";
import type { Services } from "../services.ts";
import { watchHub } from "../watch-hub.ts";

export function recipesHandlers({ store }: Services, desk: RecipeDesk): AreaHandlers<"recipes"> {
	return {
		start: ({ request, confirm }, context) => desk.start(request, confirm, context),
		list: (params) => listRecipes(store.db, compileListing(params, recipeFields, store.clock.now()).query),
		get: ({ recipe }) => desk.get(recipe),
		goOn: ({ recipe, addresses }, context) => desk.goOn(recipe, addresses ?? null, context),
		cancel: ({ recipe }, context) => desk.cancel(recipe, context),
	};
}

export function recipesStreams({ hub }: Services, desk: RecipeDesk): AreaStreams<"recipes"> {
	return {
		watch: watchHub(hub, {
			everyMs: 250,
			when: ({ kind }) => kind === "recipes-changed",
			snapshot: () => ({ running: desk.running() }),
			event: () => ({ kind: "changed" as const, running: desk.running() }),
		}),
	};
}
