/** Recipes as handlers use them; the one who sees them through is handed over by daemon.ts. */
import type { Recipe, RecipeRequest } from "../../protocol/model/recipe.ts";
import type { CallContext } from "./handler.ts";

export interface RecipeDesk {
	/** Begins one; its first step has been tried when this resolves. Throws what that step throws: nothing is then kept. */
	start(request: RecipeRequest, confirmed: boolean, context: Pick<CallContext, "user" | "access">): Promise<Recipe>;
	/** Throws `not-found`. */
	get(id: number): Recipe;
	/** Throws `conflict` for one that neither waits nor failed. */
	goOn(id: number, hosts: readonly string[] | "live" | "approved", context: Pick<CallContext, "user">): Promise<Recipe>;
	cancel(id: number, context: Pick<CallContext, "user">): Promise<Recipe>;
	/** When it is time next, in milliseconds. Throws `invalid` for times that cannot be read or never come. */
	nextTime(when: string, timeZone: string, after: number): number;
	/** How many have not ended. */
	running(): number;
}
