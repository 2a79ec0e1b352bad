/** The copy menu of a list: the value, row, JSON, CSV or command, of what is marked or of the row under the cursor. */
import { keyOf } from "../../keys/find-binding.ts";
import { type Handler, handle, type ScreenContext } from "../../screens/view.ts";
import { count, plural } from "../../text/format.ts";
import type { Column } from "./columns.ts";
import { cellText, listCommand, rowsCsv, rowsJson, rowsText } from "./copy-rows.ts";
import type { ListOptions } from "./list-options.ts";
import type { Marks } from "./marks.ts";
import { readRows } from "./read-rows.ts";

/** More is an export. Rows. */
const mostCopied = 5_000;

export interface CopiedList<Row extends { readonly id: number }> {
	readonly options: Pick<ListOptions<Row, unknown>, "fetchPage" | "nouns">;
	/** Name of the list, as views know it. */
	readonly list: string;
	readonly marks: Marks<Row>;
	current(): Row | undefined;
	/** As they are shown. */
	columns(): readonly Column<Row>[];
	chosen(): string | undefined;
	asked(): { readonly filter: string; readonly sort: string | undefined };
}

export function openCopyMenu<Row extends { readonly id: number }>(
	context: ScreenContext,
	parts: CopiedList<Row>,
): void {
	const { options, marks } = parts;
	const { sort, filter } = parts.asked();
	const command = listCommand(parts.list, filter, sort);
	const selection = marks.selection();
	const amount = selection.kind === "matching" ? selection.total : selection.ids.length;
	const some = marks.count() > 0 ? `${plural(amount, ...options.nouns)}` : `the ${options.nouns[0]}`;
	const column = parts.columns().find(({ id }) => id === parts.chosen()) ?? parts.columns()[0];
	const copy = (what: string, end: string, textOf: (rows: readonly Row[]) => string) => {
		rowsToCopy(context, parts).then((rows) => context.copyText(what, textOf(rows), end), context.fail);
	};
	const tooMany = () => (amount > mostCopied ? `${count(mostCopied)} rows at most; export more.` : undefined);
	const all = (what: string, end: string, textOf: (rows: readonly Row[]) => string): Handler => ({
		run: () => copy(what, end, textOf),
		disabled: () => tooMany() ?? (amount === 0 ? "There is no row to copy." : undefined),
	});
	context.open({
		to: "menu",
		menu: {
			title: `Copy ${some}`,
			scope: "copying",
			notes: {
				cell: column?.title ?? "",
				command: command ?? "",
				...(marks.count() > 0 ? {} : { row: `${keyOf("table", "copy-menu")} once more` }),
			},
			handlers: handle<"copying">({
				cell: all(column === undefined ? "the value" : `${column.title} of ${some}`, "txt", (rows) =>
					rows.map((row) => (column === undefined ? "" : cellText(column, row, context.now()))).join("\n"),
				),
				row: all(some, "txt", (rows) => rowsText(parts.columns(), rows, context.now())),
				json: all(`${some} as JSON`, "json", rowsJson),
				csv: all(`${some} as CSV`, "csv", (rows) => rowsCsv(parts.columns(), rows, context.now())),
				command: {
					run: () => context.copyText("the command", command ?? "", "txt"),
					disabled: () => (command === undefined ? "No command shows this list." : undefined),
				},
			}),
		},
	});
}

async function rowsToCopy<Row extends { readonly id: number }>(
	context: ScreenContext,
	{ options, marks, asked }: CopiedList<Row>,
): Promise<readonly Row[]> {
	const selection = marks.selection();
	if (selection.kind === "rows") return selection.rows;
	context.toast("info", `Reading ${plural(selection.total, ...options.nouns)} …`);
	const { sort } = asked();
	return readRows(
		options.fetchPage,
		{ filter: selection.filter, sort, most: mostCopied },
		new AbortController().signal,
	);
}
