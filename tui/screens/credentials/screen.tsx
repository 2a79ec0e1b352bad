/** Credentials: with what Vedette logs in where, and how the last login went. Secrets go in and never come out. */
import { list } from "../../../protocol/methods/credentials.ts";
import type { Credential } from "../../../protocol/model/credential.ts";
import {
	openAddCredential,
	openDeleteCredential,
	openEditCredential,
	openTest,
	openTrust,
	switchCredential,
} from "../../components/credential/credential-forms.ts";
import { briefProofs, describeCredential, lastLogin } from "../../components/credential/describe-credential.ts";
import type { Column } from "../../components/list/columns.ts";
import { createListView } from "../../components/list/list-view.tsx";
import { localPage } from "../../components/list/local-page.ts";
import { onRow } from "../../components/list/on-row.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { handle, type Screen } from "../view.ts";

const columns: readonly Column<Credential>[] = [
	{ id: "order", title: "#", sort: "order", width: 3, worth: 60, align: "right", draw: (row) => [[String(row.order)]] },
	{ id: "name", title: "NAME", sort: "name", width: 12, grow: 1, most: 30, worth: 100, draw: (row) => [[row.name]] },
	{
		...{ id: "on", title: "ON", width: 3, worth: 90 },
		draw: (row) => [row.enabled ? ["yes", "good"] : ["no", "muted"]],
	},
	{ id: "user", title: "USER", width: 10, worth: 85, draw: (row) => [[row.user]] },
	{ id: "shows", title: "SHOWS", width: 8, grow: 1, most: 24, worth: 75, draw: (row) => [[briefProofs(row)]] },
	{ id: "root", title: "ROOT", width: 5, worth: 70, draw: (row) => [[row.sudo.method, "muted"]] },
	{
		...{ id: "targets", title: "TARGETS", width: 14, grow: 2, most: 50, worth: 80 },
		draw: (row) => [[row.targets.join(" "), "address"]],
	},
	{ id: "last", title: "LAST LOGIN", width: 18, grow: 1, most: 40, worth: 95, draw: (row, now) => lastLogin(row, now) },
];

export const credentials: Screen<"credentials"> = {
	id: "credentials",
	title: "Credentials",
	open: (route, context) =>
		createListView<Credential, undefined>(
			{
				...{ route, title: "Credentials", filter: "", nouns: ["credential", "credentials"], example: "linux" },
				...{ scopes: ["credentials"], columns },
				empty: [
					[["Nothing is logged in to: hosts are looked at from outside only."]],
					[],
					[
						[keyOf("credentials", "add"), "key"],
						[" stores a credential   ", "muted"],
						[keyOf("credentials", "trust"), "key"],
						[" trusts a host by its key", "muted"],
					],
				],
				async fetchPage(request) {
					const { items, secrets } = await context.client.call(list, {});
					if (secrets.locked) context.toast("bad", "The secrets are locked: vedette credential unlock");
					return localPage(items, request, (row) => `${row.name} ${row.user} ${row.targets.join(" ")}`, {
						order: (row) => String(row.order).padStart(6, "0"),
						name: (row) => row.name,
					});
				},
				watch: () => () => undefined,
				describe: (row) => describeCredential(row, context.now()),
				titleOf: (row) => row.name,
				open: (row) => openTest(context, row),
				extra(current, { refresh }) {
					const on = onRow(current, "credential");
					return handle<"credentials">({
						add: { run: () => openAddCredential(context, refresh) },
						edit: on((row) => openEditCredential(context, row, refresh)),
						switch: on((row) => switchCredential(context, row, refresh)),
						test: on((row) => openTest(context, row)),
						trust: { run: () => openTrust(context) },
						delete: on((row) => openDeleteCredential(context, row, refresh)),
					});
				},
			},
			context,
		),
};
