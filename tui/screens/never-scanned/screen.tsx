/** Addresses of an asset group that no scan has reached, or that never answered one: in one step. */
import { neverScanned as method } from "../../../protocol/methods/groups.ts";
import type { NeverScanned } from "../../../protocol/model/group.ts";
import type { Column } from "../../components/list/columns.ts";
import { createListView } from "../../components/list/list-view.tsx";
import { localPage } from "../../components/list/local-page.ts";
import { count } from "../../text/format.ts";
import { handle, type Screen } from "../view.ts";

type Row = NeverScanned & { readonly id: number };

const rangeOf = ({ first, last }: NeverScanned) => (first === last ? first : `${first}-${last}`);
const columns: readonly Column<Row>[] = [
	{
		id: "range",
		title: "ADDRESSES",
		width: 24,
		grow: 2,
		most: 60,
		worth: 100,
		draw: (row) => [[rangeOf(row), "address"]],
	},
	{
		...{ id: "addresses", title: "HOW MANY", sort: "addresses", width: 8, worth: 90, align: "right" as const },
		draw: (row) => [[count(row.addresses)]],
	},
	{
		...{ id: "why", title: "WHY", sort: "why", width: 15, worth: 95 },
		draw: (row) => [row.why === "never-asked" ? ["no scan asked", "warning"] : ["never answered", "muted"]],
	},
];

export const neverScanned: Screen<"never-scanned"> = {
	id: "never-scanned",
	title: "Never scanned",
	open: (route, context) =>
		createListView<Row, undefined>(
			{
				...{
					route,
					title: `Never scanned in ${route.group}`,
					filter: "",
					nouns: ["stretch", "stretches"],
					example: "192.0.2",
				},
				...{ scopes: ["never-scanned"], columns },
				empty: [[["Every address of the group has answered a scan."]]],
				async fetchPage(request, signal) {
					const { items } = await context.client.call(method, { group: route.group, limit: 10_000 }, { signal });
					const rows = items.map((item, index): Row => ({ ...item, id: index + 1 }));
					return localPage(rows, request, (row) => `${rangeOf(row)} ${row.why}`, {
						addresses: (row) => row.addresses,
						why: (row) => row.why,
					});
				},
				watch: () => () => undefined,
				describe: (row) => [
					{ kind: "heading", text: rangeOf(row) },
					{
						...{ kind: "text" },
						text:
							row.why === "never-asked"
								? "No scan has reached these addresses."
								: "Scans have asked these addresses, and none has ever answered.",
					},
				],
				titleOf: rangeOf,
				open: (row) => context.open({ to: "new-scan", targets: rangeOf(row) }),
				extra: (current) =>
					handle<"never-scanned">({
						scan: {
							run() {
								const row = current();
								if (row) context.open({ to: "new-scan", targets: rangeOf(row) });
							},
							disabled: () => (current() ? undefined : "There is nothing to scan."),
						},
					}),
			},
			context,
		),
};
