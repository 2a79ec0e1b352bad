/** `vedette query`: queries kept by name, what can be asked for, and what the dashboard shows of them. */
import type { Command } from "commander";
import { AppError } from "../../protocol/errors.ts";
import * as assets from "../../protocol/methods/assets.ts";
import * as duplicates from "../../protocol/methods/duplicates.ts";
import * as findings from "../../protocol/methods/findings.ts";
import * as queries from "../../protocol/methods/queries.ts";
import * as scans from "../../protocol/methods/scans.ts";
import * as tickets from "../../protocol/methods/tickets.ts";
import {
	type QueryField,
	type QueryList,
	queryLists,
	type SavedQuery,
	type Widget,
	widgetKinds,
} from "../../protocol/model/query.ts";
import { count, plural } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import type { CommandContext, CommandFile, RunAction } from "./command.ts";
import { parseLimit, readPages } from "./pages.ts";
import { type Column, jsonText, printList } from "./print.ts";

const lists = {
	...{ assets: assets.list, findings: findings.list, tickets: tickets.list, scans: scans.list },
	...{ duplicates: duplicates.list, merges: duplicates.merges },
};

export const queryCommand: CommandFile = {
	register(program, run) {
		const command = program.command("query").description("queries kept by name, and the widgets that show them");
		registerQueries(command, run);
		registerWidgets(command, run);
	},
};

function registerQueries(command: Command, run: RunAction): void {
	command
		.command("list", { isDefault: true })
		.description("list the saved queries")
		.option("--json", "one JSON document")
		.action((options: { json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const page = await client.call(queries.list, {});
				printList(ctx, page, { json: options.json, columns, empty: "No query is saved." });
			}),
		);
	command
		.command("save <name> <query>")
		.description("save a query, e.g. vedette query save Old 'lastScan<now-90d'; one of that name is replaced")
		.option("--list <list>", `what it is asked of: ${queryLists.join(", ")}`, "assets")
		.option("--comment <text>", "what it is for")
		.option("--json", "one JSON document")
		.action((name: string, filter: string, options: { list: string; comment?: string; json?: boolean }) =>
			run(async (ctx) => {
				const list = listOf(options.list);
				const client = await ctx.connect({ start: true });
				const saved = await client.call(queries.save, { name, list, filter, comment: options.comment ?? "" });
				tell(ctx, options, saved, `Saved. Ask it with: vedette query run ${JSON.stringify(harmless(saved.name))}`);
			}),
		);
	command
		.command("run <name>")
		.description("ask a saved query")
		.option("--limit <n>", "rows at most", "100")
		.option("--json", "one JSON document")
		.action((name: string, options: { limit: string; json?: boolean }) =>
			run(async (ctx) => {
				const limit = parseLimit(options.limit);
				const client = await ctx.connect({ start: true });
				const { items } = await client.call(queries.list, {});
				const query = items.find((one) => one.name.toLowerCase() === name.trim().toLowerCase());
				if (query === undefined) throw noQuery(name);
				const method = lists[query.list];
				const page = await readPages<Found>(client, method, { filter: query.filter, limit });
				printList(ctx, page, { json: options.json, columns: foundColumns, empty: "Nothing fits it now." });
			}),
		);
	command
		.command("delete <name>")
		.description("delete a saved query, and the widgets that show it")
		.option("--json", "one JSON document")
		.action((name: string, options: { json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const done = await client.call(queries.remove, { name });
				const gone = done.widgets === 0 ? "" : ` with ${plural(done.widgets, "widget")}`;
				tell(ctx, options, done, `The query ${harmless(done.deleted.name)} is deleted${gone}.`);
			}),
		);
	command
		.command("fields [list]")
		.description(`what ${queryLists.join(", ")} can be asked for`)
		.option("--json", "one JSON document")
		.action((list: string | undefined, options: { json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const page = await client.call(queries.fields, { list: listOf(list ?? "assets") });
				printList(ctx, page, { json: options.json, columns: fieldColumns, empty: "" });
			}),
		);
}

function registerWidgets(command: Command, run: RunAction): void {
	command
		.command("widgets")
		.description("what the dashboard shows of saved queries")
		.option("--json", "one JSON document")
		.action((options: { json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const page = await client.call(queries.widgets, {});
				printList(ctx, page, { json: options.json, columns: widgetColumns, empty: "The dashboard shows no query." });
			}),
		);
	command
		.command("widget <action> <what>")
		.description("add NAME, edit ID or remove ID, e.g. vedette query widget add Old --kind trend")
		.option("--kind <kind>", `how it is shown: ${widgetKinds.join(", ")}`)
		.option("--position <n>", "where, from 1")
		.option("--query <name>", "another query")
		.option("--json", "one JSON document")
		.action((action: string, what: string, options: WidgetOptions) =>
			run(async (ctx) => {
				const kind = options.kind === undefined ? undefined : kindOf(options.kind);
				const client = await ctx.connect({ start: true });
				if (action === "add") {
					const made = await client.call(queries.addWidget, { query: what, ...(kind && { kind }) });
					tell(ctx, options, made, `Widget ${made.id} shows ${harmless(made.query.name)}.`);
				} else if (action === "edit") {
					const { position, query } = options;
					const made = await client.call(queries.editWidget, {
						id: numberOf(what),
						...(kind && { kind }),
						...(query !== undefined && { query }),
						...(position !== undefined && { position: numberOf(position) - 1 }),
					});
					tell(ctx, options, made, `Widget ${made.id} shows ${harmless(made.query.name)} as ${made.kind}.`);
				} else if (action === "remove") {
					const done = await client.call(queries.removeWidget, { id: numberOf(what) });
					tell(ctx, options, done, `Widget ${done.deleted} is off the dashboard; its query stays.`);
				} else
					throw new AppError("invalid", `"${action}" is nothing to do with a widget.`, {
						hint: "add, edit or remove.",
					});
			}),
		);
}

