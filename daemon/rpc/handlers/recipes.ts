/** Handlers of the recipes area. */
import { AppError } from "../../../protocol/errors.ts";
import type { RecipeSchedule } from "../../../protocol/model/recipe.ts";
import {
	deleteRecipeSchedule,
	findRecipeSchedule,
	listRecipeSchedules,
	type StoredSchedule,
	saveRecipeSchedule,
} from "../../store/recipe-schedules.ts";
import { listRecipes, recipeFields } from "../../store/recipes.ts";
import { transaction } from "../../store/sql.ts";
import type { AreaHandlers, AreaStreams } from "../handler.ts";
import { compileListing } from "../listing.ts";
import type { RecipeDesk } from "../recipe-desk.ts";
import type { Services } from "../services.ts";
import { watchHub } from "../watch-hub.ts";

export function recipesHandlers({ store, audit, hub }: Services, desk: RecipeDesk): AreaHandlers<"recipes"> {
	const { db, clock } = store;
	const scheduleNamed = (name: string): RecipeSchedule => {
		const found = findRecipeSchedule(db, name);
		if (found !== null) return viewOf(found);
		throw new AppError("not-found", `No recipe begins by itself as ${JSON.stringify(name)}.`, {
			hint: "See which do: vedette recipe schedules",
		});
	};
	return {
		start: ({ request, confirm }, context) => desk.start(request, confirm, context),
		list: (params) => listRecipes(store.db, compileListing(params, recipeFields, store.clock.now()).query),
		get: ({ recipe }) => desk.get(recipe),
		goOn: ({ recipe, addresses, approved }, context) => {
			if (approved && addresses !== undefined)
				throw new AppError("invalid", "Name the hosts, or say that no more are approved than are, not both.");
			return desk.goOn(recipe, approved ? "approved" : (addresses ?? "live"), context);
		},
		cancel: ({ recipe }, context) => desk.cancel(recipe, context),
		schedule: ({ name, request, when, timeZone, confirm }, { user, access }) => {
			const at = clock.now();
			const nextAt = desk.nextTime(when, timeZone, at);
			return transaction(db, () => {
				const words = { name, request, when, timeZone, by: user, access, confirmed: confirm };
				const before = findRecipeSchedule(db, name);
				saveRecipeSchedule(db, words, { nextAt, at });
				const after = scheduleNamed(name);
				audit.write({
					...{ who: user, action: "recipe.schedule", object: `schedule ${after.name}` },
					...{ before: before === null ? null : viewOf(before), after },
				});
				hub.post({ kind: "recipes-changed" });
				return after;
			});
		},
		schedules: () => {
			const items = listRecipeSchedules(db).map(viewOf);
			return { items, total: items.length };
		},
		unschedule: ({ name }, { user }) =>
			transaction(db, () => {
				const deleted = scheduleNamed(name);
				deleteRecipeSchedule(db, deleted.id);
				audit.write({ who: user, action: "recipe.unschedule", object: `schedule ${deleted.name}`, before: deleted });
				hub.post({ kind: "recipes-changed" });
				return { deleted };
			}),
	};
}

function viewOf({ access: _, confirmed: __, ...schedule }: StoredSchedule): RecipeSchedule {
	return schedule;
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
