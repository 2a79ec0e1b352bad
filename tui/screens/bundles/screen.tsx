/** Bundles: knowledge that was written into signed files here, or taken in from them, as the chain they make. */
import { bundles as listBundles } from "../../../protocol/methods/knowledge.ts";
import type { KeptBundle } from "../../../protocol/model/knowledge-bundle.ts";
import { openCreateBundle, openImportBundle } from "../../components/knowledge/bundle-forms.ts";
import { describeBundle } from "../../components/knowledge/describe-bundle.ts";
import type { Column } from "../../components/list/columns.ts";
import { createListView } from "../../components/list/list-view.tsx";
import { localPage } from "../../components/list/local-page.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { age } from "../../text/format.ts";
import { bytesText } from "../../text/update-words.ts";
import { handle, type Screen } from "../view.ts";

type Row = KeptBundle & { readonly id: number };

const columns: readonly Column<Row>[] = [
	{ id: "bundle", title: "BUNDLE", width: 12, worth: 100, draw: (row) => [[row.hash.slice(0, 12), "strong"]] },
	{
		...{ id: "what", title: "", sort: "at", width: 20, worth: 95 },
		draw: (row, now) => [[`${row.what === "made" ? "made" : "taken in"} ${age(row.at, now)} ago`]],
	},
	{
		...{ id: "follows", title: "FOLLOWS", width: 12, worth: 70 },
		draw: (row) => [[row.previous?.slice(0, 12) ?? "", row.linked ? "muted" : "warning"]],
	},
	{
		...{ id: "size", title: "SIZE", width: 9, worth: 60, align: "right" },
		draw: (row) => [[bytesText(row.bytes), "number"]],
	},
	{ id: "key", title: "KEY", width: 10, grow: 1, most: 30, worth: 80, draw: (row) => [[row.key]] },
	{ id: "file", title: "FILE", width: 14, grow: 2, most: 60, worth: 90, draw: (row) => [[row.file, "muted"]] },
];

export const bundles: Screen<"bundles"> = {
	id: "bundles",
	title: "Bundles",
	open(route, context) {
		let state: string | null = null;
		return createListView<Row, undefined>(
			{
				...{ route, title: "Bundles", filter: "", nouns: ["bundle", "bundles"], example: "office" },
				...{ scopes: ["bundles"], columns },
				empty: [
					[["No bundle was made or taken in here."]],
					[],
					[
						[keyOf("bundles", "create"), "key"],
						[" writes the knowledge into one signed file, for where there is no network", "muted"],
					],
				],
				async fetchPage(request) {
					const found = await context.client.call(listBundles, {});
					({ state } = found);
					const rows = found.items.map((item, index): Row => ({ ...item, id: index + 1 }));
					return localPage(rows, request, (row) => `${row.hash} ${row.key} ${row.file}`, { at: (row) => row.at });
				},
				figures: () => (state === null ? [] : [[`held now: ${state.slice(0, 12)}  `, "muted"]]),
				watch: () => () => undefined,
				describe: (row) => describeBundle(row),
				titleOf: (row) => row.file,
				open: () => undefined,
				extra: (_, { refresh }) =>
					handle<"bundles">({
						create: { run: () => openCreateBundle(context, refresh) },
						import: { run: () => openImportBundle(context, refresh) },
						keys: { run: () => context.open({ to: "bundle-keys" }) },
					}),
			},
			context,
		);
	},
};
