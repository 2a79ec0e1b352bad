/** The audit log: who did what to what, when and why, newest first. */
import { list, verify } from "../../../protocol/methods/audit.ts";
import type { AuditEntry } from "../../../protocol/model/audit.ts";
import { describeEntry } from "../../components/audit/describe-entry.ts";
import type { Column } from "../../components/list/columns.ts";
import { createListView } from "../../components/list/list-view.tsx";
import { count } from "../../text/format.ts";
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
	{ id: "who", title: "WHO", sort: "who", width: 11, worth: 80, draw: (row) => [[row.who]] },
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
	open: (route, context) =>
		createListView<Row, AuditEntry>(
			{
				...{ route, title: "Audit log", filter: "", nouns: ["entry", "entries"], example: "action:scan.start" },
				...{ scopes: ["audit"], columns, empty: [[["Nothing has been done that the log keeps."]]] },
				async fetchPage(request, signal) {
					const page = await context.client.call(list, request, { signal });
					return { ...page, items: page.items.map((item): Row => ({ ...item, id: item.n })) };
				},
				watch: () => () => undefined,
				loadDetail: () => Promise.reject(new Error("an entry is listed with all its details")),
				describe: (row) => describeEntry(row),
				titleOf: (row) => `${row.n}  ${row.action}`,
				open: ({ id: _, ...entry }) => context.open({ to: "audit-entry", entry }),
				extra: () => handle<"audit">({ verify: { run: () => verifyLog(context) } }),
			},
			context,
		),
};

function verifyLog(context: ScreenContext): void {
	context.toast("info", "Every hash is computed again …");
	context.client.call(verify, {}).then(({ entries, intact, faults }) => {
		const [first] = faults;
		if (intact) context.toast("good", `All ${count(entries)} entries are as they were written.`);
		else context.toast("bad", `The log was changed: ${first?.text ?? "see vedette audit verify"}`);
	}, context.fail);
}
