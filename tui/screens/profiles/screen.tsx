/** Option profiles: how scans and maps go about their targets. */
import { list } from "../../../protocol/methods/profiles.ts";
import { type Profile, portsText } from "../../../protocol/model/profile.ts";
import type { Column } from "../../components/list/columns.ts";
import { createListView } from "../../components/list/list-view.tsx";
import { localPage } from "../../components/list/local-page.ts";
import { describeProfile } from "../../components/profile/describe-profile.ts";
import { cloneHandler, deleteHandler, editHandler } from "../../components/profile/profile-forms.ts";
import { count } from "../../text/format.ts";
import { handle, type Screen } from "../view.ts";

/** A profile has no number; its place among all is one for as long as the list is shown. */
type Row = Profile & { readonly id: number };

const columns: readonly Column<Row>[] = [
	{
		id: "name",
		title: "PROFILE",
		sort: "name",
		width: 18,
		grow: 1,
		most: 30,
		worth: 100,
		draw: (row) => [[row.name, "strong"]],
	},
	{
		id: "version",
		title: "VERSION",
		width: 9,
		worth: 90,
		draw: (row) => (row.builtIn ? [["built in", "faint"]] : [[`v${row.version}`]]),
	},
	{
		id: "ports",
		title: "PORTS",
		width: 14,
		grow: 1,
		most: 24,
		worth: 80,
		draw: (row) => [[portsText(row.options.ports)]],
	},
	{ id: "pace", title: "PACE", width: 7, worth: 70, draw: (row) => [[row.options.performance.level]] },
	{
		id: "rate",
		title: "RATE/S",
		sort: "rate",
		width: 8,
		worth: 60,
		align: "right",
		draw: (row) => [[count(row.limits.ratePerSecond), "muted"]],
	},
	{
		id: "meaning",
		title: "MEANING",
		width: 12,
		grow: 4,
		most: 90,
		worth: 50,
		draw: (row) => [[row.options.description, "muted"]],
	},
];

export const profiles: Screen<"profiles"> = {
	id: "profiles",
	title: "Profiles",
	open: (route, context) =>
		createListView<Row, Profile>(
			{
				...{ route, title: "Profiles", filter: "", nouns: ["profile", "profiles"], example: "full" },
				...{ scopes: ["profiles"], columns, empty: [[["There is no profile."]]] },
				async fetchPage(request) {
					const { items } = await context.client.call(list, {});
					const rows = items.map((item, index): Row => ({ ...item, id: index + 1 }));
					return localPage(rows, request, (row) => `${row.name} ${row.options.description} ${row.options.ports.set}`, {
						name: (row) => row.name,
						rate: (row) => row.limits.ratePerSecond,
					});
				},
				watch: () => () => undefined,
				describe: (row) => describeProfile(row),
				titleOf: (row) => row.name,
				open: (row) => context.open({ to: "profile", profile: row.name }),
				extra: (current, { refresh }) =>
					handle<"profiles">({
						clone: cloneHandler(context, current, (profile) => ({ to: "profile", profile })),
						edit: editHandler(context, current, refresh),
						delete: deleteHandler(context, current, refresh),
						"scan-with": {
							run() {
								const row = current();
								if (row) context.open({ to: "new-scan", profile: row.name });
							},
							disabled: () => (current() ? undefined : "There is no profile here."),
						},
					}),
			},
			context,
		),
};