interface WidgetOptions {
	kind?: string;
	position?: string;
	query?: string;
	json?: boolean;
}

interface Found {
	id: number;
	name?: string;
	title?: string;
	asset?: { name: string };
	os?: string | null;
	severity?: number;
	status?: string | null;
	/** Of a ticket. */
	state?: string;
	finding?: { title: string; severity: number } | null;
	/** Of a group of duplicates. */
	members?: readonly { name: string }[];
	confidence?: number | null;
	/** Of a merge. */
	survivor?: { name: string };
	gone?: readonly { name: string }[];
	undone?: object | null;
}

function listOf(text: string): QueryList {
	const found = queryLists.find((list) => list === text.toLowerCase());
	if (found !== undefined) return found;
	throw new AppError("invalid", `There is no list "${text}".`, { hint: `Write one of: ${queryLists.join(", ")}.` });
}

function kindOf(text: string): Widget["kind"] {
	const found = widgetKinds.find((kind) => kind === text.toLowerCase());
	if (found !== undefined) return found;
	throw new AppError("invalid", `A widget is no "${text}".`, { hint: `Write one of: ${widgetKinds.join(", ")}.` });
}

function numberOf(text: string): number {
	if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
	throw new AppError("invalid", `"${text}" is no number.`, { hint: "Numbers stand in: vedette query widgets" });
}

function noQuery(name: string): AppError {
	const hint = "See which there are with: vedette query list";
	return new AppError("not-found", `There is no saved query ${JSON.stringify(name)}.`, { hint });
}

function tell(ctx: CommandContext, { json }: { json?: boolean }, value: unknown, sentence: string): void {
	ctx.print(json === true ? jsonText(value) : sentence);
}

const columns: readonly Column<SavedQuery>[] = [
	{ title: "NAME", value: ({ name }) => name, max: 40 },
	{ title: "LIST", value: ({ list }) => list },
	{ title: "QUERY", value: ({ filter }) => filter || null, max: 80 },
	{ title: "COMMENT", value: ({ comment }) => comment || null, max: 50 },
];

const foundColumns: readonly Column<Found>[] = [
	{ title: "ID", value: ({ id }) => id, align: "right" },
	{
		title: "NAME",
		value: ({ name, title, finding, members, survivor, gone = [] }) =>
			name ?? title ?? finding?.title ?? membersOf(survivor === undefined ? members : [survivor, ...gone]),
		max: 60,
	},
	{ title: "ASSET", value: ({ asset }) => asset?.name ?? null, max: 40 },
	{ title: "OS", value: ({ os }) => os ?? null, max: 30 },
	{ title: "SEV", value: ({ severity, finding }) => severity ?? finding?.severity ?? null, align: "right" },
	{
		title: "STATUS",
		value: ({ status, state, confidence, undone }) =>
			status ?? state ?? (undone ? "undone" : confidence == null ? null : `${confidence} %`),
	},
];

function membersOf(members: Found["members"]): string | null {
	return members === undefined ? null : [...new Set(members.map(({ name }) => name))].join(" = ");
}

const fieldColumns: readonly Column<QueryField>[] = [
	{ title: "FIELD", value: ({ name }) => name },
	{ title: "KIND", value: ({ kind }) => kind },
	{ title: "VALUES", value: ({ values }) => values.join(" ") || null, max: 60 },
	{ title: "WHAT", value: ({ help }) => help || null, max: 80 },
];

const widgetColumns: readonly Column<Widget>[] = [
	{ title: "ID", value: ({ id }) => id, align: "right" },
	{ title: "QUERY", value: ({ query }) => query.name, max: 40 },
	{ title: "LIST", value: ({ query }) => query.list },
	{ title: "KIND", value: ({ kind }) => kind },
	{ title: "COUNT", value: (widget) => (widget.count === null ? "?" : count(widget.count)), align: "right" },
	{ title: "SHOWS", value: shownText, max: 80 },
];

function shownText({ kind, rows, points, problem }: Widget): string | null {
	if (problem !== null) return problem;
	if (kind === "table") return rows.map(({ title }) => title).join(", ") || null;
	if (kind === "trend") return points.map((point) => `${point.day.slice(5)} ${count(point.count)}`).join(", ");
	return null;
}
