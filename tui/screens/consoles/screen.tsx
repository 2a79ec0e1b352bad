/** Who is attached: from where, since when, and what they look at. */
import { list, watch } from "../../../protocol/methods/consoles.ts";
import type { AttachedConsole } from "../../../protocol/model/console.ts";
import type { Column } from "../../components/list/columns.ts";
import { createListView } from "../../components/list/list-view.tsx";
import { localPage } from "../../components/list/local-page.ts";
import type { Block } from "../../components/reader/document.ts";
import { placeWords, routeOf } from "../../state/place.ts";
import { age } from "../../text/format.ts";
import { handle, type Screen } from "../view.ts";

export const consoles: Screen<"consoles"> = {
	id: "consoles",
	title: "Consoles",
	open: (route, context) =>
		createListView<AttachedConsole, undefined>(
			{
				...{ route, title: "Consoles", filter: "", nouns: ["console", "consoles"], example: "ana" },
				...{ scopes: ["consoles"], columns: columnsAt(context.now) },
				empty: [[["Nobody is attached."]]],
				async fetchPage(request, signal) {
					const { items } = await context.client.call(list, {}, { signal });
					return localPage(items, request, textOf, {
						name: ({ name }) => name.toLowerCase(),
						since: ({ since }) => since,
						place: ({ place }) => placeWords(place),
					});
				},
				watch(changed) {
					const subscription = context.client.subscribe(
						watch,
						{},
						{ onSnapshot: () => undefined, onEvent: () => changed() },
					);
					subscription.ready.catch(() => undefined);
					return () => subscription.close();
				},
				describe: (row, _detail, now) => describe(row, now),
				titleOf: ({ name }) => name,
				open({ place }) {
					const there = routeOf(place);
					if (there) context.open(there);
					else context.toast("info", `There is no going to ${placeWords(place)} from here.`);
				},
				extra: (current) =>
					handle<"consoles">({
						follow: {
							run() {
								const row = current();
								if (row) context.follow(row);
							},
							disabled: () => (current()?.isThis === true ? "That is this console." : undefined),
						},
					}),
			},
			context,
		),
};

function columnsAt(now: () => number): readonly Column<AttachedConsole>[] {
	return [
		{
			...{ id: "name", title: "WHO", sort: "name", width: 12, grow: 1, most: 30, worth: 100 },
			draw: ({ name, isThis }) => (isThis ? [[name], [" (you)", "muted"]] : [[name]]),
		},
		{
			...{ id: "place", title: "LOOKS AT", sort: "place", width: 16, grow: 1, most: 30, worth: 95 },
			draw: ({ place }) => [[placeWords(place), place.about === null ? "muted" : "strong"]],
		},
		{
			...{ id: "idle", title: "KEYS", width: 9, worth: 80 },
			draw: ({ idleSince }) => [idleSince === null ? ["typing", "good"] : [`idle ${age(idleSince, now())}`, "muted"]],
		},
		{ id: "access", title: "ACCESS", width: 8, worth: 70, draw: ({ access }) => [[access]] },
		{ id: "from", title: "FROM", width: 14, grow: 2, most: 45, worth: 85, draw: ({ from }) => [[from, "address"]] },
		{ id: "since", title: "SINCE", sort: "since", width: 6, worth: 75, draw: ({ since }) => [[age(since, now())]] },
	];
}

function textOf({ name, user, from, place, access }: AttachedConsole): string {
	return `${name} ${user} ${from} ${placeWords(place)} ${access}`;
}

function describe(
	{ name, user, client, from, since, access, place, idleSince, isThis }: AttachedConsole,
	now: number,
): Block[] {
	const field = (label: string, text: string): Block => ({ kind: "field", name: label, pieces: [[text]] });
	return [
		{ kind: "heading", text: isThis ? `${name}: this console` : name },
		field("Known as", user),
		field("Access", access),
		field("From", from),
		field("Since", `${since.slice(0, 19).replace("T", " ")} UTC`),
		field("Program", client),
		field("Looks at", placeWords(place)),
		field("Keys", idleSince === null ? "typing" : `none for ${age(idleSince, now)}`),
		{ kind: "text", text: "" },
		{
			kind: "text",
			text: "Others see the same of you: who, from where, which screen and what it is about, and whether you type; and of a list its filter and row while somebody follows you, which is said. Not what you type or mark. Nothing of it is kept.",
		},
	];
}
