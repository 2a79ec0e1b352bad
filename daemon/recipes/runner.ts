/**
 * Sees recipes through: takes the next step when the one before is done, which the hub tells of; after a start of the daemon
 * it looks where each stands. One thing at a time, so that no step is taken twice.
 */
import type { Logger } from "pino";
import { AppError } from "../../protocol/errors.ts";
import type { Recipe, RecipeStep } from "../../protocol/model/recipe.ts";
import { isOver } from "../../protocol/model/run-status.ts";
import type { Hub } from "../hub.ts";
import type { AuditTrail } from "../rpc/audit-trail.ts";
import type { CallContext, Handlers } from "../rpc/handler.ts";
import type { RecipeDesk } from "../rpc/recipe-desk.ts";
import {
	createRecipe,
	deleteRecipe,
	findRecipe,
	listUnfinishedRecipes,
	type StoredRecipe,
	saveRecipe,
} from "../store/recipes.ts";
import { transaction } from "../store/sql.ts";
import type { Store } from "../store/store.ts";
import { type AccessOf, accessNow } from "./access-now.ts";
import { nextTime, parseCron } from "./cron-time.ts";
import { approveHosts, type Progress, type StepParts, stepActs, stepsOf, titleOf } from "./steps.ts";

export interface RecipeRunnerParts {
	readonly store: Store;
	readonly hub: Hub;
	readonly log: Logger;
	readonly audit: AuditTrail;
	/** The daemon's own methods. */
	readonly handlers: Pick<Handlers, "assets" | "maps" | "scans" | "tags">;
	readonly accessOf: AccessOf;
}

const over: readonly RecipeStep["state"][] = ["done", "skipped"];

export class RecipeRunner implements RecipeDesk {
	readonly #parts: RecipeRunnerParts;
	readonly #closing = new AbortController();
	#stopListening = () => {};
	#queue: Promise<unknown> = Promise.resolve();

	constructor(parts: RecipeRunnerParts) {
		this.#parts = parts;
	}

