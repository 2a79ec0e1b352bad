/** Recipes: several steps that the daemon sees through, and where each stands. */
import { list, schedules, watch } from "../../../protocol/methods/recipes.ts";
import type { Recipe } from "../../../protocol/model/recipe.ts";
import type { Column } from "../../components/list/columns.ts";
import { createListView } from "../../components/list/list-view.tsx";
import { describeRecipe, statusPiece, stepNow } from "../../components/recipe/describe-recipe.ts";
import {
	openCancel,
	openGoOn,
	openInventory,
	openSchedules,
	openSubnet,
} from "../../components/recipe/recipe-forms.ts";
import { watchChanges } from "../../connect/watch-changes.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { age } from "../../text/format.ts";
import { personName } from "../../text/people.ts";
import { handle, type Route, type Screen } from "../view.ts";

const columns: readonly Column<Recipe>[] = [
	{
		id: "id",
		title: "ID",
		sort: "id",
		width: 4,
		worth: 60,
		align: "right",
		draw: (row) => [[String(row.id), "muted"]],
	},
	{ id: "status", title: "STATUS", sort: "status", width: 9, worth: 100, draw: (row) => [statusPiece(row)] },
	{
		id: "title",
		title: "RECIPE",
		sort: "title",
		width: 20,
		grow: 2,
		most: 60,
		worth: 95,
		draw: (row) => [[row.title]],
	},
	{ id: "step", title: "STEP", width: 20, grow: 3, most: 90, worth: 90, draw: (row) => [stepNow(row)] },
	{ id: "by", title: "BY", sort: "by", width: 10, most: 24, worth: 50, draw: (row) => [[personName(row.by), "muted"]] },
	{
		...{ id: "age", title: "AGE", sort: "createdAt", width: 5, worth: 70, align: "right" as const },
		draw: (row, now) => [[age(row.createdAt, now), "muted"]],
	},
];

export const recipes: Screen<"recipes"> = {
	id: "recipes",
	title: "Recipes",
	open(route, context) {
		let scheduled = 0;
		const readSchedules = () =>
			void context.client.call(schedules, {}).then(({ total }) => {
				scheduled = total;
				context.changed();
			}, context.fail);
		readSchedules();
		return createListView<Recipe, undefined>(
			{
				...{ route, title: "Recipes", filter: "", nouns: ["recipe", "recipes"], example: "status:waiting" },
				...{ scopes: ["recipes"], columns },
				empty: [
					[["A recipe is several steps that the daemon sees through."]],
					[],
					[
						[keyOf("recipes", "subnet"), "key"],
						[" scans a new subnet: map, approval, inventory, scan   ", "muted"],
					],
					[
						[keyOf("recipes", "inventory"), "key"],
						[" scans lightly, tags what it finds, scans that in full", "muted"],
					],
					[],
					[
						["Filled in, the field When puts either on a schedule.   ", "muted"],
						[keyOf("recipes", "schedules"), "key"],
						[" shows those", "muted"],
					],
				],
				fetchPage: (request, signal) => context.client.call(list, request, { signal }),
				watch: (changed) =>
					watchChanges(context.client, watch, () => {
						readSchedules();
						changed();
					}),
				figures: () =>
					scheduled === 0 ? [] : [[`${scheduled} on schedule (${keyOf("recipes", "schedules")})  `, "muted"]],
				describe: (row) => describeRecipe(row),
				titleOf: (row) => row.title,
				open(row) {
					const route = workOf(row);
					if (route) context.open(route);
				},
				extra: (current, { refresh }) =>
					handle<"recipes">({
						subnet: { run: () => openSubnet(context, refresh) },
						inventory: { run: () => openInventory(context, refresh) },
						"go-on": {
							run() {
								const row = current();
								if (row) openGoOn(context, row, refresh);
							},
							disabled() {
								const status = current()?.status;
								return status === "waiting" || status === "failed" ? undefined : "It waits for nobody.";
							},
						},
						schedules: {
							run: () => openSchedules(context, refresh),
							disabled: () =>
								scheduled === 0
									? `No recipe begins by itself: ${keyOf("recipes", "subnet")} or ${keyOf("recipes", "inventory")}, and the field When.`
									: undefined,
						},
						cancel: {
							run() {
								const row = current();
								if (row) openCancel(context, row, refresh);
							},
							disabled: () => (current()?.finishedAt === null ? undefined : "It is over."),
						},
					}),
			},
			context,
		);
	},
};

/** The scan or map it is in, or was in last. */
function workOf({ steps }: Recipe): Route | undefined {
	const step = steps.findLast(({ scan, map }) => scan !== null || map !== null);
	if (step?.scan != null) return { to: "scan", scan: step.scan };
	return step?.map == null ? undefined : { to: "map", map: step.map };
}
