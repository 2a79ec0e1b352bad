/** Begins recipes when it is time; what was missed while no daemon ran is made up for once. */
import type { Logger } from "pino";
import { AppError } from "../../protocol/errors.ts";
import type { RecipeDesk } from "../rpc/recipe-desk.ts";
import { listRecipeSchedules, noteScheduledRun, type StoredSchedule } from "../store/recipe-schedules.ts";
import type { Store } from "../store/store.ts";
import { type AccessOf, accessNow } from "./access-now.ts";
import { nextTime, parseCron } from "./cron-time.ts";

const lookMs = 30_000;
/** What will not be within years: looked at again then. */
const neverMs = 9 * 366 * 86_400_000;

export interface RecipeClockParts {
	readonly store: Store;
	readonly log: Logger;
	readonly desk: Pick<RecipeDesk, "start" | "get">;
	readonly accessOf: AccessOf;
}

export class RecipeClock {
	readonly #parts: RecipeClockParts;
	#timer: NodeJS.Timeout | undefined;
	#working: Promise<void> = Promise.resolve();

	constructor(parts: RecipeClockParts) {
		this.#parts = parts;
	}

	begin(): void {
		this.#timer = setInterval(() => void this.look(), lookMs).unref();
		void this.look();
	}

	/** Begins what is due; resolves when that is under way. Never rejects. */
	look(): Promise<void> {
		this.#working = this.#working.then(() => this.#begin());
		return this.#working;
	}

	async close(): Promise<void> {
		clearInterval(this.#timer);
		await this.#working;
	}

	async #begin(): Promise<void> {
		const { store, log } = this.#parts;
		try {
			for (const schedule of listRecipeSchedules(store.db)) {
				const at = store.clock.now();
				if (Date.parse(schedule.nextAt) > at) continue;
				const next = timeAfter(schedule, at);
				const outcome = next.problem === null ? await this.#start(schedule) : { recipe: null, problem: next.problem };
				noteScheduledRun(store.db, schedule.id, { at, nextAt: next.at, ...outcome });
			}
		} catch (err) {
			log.error({ err }, "the schedules of recipes could not be looked at");
		}
	}

	/** One that is still under way is not begun a second time. */
	async #start(schedule: StoredSchedule): Promise<{ recipe: number | null; problem: string | null }> {
		const { desk, log, accessOf } = this.#parts;
		const { name, request, confirmed, by, recipe } = schedule;
		try {
			if (recipe !== null && desk.get(recipe).finishedAt === null) {
				return { recipe: null, problem: `Recipe ${recipe} of the time before was still ${desk.get(recipe).status}.` };
			}
			const access = accessNow(this.#parts.store.db, schedule, accessOf);
			return { recipe: (await desk.start(request, confirmed, { user: by, access })).id, problem: null };
		} catch (err) {
			log.warn({ err, schedule: name }, "a recipe could not be begun when it was time");
			return { recipe: null, problem: err instanceof AppError ? err.message : "It failed; the daemon's log says how." };
		}
	}
}

/** `problem`: its times can no longer be read, as where the machine knows its zone no more; it is not looked at again. */
function timeAfter({ when, timeZone }: StoredSchedule, at: number): { at: number; problem: string | null } {
	try {
		return { at: nextTime(parseCron(when, timeZone), at) ?? at + neverMs, problem: null };
	} catch (err) {
		if (!(err instanceof AppError)) throw err;
		return { at: at + neverMs, problem: err.message };
	}
}
