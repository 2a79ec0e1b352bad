import pino from "pino";
import { expect, test } from "vitest";
import type { Access } from "../../protocol/define.ts";
import { AppError } from "../../protocol/errors.ts";
import type { Recipe, RecipeRequest } from "../../protocol/model/recipe.ts";
import { memoryStore } from "../assess/testdata/hosts.ts";
import { findRecipeSchedule, saveRecipeSchedule } from "../store/recipe-schedules.ts";
import { RecipeClock } from "./clock.ts";

const start = Date.UTC(2026, 2, 3, 10);
const minute = 60_000;
const request: RecipeRequest = {
	...{ kind: "light-inventory", targets: ["127.0.0.1"], exclusions: [], tag: "Found", onlyNew: false },
	...{ lightProfile: "Light inventory", fullProfile: "Initial" },
};

test("a recipe begins when it is time, in somebody's name, once for what was missed, and not beside itself", async () => {
	const store = memoryStore(start);
	const begun: string[] = [];
	let finishedAt: string | null = null;
	let fault: AppError | null = null;
	let accessNow: Access | null = "admin";
	const recipe = (id: number) => ({ id, status: "running", finishedAt }) as unknown as Recipe;
	const clock = new RecipeClock({
		...{ store, log: pino({ level: "silent" }) },
		accessOf: (identity) => (identity === "ana" ? accessNow : null),
		desk: {
			start(_request, confirmed, { user, access }) {
				if (fault !== null) return Promise.reject(fault);
				begun.push(`${user} ${access} ${confirmed}`);
				return Promise.resolve(recipe(begun.length));
			},
			get: recipe,
		},
	});
	const schedule = {
		name: "Night",
		request,
		when: "0 * * * *",
		timeZone: "UTC",
		by: "ana",
		access: "operate",
		confirmed: true,
	};
	saveRecipeSchedule(store.db, schedule as Parameters<typeof saveRecipeSchedule>[1], {
		nextAt: start + 60 * minute,
		at: start,
	});
	const look = async (minutes: number) => {
		store.clock.at = start + minutes * minute;
		await clock.look();
		return findRecipeSchedule(store.db, "night");
	};
	await look(59);
	expect(begun).toEqual([]);
	expect(await look(60)).toMatchObject({ recipe: 1, problem: null, nextAt: "2026-03-03T12:00:00.000Z" });
	expect(await look(61)).toMatchObject({ recipe: 1 });
	expect(await look(125)).toMatchObject({ recipe: 1, problem: "Recipe 1 of the time before was still running." });
	finishedAt = "2026-03-03T12:10:00.000Z";
	expect(await look(9 * 60 + 5)).toMatchObject({ recipe: 2, problem: null, nextAt: "2026-03-03T20:00:00.000Z" });
	fault = new AppError("out-of-scope", "Every target is excluded.");
	expect(await look(10 * 60)).toMatchObject({ recipe: 2, problem: "Every target is excluded." });
	expect(begun).toEqual(["ana operate true", "ana operate true"]);
	fault = null;
	accessNow = "read";
	expect(await look(11 * 60)).toMatchObject({ recipe: 3, problem: null });
	expect(begun[2]).toBe("ana read true");
	accessNow = null;
	expect(await look(12 * 60)).toMatchObject({ recipe: 3, problem: expect.stringContaining("ana has no access now") });
	expect(begun).toHaveLength(3);
	await clock.close();
	store.close();
});

test("a schedule whose times can no longer be read says so, and keeps no other from beginning", async () => {
	const store = memoryStore(start);
	const begun: string[] = [];
	const clock = new RecipeClock({
		...{ store, log: pino({ level: "silent" }) },
		accessOf: () => "admin",
		desk: {
			start(_request, _confirmed, { user }) {
				begun.push(user);
				return Promise.resolve({ id: begun.length } as unknown as Recipe);
			},
			get: () => expect.fail("none is under way"),
		},
	});
	for (const [name, when] of [
		["Broken", "5/15 * * * *"],
		["Night", "0 * * * *"],
	] as const) {
		const schedule = { name, request, when, timeZone: "UTC", by: name, access: "operate" as const, confirmed: true };
		saveRecipeSchedule(store.db, schedule, { nextAt: start, at: start });
	}
	await clock.look();
	await clock.look();
	expect(begun).toEqual(["Night"]);
	expect(findRecipeSchedule(store.db, "broken")).toMatchObject({
		recipe: null,
		problem: expect.stringContaining("is no time of cron"),
	});
	await clock.close();
	store.close();
});
