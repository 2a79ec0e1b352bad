/** Tags: the tree of them, what their rules are and how many assets carry each. */
import { watch } from "../../../protocol/methods/assets.ts";
import { get, list } from "../../../protocol/methods/tags.ts";
import type { Tag } from "../../../protocol/model/tag.ts";
import type { Column } from "../../components/list/columns.ts";
import { createListView } from "../../components/list/list-view.tsx";
import { localPage } from "../../components/list/local-page.ts";
import { onRow } from "../../components/list/on-row.ts";
import { describeTag, indentedName, type TagDetail } from "../../components/tag/describe-tag.ts";
import { evaluateTag, openDeleteTag, openTag, restoreTag } from "../../components/tag/tag-forms.ts";
import { watchChanges } from "../../connect/watch-changes.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { compact } from "../../text/format.ts";
import { handle, type Screen } from "../view.ts";

const columns: readonly Column<Tag>[] = [
	{ id: "name", title: "TAG", sort: "name", width: 18, grow: 2, most: 40, worth: 100, draw: indentedName },
	{
		...{ id: "assets", title: "ASSETS", sort: "assets", width: 6, worth: 95, align: "right" },
		draw: (row) => [[compact(row.assets), row.assets === 0 ? "faint" : "text"]],
	},
	{
		...{ id: "criticality", title: "CRIT", sort: "criticality", width: 4, worth: 70, align: "right" },
		draw: (row) => [row.criticality === null ? ["·", "faint"] : [String(row.criticality)]],
	},
	{
		...{ id: "rule", title: "RULE", sort: "rule", width: 18, worth: 85 },
		draw: (row) => [row.problem === null ? [row.rule.kind, "muted"] : ["✗ cannot be applied", "bad"]],
	},
	{
		...{ id: "text", title: "TEXT", width: 14, grow: 3, most: 80, worth: 80 },
		draw: (row) => [[row.problem ?? row.means ?? row.rule.text.replace(/\s+/g, " ")]],
	},
];

export const tags: Screen<"tags"> = {
	id: "tags",
	title: "Tags",
	open: (route, context) =>
		createListView<Tag, TagDetail>(
			{
				...{ route, title: "Tags", filter: "", nouns: ["tag", "tags"], example: "linux" },
				...{ scopes: ["tags"], columns },
				empty: [
					[["There are no tags."]],
					[],
					[
						[keyOf("tags", "add"), "key"],
						[" makes one, put on by hand or by a rule", "muted"],
					],
				],
				async fetchPage(request) {
					const { items } = await context.client.call(list, {});
					return localPage(
						items,
						request,
						(row) => `${row.path} ${row.rule.kind} ${row.rule.text} ${row.description}`,
						{
							name: (row) => row.path.toLowerCase(),
							assets: (row) => row.assets,
							criticality: (row) => row.criticality ?? 0,
							rule: (row) => row.rule.kind,
						},
					);
				},
				watch: (changed) => watchChanges(context.client, watch, () => changed()),
				async loadDetail(id) {
					const { items } = await context.client.call(list, {});
					const path = items.find((tag) => tag.id === id)?.path;
					if (path === undefined) return { children: [], assets: [] };
					return context.client.call(get, { tag: path, limit: 50 });
				},
				describe: describeTag,
				titleOf: (row) => row.path,
				open: (row) => context.open({ to: "assets", filter: `tags.id:${row.id}` }),
				extra(current, { refresh }) {
					const on = onRow(current, "tag");
					return handle<"tags">({
						add: { run: () => openTag(context, undefined, refresh) },
						edit: on((row) => openTag(context, row, refresh)),
						evaluate: on(
							(row) => evaluateTag(context, row, refresh),
							({ rule }) => (rule.kind === "static" ? "It has no rule: it is put on by hand." : undefined),
						),
						undo: {
							run() {
								if (!context.undoLast()) restoreTag(context, refresh);
							},
						},
						delete: on(
							(row) => openDeleteTag(context, row, refresh),
							({ system }) => (system ? "It is the daemon's own." : undefined),
						),
					});
				},
			},
			context,
		),
};
