/** `vedette view`: views of lists that are kept by name: filter, order and columns. */
import type { Command } from "commander";
import * as views from "../../protocol/methods/views.ts";
import type { SavedView } from "../../protocol/model/view.ts";
import { viewNamed } from "../components/list/view-names.ts";
import { age } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import { personName } from "../text/people.ts";
import type { CommandFile, RunAction } from "./command.ts";
import { type Column, jsonText, printList } from "./print.ts";

interface Options {
	list: string;
	sort?: string;
	shared?: boolean;
	json?: boolean;
}

const listOption = ["--list <list>", "the list it is of: findings, assets, scans, tickets, duplicates, …"] as const;

export const viewCommand: CommandFile = {
	register(program, run) {
		const command = program
			.command("view")
			.description("views of lists: filter, order and columns under a name, one's own or everybody's")
			.addHelpText(
				"after",
				"\nExample: vedette view save Late 'severity>=4 and port:443' --sort -severity,port --shared\n         vedette findings --view Late\n",
			);
		registerList(command, run);
		registerSave(command, run);
		registerDelete(command, run);
		registerDefault(command, run);
	},
};

function registerList(command: Command, run: RunAction): void {
	command
		.command("list", { isDefault: true })
		.description("list one's own views and those that are shared")
		.option(...listOption)
		.option("--json", "one JSON document")
		.action(({ list, json }: { list?: string; json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const page = await client.call(views.list, list === undefined ? {} : { list });
				const empty = "No view is saved. Save one with: vedette view save NAME QUERY, or b in a list of the console";
				printList(ctx, page, { json, columns: columns(Date.now()), empty });
			}),
		);
}

function registerSave(command: Command, run: RunAction): void {
	command
		.command("save <name> [query]")
		.description("save a view; one's own of that name is replaced, its columns stay")
		.option(...listOption, "findings")
		.option("--sort <fields>", "its order, as -severity,port")
		.option("--shared", "for everybody")
		.option("--json", "one JSON document")
		.action((name: string, filter: string | undefined, { list, sort, shared, json }: Options) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const { items } = await client.call(views.list, { list });
				const before = items.find((view) => view.mine && view.name.toLowerCase() === name.trim().toLowerCase());
				const saved = await client.call(shared === true ? views.share : views.save, {
					...{ list, name, filter: filter ?? "", sort: sort ?? null, columns: before?.columns ?? [] },
				});
				ctx.print(json === true ? jsonText(saved) : savedText(saved));
			}),
		);
}

function savedText({ list, name }: SavedView): string {
	const command = `${hasViewOption.includes(list) ? `vedette ${commandOf(list)} --view` : "b in the console:"}`;
	return `Saved. Look with it: ${command} ${JSON.stringify(harmless(name))}`;
}

/** Lists whose commands take `--view`. */
const hasViewOption = ["findings", "assets", "scans", "tickets", "duplicates"];

function commandOf(list: string): string {
	return list === "tickets" ? "ticket list" : list;
}

function registerDelete(command: Command, run: RunAction): void {
	command
		.command("delete <name>")
		.description("delete a view")
		.option(...listOption, "findings")
		.option("--shared", "one that everybody has")
		.option("--json", "one JSON document")
		.action((name: string, { list, shared, json }: Options) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const gone = await client.call(shared === true ? views.unshare : views.remove, { list, name });
				ctx.print(json === true ? jsonText(gone) : `The view ${harmless(gone.name)} is deleted.`);
			}),
		);
}

function registerDefault(command: Command, run: RunAction): void {
	command
		.command("default [name]")
		.description("the view that the list opens with in one's console; without a name: with everything")
		.option(...listOption, "findings")
		.option("--json", "one JSON document")
		.action((name: string | undefined, { list, json }: Options) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const view = name === undefined ? null : viewNamed((await client.call(views.list, { list })).items, name, list);
				const kept = await client.call(views.setPreferences, { list, view: view?.name ?? null });
				const opens = kept.view === null ? "everything" : `the view ${harmless(kept.view.name)}`;
				ctx.print(json === true ? jsonText(kept) : `${list} opens with ${opens}.`);
			}),
		);
}

function columns(now: number): Column<SavedView>[] {
	return [
		{ title: "LIST", value: ({ list }) => list },
		{ title: "NAME", value: ({ name }) => name, max: 40 },
		{ title: "FILTER", value: ({ filter }) => filter || null, max: 60 },
		{ title: "ORDER", value: ({ sort }) => sort, max: 40 },
		{
			title: "WHOSE",
			value: ({ mine, shared, owner }) => `${mine ? "mine" : personName(owner)}${shared ? ", shared" : ""}`,
		},
		{ title: "SAVED", value: ({ updatedAt }) => age(updatedAt, now), align: "right" },
	];
}
