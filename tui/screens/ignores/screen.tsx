/** What was ignored by hand: which checks on which hosts, by whom and why, and taking it back. */
import { list, restore } from "../../../protocol/methods/ignores.ts";
import type { IgnoreRequest } from "../../../protocol/model/ignore.ts";
import type { Column } from "../../components/list/columns.ts";
import { createListView } from "../../components/list/list-view.tsx";
import { localPage } from "../../components/list/local-page.ts";
import type { Block } from "../../components/reader/document.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { exactly } from "../../text/filter-terms.ts";
import { count, plural, when } from "../../text/format.ts";
import { personName } from "../../text/people.ts";
import type { Piece } from "../../theme/line.ts";
import { handle, type Screen, type ScreenContext } from "../view.ts";

/** As many as the daemon tells at once. */
const mostRows = 1_000;

const columns: readonly Column<IgnoreRequest>[] = [
	{ id: "id", title: "N", sort: "id", width: 4, worth: 95, align: "right", draw: ({ id }) => [[String(id), "muted"]] },
	{ id: "state", title: "STATE", sort: "state", width: 9, worth: 98, draw: (row) => [statePiece(row)] },
	{
		...{ id: "checks", title: "CHECKS", width: 14, grow: 1, most: 40, worth: 100 },
		draw: ({ qids }) => [[qids.join(" ")]],
	},
	{ id: "hosts", title: "ON HOSTS", width: 16, grow: 2, most: 50, worth: 92, draw: ({ query }) => [[query]] },
	{
		...{ id: "hides", title: "HID", sort: "findings", width: 6, worth: 85, align: "right" },
		draw: ({ findings }) => [[count(findings), "number"]],
	},
	{
		...{ id: "until", title: "UNTIL", sort: "until", width: 10, worth: 80 },
		draw: ({ until }) => [until === null ? ["for good", "faint"] : [until.slice(0, 10)]],
	},
	{
		id: "by",
		title: "BY",
		sort: "by",
		width: 10,
		most: 24,
		grow: 1,
		worth: 60,
		draw: ({ by }) => [[personName(by), "muted"]],
	},
	{ id: "why", title: "WHY", width: 14, grow: 2, most: 60, worth: 70, draw: ({ reason }) => [[reason, "muted"]] },
];

function stateOf({ restoredAt, pairs }: IgnoreRequest): "restored" | "over" | "ignored" {
	if (restoredAt !== null) return "restored";
	return pairs === 0 ? "over" : "ignored";
}

function statePiece(row: IgnoreRequest): Piece {
	const state = stateOf(row);
	return [state, state === "ignored" ? "warning" : "muted"];
}

export const ignores: Screen<"ignores"> = {
	id: "ignores",
	title: "Ignored",
	open: (route, context) =>
		createListView<IgnoreRequest, undefined>(
			{
				...{ route, title: "Ignored", filter: "", nouns: ["entry", "entries"], example: "lab" },
				...{ scopes: ["ignores"], columns },
				empty: [
					[["Nothing was ignored by hand."]],
					[],
					[
						[keyOf("finding", "ignore"), "key"],
						[" on a finding ignores its check on hosts; what rules ignore: ", "muted"],
						[keyOf("everywhere", "tickets"), "key"],
					],
				],
				async fetchPage(request, signal) {
					const { items } = await context.client.call(list, { limit: mostRows }, { signal });
					return localPage(items, request, (row) => `${row.qids.join(" ")} ${row.query} ${row.by} ${row.reason}`, {
						...{ id: ({ id }) => id, state: stateOf, findings: ({ findings }) => findings },
						...{ until: ({ until }) => until ?? "9", by: ({ by }) => by },
					});
				},
				watch: () => () => undefined,
				describe: (row) => describeIgnore(row),
				titleOf: ({ id }) => `ignored ${id}`,
				open: ({ qids }) => context.open({ to: "findings", filter: `qid:[${qids.join(", ")}] and ignored:true` }),
				extra: (current, { refresh }) =>
					handle<"ignores">({
						restore: {
							run() {
								const row = current();
								if (row) openRestore(context, row, refresh);
							},
							disabled() {
								const row = current();
								if (row === undefined) return "There is nothing here.";
								return stateOf(row) === "ignored" ? undefined : "It is ignored no longer.";
							},
						},
						"same-by": {
							run() {
								const row = current();
								if (row) context.open({ to: "audit", filter: `who:${exactly(row.by)}` });
							},
							disabled: () => (current() ? undefined : "There is nothing here."),
						},
					}),
			},
			context,
		),
};

function describeIgnore(row: IgnoreRequest): Block[] {
	const { id, at, by, reason, qids, query, until, findings, pairs, restoredAt, restoredBy } = row;
	const field = (name: string, ...pieces: Piece[]): Block => ({ kind: "field", name, pieces });
	return [
		{ kind: "text", text: `Ignored ${id}: ${plural(qids.length, "check")} on hosts`, token: "strong" },
		{ kind: "gap" },
		field("state", statePiece(row)),
		field("checks", [`QID ${qids.join(", ")}`]),
		field("on hosts", [query], ["  those it meant then", "muted"]),
		field("hid", [plural(findings, "finding")], [`  holds for ${plural(pairs, "pair")} of check and host`, "muted"]),
		field("since", [when(at)], [`  by ${personName(by)}`, "muted"]),
		field("until", [until === null ? "for good" : when(until)]),
		...(restoredAt === null
			? []
			: [field("taken back", [when(restoredAt)], [`  by ${personName(restoredBy ?? "nobody")}`, "muted"])]),
		{ kind: "heading", text: "Why" },
		{ kind: "text", text: reason },
	];
}

function openRestore(context: ScreenContext, { id, findings }: IgnoreRequest, done: () => void): void {
	context.open({
		to: "form",
		form: {
			title: `Ignore ${id} no longer`,
			verb: "takes it back",
			fields: [{ name: "reason", label: "Why", value: "", hint: "for the tickets and the audit log" }],
			preview: () => [
				`What it hid (${plural(findings, "finding")} at first) counts again, and their tickets are open with new due dates.`,
				"This cannot be undone: what is to be ignored again is ignored anew.",
			],
			async submit({ reason = "" }) {
				if (reason.trim() === "") throw new Error("It needs a reason: the tickets say it.");
				const restored = await context.client.call(restore, { id, reason: reason.trim() });
				context.toast("good", `${plural(restored.findings, "finding counts", "findings count")} again.`);
				done();
				return undefined;
			},
		},
	});
}