	begin(): void {
		this.#stopListening = this.#parts.hub.listen((bulletin) => {
			const run = bulletin.kind === "scan" ? bulletin.scan : bulletin.kind === "map" ? bulletin.map : null;
			if (run !== null && isOver(run)) this.#lookAtAll();
		});
		this.#lookAtAll();
	}

	async close(): Promise<void> {
		this.#stopListening();
		this.#closing.abort();
		await this.#queue;
	}

	start: RecipeDesk["start"] = (request, confirmed, { user, access }) =>
		this.#inTurn(async () => {
			const { store, audit } = this.#parts;
			const title = titleOf(request);
			const steps = stepsOf(request);
			const id = transaction(store.db, () => {
				const at = store.clock.now();
				const made = createRecipe(store.db, { title, request, confirmed, steps, by: user, access, at });
				audit.write({ who: user, action: "recipe.start", object: `recipe ${made}`, after: request });
				return made;
			});
			const recipe = this.#get(id);
			const [first] = recipe.steps;
			if (first === undefined) throw new AppError("internal", "A recipe has a step at least.");
			try {
				return await this.#advance(this.#note(recipe, first, await this.#act(recipe, first)));
			} catch (err) {
				// What could not even begin is told to who asked, and not kept.
				deleteRecipe(store.db, id);
				audit.note({ who: user, action: "recipe.refused", object: `recipe ${id}` });
				throw err;
			}
		});

	get: RecipeDesk["get"] = (id) => viewOf(this.#get(id));

	goOn: RecipeDesk["goOn"] = (id, hosts, { user }) =>
		this.#inTurn(async () => {
			const recipe = this.#get(id);
			const step = recipe.steps.find(({ state }) => !over.includes(state));
			if (step === undefined || (recipe.status !== "waiting" && recipe.status !== "failed")) {
				throw new AppError("conflict", `Recipe ${id} is ${recipe.status}: there is nothing to decide.`, {
					hint: `See it with: vedette recipe show ${id}`,
				});
			}
			this.#parts.audit.write({
				who: user,
				action: "recipe.go-on",
				object: `recipe ${id}`,
				after: { step: step.name, hosts },
			});
			if (step.state === "waiting") {
				// Whoever decides is who approves.
				const parts = this.#stepParts({ ...recipe, by: user, access: "approve" }, step);
				return this.#advance(this.#note(recipe, step, await approveHosts(parts, hosts)));
			}
			return this.#advance(this.#note(recipe, step, { state: "pending", text: step.text }));
		});

	cancel: RecipeDesk["cancel"] = (id, { user }) =>
		this.#inTurn(async () => {
			const recipe = this.#get(id);
			if (recipe.finishedAt !== null) return viewOf(recipe);
			this.#parts.audit.write({ who: user, action: "recipe.cancel", object: `recipe ${id}`, before: recipe.status });
			const step = recipe.steps.find(({ state }) => !over.includes(state));
			const saved = this.#save({ ...recipe, status: "cancelled", finishedAt: this.#now() });
			if (step?.state === "running") {
				const { handlers } = this.#parts;
				const { context } = this.#stepParts({ ...recipe, by: user }, step);
				if (step.scan !== null) await handlers.scans.cancel({ scan: step.scan }, context);
				if (step.map !== null) await handlers.maps.cancel({ map: step.map }, context);
			}
			return viewOf(saved);
		});

	nextTime(when: string, timeZone: string, after: number): number {
		const at = nextTime(parseCron(when, timeZone), after);
		if (at !== null) return at;
		throw new AppError("invalid", `"${when}" is at no time.`, { hint: "There is no such day." });
	}

	running(): number {
		return listUnfinishedRecipes(this.#parts.store.db).length;
	}

	#lookAtAll(): void {
		void this.#inTurn(async () => {
			for (const recipe of listUnfinishedRecipes(this.#parts.store.db)) {
				if (this.#closing.signal.aborted) return;
				if (recipe.status === "running") await this.#advance(recipe);
			}
		}).catch((err: unknown) => this.#parts.log.error({ err }, "the recipes could not be looked at"));
	}

	/** From step to step, until one takes its time, waits for somebody, or fails. */
	async #advance(from: StoredRecipe): Promise<Recipe> {
		let recipe = from;
		for (;;) {
			const step = recipe.steps.find(({ state }) => !over.includes(state));
			if (step === undefined) return viewOf(this.#save({ ...recipe, status: "finished", finishedAt: this.#now() }));
			const progress = await this.#try(recipe, step);
			recipe = this.#note(recipe, step, progress);
			if (!over.includes(progress.state)) return viewOf(recipe);
		}
	}

	async #try(recipe: StoredRecipe, step: RecipeStep): Promise<Progress> {
		try {
			return await this.#act(recipe, step);
		} catch (err) {
			this.#parts.log.warn({ err, recipe: recipe.id, step: step.name }, "a step of a recipe failed");
			const said = err instanceof AppError ? [err.message, err.hint] : ["It failed; the daemon's log says how."];
			return { state: "failed", text: said.filter(Boolean).join(" ") };
		}
	}

	async #act(recipe: StoredRecipe, step: RecipeStep): Promise<Progress> {
		const access = accessNow(this.#parts.store.db, recipe, this.#parts.accessOf);
		return stepActs[step.name](this.#stepParts({ ...recipe, access }, step));
	}

	#stepParts(recipe: StoredRecipe, step: RecipeStep): StepParts {
		const { store, handlers, log } = this.#parts;
		const context: CallContext = {
			...{ user: recipe.by, uid: null, access: recipe.access, client: "recipe", signal: this.#closing.signal, log },
		};
		return { store, handlers, context, recipe, step, before: (name) => recipe.steps.find((one) => one.name === name) };
	}

	#note(recipe: StoredRecipe, step: RecipeStep, progress: Progress): StoredRecipe {
		const steps = recipe.steps.map((one) => (one.name === step.name ? { ...one, ...progress } : one));
		const status = progress.state === "failed" ? "failed" : progress.state === "waiting" ? "waiting" : "running";
		return this.#save({ ...recipe, steps, status, finishedAt: null });
	}

	#save(recipe: StoredRecipe): StoredRecipe {
		saveRecipe(this.#parts.store.db, recipe);
		this.#parts.hub.post({ kind: "recipes-changed" });
		return recipe;
	}

	#get(id: number): StoredRecipe {
		const found = findRecipe(this.#parts.store.db, id);
		if (found !== null) return found;
		throw new AppError("not-found", `There is no recipe ${id}.`, { hint: "List them with: vedette recipe list" });
	}

	#now(): string {
		return new Date(this.#parts.store.clock.now()).toISOString();
	}

	#inTurn<T>(work: () => Promise<T>): Promise<T> {
		const result = this.#queue.then(work);
		this.#queue = result.catch(() => undefined);
		return result;
	}
}

function viewOf({ access: _, confirmed: __, ...recipe }: StoredRecipe): Recipe {
	return recipe;
}
