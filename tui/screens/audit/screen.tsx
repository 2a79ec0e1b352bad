/** The audit log: who did what to what, when and why, newest first. */
import { list, verify } from "../../../protocol/methods/audit.ts";
import type { AuditEntry } from "../../../protocol/model/audit.ts";
import { describeEntry } from "../../components/audit/describe-entry.ts";
import type { Column } from "../../components/list/columns.ts";
import { createListView } from "../../components/list/list-view.tsx";
import { count } from "../../text/format.ts";
import { personName } from "../../text/people.ts";
import type { Piece } from "../../theme/line.ts";
import { handle, type Screen, type ScreenContext } from "../view.ts";

type Row = AuditEntry & { readonly id: number };

const columns: readonly Column<Row>[] = [
	{ id: "n", title: "N", sort: "n", width: 6, worth: 40, align: "right", draw: (row) => [[count(row.n), "muted"]] },
	{
		id: "at",
		title: "WHEN (UTC)",
		sort: "at",
		width: 19,
		worth: 90,
		draw: (row) => [[row.at.slice(0, 19).replace("T", " "), "muted"]],
	},
	{ id: "who", title: "WHO", sort: "who", width: 11, worth: 80, draw: (row) => [[personName(row.who)]] },
	{ id: "action", title: "WHAT", sort: "action", width: 16, worth: 100, draw: (row) => [[row.action, "strong"]] },
	{
		id: "object",
		title: "TO WHAT",
		sort: "object",
		width: 16,
		grow: 2,
		most: 60,
		worth: 95,
		draw: (row) => [[row.object]],
	},
	{ id: "reason", title: "WHY", width: 12, grow: 2, most: 60, worth: 50, draw: (row) => [[row.reason ?? "", "muted"]] },
];

export const audit: Screen<"audit"> = {
	id: "audit",
	title: "Audit",
	open(route, context) {
		const state = createVerdict(context);
		return createListView<Row, AuditEntry>(
			{
				...{ route, title: "Audit log", filter: route.filter ?? "", nouns: ["entry", "entries"] },
				...{ scopes: ["audit"], columns, empty: [[["Nothing has been done that the log keeps."]]] },
				example: 'action:scan.start or who:"unix:1000" and at>now-7d',
				figures: state.figures,
				async fetchPage(request, signal) {
					const page = await context.client.call(list, request, { signal });
					return { ...page, items: page.items.map((item): Row => ({ ...item, id: item.n })) };
				},
				watch: () => () => undefined,
				describe: (row) => describeEntry(row),
				titleOf: (row) => `${row.n}  ${row.action}`,
				open: ({ id: _, ...entry }) => context.open({ to: "audit-entry", entry }),
				extra: (current) => {
					const only = (field: "who" | "object") => ({
						run: () => context.open({ to: "audit", filter: `${field}:${JSON.stringify(current()?.[field] ?? "")}` }),
						disabled: () => (current() === undefined ? "There is no entry here." : undefined),
					});
					return handle<"audit">({
						verify: { run: () => state.look(true) },
						"same-who": only("who"),
						"same-object": only("object"),
					});
				},
			},
			context,
		);
	},
};

/** Whether the log is as it was written, looked at when the screen opens and when it is asked for. */
function createVerdict(context: ScreenContext) {
	let figures: readonly Piece[] = [["checking … · ", "muted"]];
	const look = (aloud: boolean) => {
		if (aloud) context.toast("info", "Every hash is computed again …");
		context.client.call(verify, {}).then(
			({ entries, intact, signed, faults }) => {
				const [first] = faults;
				const how = signed === "good" ? "intact, signed" : "intact";
				figures = [intact ? [`✓ ${how}`, "good"] : ["✗ CHANGED", "bad"], [" · ", "muted"]];
				if (!intact) context.toast("bad", `The log was changed: ${first?.text ?? "see vedette audit verify"}`);
				else if (aloud)
					context.toast(
						"good",
						`All ${count(entries)} entries are as they were written${signed === "good" ? " and signed" : ""}.`,
					);
				context.changed();
			},
			(err: unknown) => {
				figures = [["not checked · ", "muted"]];
				context.changed();
				if (aloud) context.fail(err);
			},
		);
	};
	look(false);
	return { look, figures: () => figures };
}
