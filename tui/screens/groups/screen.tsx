/** Asset groups: what belongs together, what it means to the business, and what no scan knows of it. */
import { watch } from "../../../protocol/methods/assets.ts";
import { get, list } from "../../../protocol/methods/groups.ts";
import type { AssetGroup } from "../../../protocol/model/group.ts";
import { groupTarget } from "../../../protocol/target/item.ts";
import { describeGroup, type GroupDetail, impactPiece } from "../../components/group/describe-group.ts";
import { openAddresses, openDeleteGroup, openEditGroup, openNewGroup } from "../../components/group/group-forms.ts";
import type { Column } from "../../components/list/columns.ts";
import { createListView } from "../../components/list/list-view.tsx";
import { localPage } from "../../components/list/local-page.ts";
import { watchChanges } from "../../connect/watch-changes.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { compact } from "../../text/format.ts";
import { handle, type Screen } from "../view.ts";

const columns: readonly Column<AssetGroup>[] = [
	{
		id: "title",
		title: "GROUP",
		sort: "title",
		width: 18,
		grow: 2,
		most: 40,
		worth: 100,
		draw: (row) => [[row.title]],
	},
	{
		...{ id: "addresses", title: "ADDRESSES", sort: "addresses", width: 9, worth: 95, align: "right" as const },
		draw: (row) => [[compact(row.addresses), row.addresses === 0 ? "faint" : "text"]],
	},
	{ id: "impact", title: "IMPACT", sort: "impact", width: 8, worth: 90, draw: (row) => [impactPiece(row)] },
	{
		id: "function",
		title: "FUNCTION",
		width: 12,
		grow: 1,
		most: 30,
		worth: 60,
		draw: (row) => [[row.function, "muted"]],
	},
	{
		id: "location",
		title: "LOCATION",
		width: 12,
		grow: 1,
		most: 30,
		worth: 50,
		draw: (row) => [[row.location, "muted"]],
	},
	{ id: "comments", title: "COMMENTS", width: 14, grow: 3, most: 80, worth: 70, draw: (row) => [[row.comments]] },
];
const impactOrder = { critical: 4, high: 3, medium: 2, low: 1, none: 0 } as const;

export const groups: Screen<"groups"> = {
	id: "groups",
	title: "Groups",
	open: (route, context) =>
		createListView<AssetGroup, GroupDetail | undefined>(
			{
				...{ route, title: "Groups", filter: "", nouns: ["group", "groups"], example: "web" },
				...{ scopes: ["groups"], columns },
				empty: [
					[["There are no asset groups."]],
					[],
					[
						[keyOf("groups", "add"), "key"],
						[" makes one", "muted"],
					],
				],
				async fetchPage(request) {
					const { items } = await context.client.call(list, {});
					return localPage(
						items,
						request,
						(row) =>
							`${row.title} ${row.function} ${row.location} ${row.division} ${row.comments} ${row.businessImpact}`,
						{
							title: (row) => row.title.toLowerCase(),
							addresses: (row) => row.addresses,
							impact: (row) => impactOrder[row.businessImpact],
						},
					);
				},
				watch: (changed) => watchChanges(context.client, watch, () => changed()),
				async loadDetail(id) {
					const { items } = await context.client.call(list, {});
					const title = items.find((group) => group.id === id)?.title;
					return title === undefined ? undefined : context.client.call(get, { group: title, limit: 200 });
				},
				describe: (row, detail) => describeGroup(row, detail),
				titleOf: (row) => row.title,
				open: (row) => context.open({ to: "assets", filter: groupTarget(row.title) }),
				extra(current, { refresh }) {
					const own = (work: (row: AssetGroup) => void) => ({
						run() {
							const row = current();
							if (row) work(row);
						},
						disabled() {
							const row = current();
							if (row === undefined) return "There is no group here.";
							return row.builtIn ? "It is built in: every address there is." : undefined;
						},
					});
					return handle<"groups">({
						add: { run: () => openNewGroup(context, refresh) },
						edit: own((row) => openEditGroup(context, row, refresh)),
						"add-addresses": own((row) => openAddresses(context, row, "add", refresh)),
						"remove-addresses": own((row) => openAddresses(context, row, "remove", refresh)),
						delete: own((row) => openDeleteGroup(context, row, refresh)),
						scan: {
							run() {
								const row = current();
								if (row) context.open({ to: "new-scan", targets: groupTarget(row.title) });
							},
							disabled: () => (current() ? undefined : "There is no group here."),
						},
						"never-scanned": {
							run() {
								const row = current();
								if (row) context.open({ to: "never-scanned", group: row.title });
							},
							disabled: () => (current() ? undefined : "There is no group here."),
						},
					});
				},
			},
			context,
		),
};
