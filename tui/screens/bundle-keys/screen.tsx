/** Keys of bundles: those that sign here, and those whose bundles are taken in. */
import { keys as listKeys } from "../../../protocol/methods/knowledge.ts";
import type { BundleKey } from "../../../protocol/model/knowledge-bundle.ts";
import { openNewKey, openRemoveKey, openTrustKey, showKeyLine } from "../../components/knowledge/bundle-forms.ts";
import { describeKey } from "../../components/knowledge/describe-bundle.ts";
import type { Column } from "../../components/list/columns.ts";
import { createListView } from "../../components/list/list-view.tsx";
import { localPage } from "../../components/list/local-page.ts";
import { onRow } from "../../components/list/on-row.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { age } from "../../text/format.ts";
import { personName } from "../../text/people.ts";
import { handle, type Screen } from "../view.ts";

type Row = Omit<BundleKey, "id"> & { readonly id: number; readonly keyId: string };

const columns: readonly Column<Row>[] = [
	{ id: "name", title: "KEY", sort: "name", width: 12, grow: 1, most: 40, worth: 100, draw: (row) => [[row.name]] },
	{ id: "id", title: "ID", width: 16, worth: 95, draw: (row) => [[row.keyId, "address"]] },
	{
		...{ id: "mine", title: "SIGNS HERE", width: 10, worth: 90 },
		draw: (row) => [row.mine ? ["yes", "good"] : ["no", "muted"]],
	},
	{
		...{ id: "added", title: "ADDED", sort: "added", width: 8, worth: 80, align: "right" },
		draw: (row, now) => [[age(row.addedAt, now), "muted"]],
	},
	{
		id: "by",
		title: "BY",
		width: 10,
		grow: 1,
		most: 24,
		worth: 60,
		draw: (row) => [[personName(row.addedBy), "muted"]],
	},
];

export const bundleKeys: Screen<"bundle-keys"> = {
	id: "bundle-keys",
	title: "Keys",
	open: (route, context) =>
		createListView<Row, undefined>(
			{
				...{ route, title: "Keys of bundles", filter: "", nouns: ["key", "keys"], example: "office" },
				...{ scopes: ["bundle-keys"], columns },
				empty: [
					[["No key: no bundle can be made, and none is taken in."]],
					[],
					[
						[keyOf("bundle-keys", "add"), "key"],
						[" makes one, ", "muted"],
						[keyOf("bundle-keys", "trust"), "key"],
						[" trusts another machine's", "muted"],
					],
				],
				async fetchPage(request) {
					const { items } = await context.client.call(listKeys, {});
					const rows = items.map(({ id, ...item }, index): Row => ({ ...item, id: index + 1, keyId: id }));
					return localPage(rows, request, (row) => `${row.name} ${row.keyId}`, {
						name: (row) => row.name,
						added: (row) => row.addedAt,
					});
				},
				watch: () => () => undefined,
				describe: (row) => describeKey({ ...row, id: row.keyId }),
				titleOf: (row) => row.name,
				open: (row) => showKeyLine(context, row),
				extra(current, { refresh }) {
					const on = onRow(current, "key");
					return handle<"bundle-keys">({
						add: { run: () => openNewKey(context, refresh) },
						trust: { run: () => openTrustKey(context, refresh) },
						delete: on((row) => openRemoveKey(context, row, refresh)),
					});
				},
			},
			context,
		),
};
