/** Settings: everything the daemon can be told, what it says now, where that comes from, and changing it in place. */
import { watch } from "../../../protocol/methods/assets.ts";
import { list } from "../../../protocol/methods/settings.ts";
import { type Setting, settingGroups } from "../../../protocol/model/setting.ts";
import type { Column } from "../../components/list/columns.ts";
import { createListView } from "../../components/list/list-view.tsx";
import { localPage } from "../../components/list/local-page.ts";
import type { Block } from "../../components/reader/document.ts";
import { openSetting, resetSetting, whyNotEdited } from "../../components/settings/setting-forms.ts";
import { watchChanges } from "../../connect/watch-changes.ts";
import { keyOf } from "../../keys/find-binding.ts";
import type { Piece } from "../../theme/line.ts";
import { handle, type Screen } from "../view.ts";

/** Lists tell rows apart by numbers; `place` is the order they came in. */
interface Row extends Omit<Setting, "id"> {
	readonly id: number;
	readonly name: string;
}

const columns: readonly Column<Row>[] = [
	{
		...{ id: "title", title: "SETTING", sort: "title", width: 26, grow: 2, most: 52, worth: 100 },
		draw: ({ title }) => [[title]],
	},
	{
		...{ id: "value", title: "VALUE", sort: "value", width: 18, grow: 3, most: 70, worth: 95 },
		draw: ({ shown, source }) => [[shown, source === "set" ? "strong" : "muted"]],
	},
	{
		...{ id: "source", title: "FROM", sort: "source", width: 11, worth: 80 },
		draw: ({ source }) => [sourcePiece(source)],
	},
	{
		...{ id: "group", title: "GROUP", sort: "group", width: 20, worth: 70 },
		draw: ({ group }) => [[group, "muted"]],
	},
];

function sourcePiece(source: Setting["source"]): Piece {
	if (source === "set") return ["set", "good"];
	return [source === "built-in" ? "built in" : source, source === "environment" ? "text" : "faint"];
}

export const settings: Screen<"settings"> = {
	id: "settings",
	title: "Settings",
	open: (route, context) =>
		createListView<Row, undefined>(
			{
				...{ route, title: "Settings", filter: "", nouns: ["setting", "settings"], example: "tickets" },
				...{ scopes: ["settings"], columns, empty: [[["There is no setting."]]] },
				async fetchPage(request) {
					const { items } = await context.client.call(list, {});
					const rows = items
						.map(({ id, ...rest }, at): Row => ({ ...rest, id: at + 1, name: id }))
						.toSorted((a, b) => settingGroups.indexOf(a.group) - settingGroups.indexOf(b.group) || a.id - b.id);
					const words = ({ name, title, about, shown, group }: Row) => `${name} ${title} ${about} ${shown} ${group}`;
					return localPage(rows, request, words, {
						title: (row) => row.title.toLowerCase(),
						value: (row) => row.shown.toLowerCase(),
						source: (row) => row.source,
						group: (row) => settingGroups.indexOf(row.group),
					});
				},
				watch: (changed) => watchChanges(context.client, watch, () => changed()),
				describe: (row) => describe(row, whyNotEdited(context, settingOf(row))),
				titleOf: (row) => row.title,
				open: (row) => openSetting(context, settingOf(row), () => undefined),
				extra(current, { refresh }) {
					const setting = () => {
						const row = current();
						return row === undefined ? undefined : settingOf(row);
					};
					return handle<"settings">({
						edit: {
							run() {
								const one = setting();
								if (one) openSetting(context, one, refresh);
							},
							disabled: () => (setting() === undefined ? "There is no setting here." : undefined),
						},
						default: {
							run() {
								const one = setting();
								if (one) resetSetting(context, one, refresh);
							},
							disabled() {
								const one = setting();
								if (one === undefined) return "There is no setting here.";
								if (one.edit?.asksWhy) return `That wants a reason: ${keyOf("settings", "edit")} changes it.`;
								return whyNotEdited(context, one) ?? (one.source === "set" ? undefined : "It is the default.");
							},
						},
					});
				},
			},
			context,
		),
};

function settingOf({ id: _, name, ...rest }: Row): Setting {
	return { ...rest, id: name };
}

function describe(row: Row, whyNot: string | undefined): Block[] {
	const field = (name: string, text: string | null): Block[] =>
		text === null || text === "" ? [] : [{ kind: "field", name, pieces: [[text]] }];
	return [
		{ kind: "heading", text: row.title },
		{ kind: "text", text: row.about },
		{ kind: "text", text: "" },
		...field("Says", row.shown),
		...field("From", row.source === "built-in" ? "how Vedette is built" : row.source),
		...field("Default", row.default),
		...field("Written", row.edit?.hint ?? null),
		...field("Called", row.name),
		...field("Command", row.command),
		...(whyNot === undefined ? [] : ([{ kind: "text", text: whyNot, token: "muted" }] as const)),
	];
}
