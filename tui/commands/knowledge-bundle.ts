/** `vedette knowledge bundle | key`: the knowledge in one signed file, carried by hand; and who is trusted to sign. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import type { Client } from "../../protocol/client.ts";
import type { MethodResult } from "../../protocol/define.ts";
import * as knowledge from "../../protocol/methods/knowledge.ts";
import type { BundleKey, KeptBundle } from "../../protocol/model/knowledge-bundle.ts";
import { bundleLines } from "../text/bundle-words.ts";
import { age } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import { personName } from "../text/people.ts";
import { bytesText } from "../text/update-words.ts";
import type { CommandContext, RunAction } from "./command.ts";
import { follow } from "./knowledge-follow.ts";
import { type Column, jsonText, printList } from "./print.ts";

export function registerBundles(command: Command, run: RunAction): void {
	const bundle = command
		.command("bundle")
		.description("the knowledge in one signed file, for where there is no network");
	bundle
		.command("list", { isDefault: true })
		.description("the chain: bundles made and taken in here")
		.option("--json", "one JSON document")
		.action((options: { json?: boolean }) => run((ctx) => listAll(ctx, options.json)));
	bundle
		.command("create <file>")
		.description("write what is held into one signed file")
		.option("--since <state>", "only what has changed since: a state's hash, a bundle's file, or \"last\"")
		.option("--feed <name...>", "only these feeds")
		.option("--key <name>", "which of your keys signs it")
		.option("--json", "one JSON document")
		.addHelpText(
			"after",
			"\nExample:\n  vedette knowledge bundle create monday.vdb\n  vedette knowledge bundle create tuesday.vdb --since monday.vdb\n  ssh jump vedette knowledge import - < tuesday.vdb",
		)
		.action((file: string, options: { since?: string; feed?: string[]; key?: string; json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const stop = follow(ctx, client);
				const { since, feed: feeds = [], key } = options;
				const isFile = since !== undefined && /[./]/.test(since);
				const made = await client
					.call(knowledge.createBundle, {
						...{ path: resolve(file), feeds },
						...(key === undefined ? {} : { key }),
						...(since === undefined ? {} : { since: isFile ? resolve(since) : since }),
					})
					.finally(stop);
				if (options.json === true) return ctx.print(jsonText(made));
				ctx.print(
					harmless(
						`${file}: ${bytesText(made.bytes)}, ${made.base === null ? "stands alone" : `goes on from ${made.base.slice(0, 12)}`}, signed by "${made.key}".`,
					),
				);
				ctx.print(`  brings ${made.state.slice(0, 12)}; hash of the bundle ${made.hash}`);
				ctx.print("  Take it in there: vedette knowledge import FILE");
			}),
		);
	bundle
		.command("show <file>")
		.description("what a bundle brings, who signed it, and whether it fits")
		.option("--json", "one JSON document")
		.action((file: string, options: { json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: true });
				const { bundle: found } = await client.call(knowledge.inspectBundle, { path: resolve(file) });
				if (options.json === true) return ctx.print(jsonText(found));
				if (found === null) return ctx.print(harmless(`${file} is no bundle.`));
				for (const line of bundleLines(found)) ctx.print(harmless(line));
			}),
		);
	registerKeys(command, run);
}

function registerKeys(command: Command, run: RunAction): void {
	const key = command.command("key").description("keys that bundles are signed with and trusted by");
	key
		.command("list", { isDefault: true })
		.description("list them")
		.option("--json", "one JSON document")
		.action((options: { json?: boolean }) =>
			run(async (ctx) => {
				const page = await (await ctx.connect({ start: true })).call(knowledge.keys, {});
				printList(ctx, page, {
					json: options.json,
					columns: keyColumns(Date.now()),
					empty: "No key. Make one: vedette knowledge key new NAME",
				});
			}),
		);
	key
		.command("new <name>")
		.description("make a key to sign with; its secret half never leaves this daemon")
		.option("--json", "one JSON document")
		.action((name: string, options: { json?: boolean }) =>
			run(async (ctx) => {
				const made = await (await ctx.connect({ start: true })).call(knowledge.newKey, { name });
				if (options.json === true) return ctx.print(jsonText(made));
				ctx.print(
					harmless(`"${made.key.name}" (${made.key.id}) signs bundles from now on. Where they are taken in, once:`),
				);
				ctx.print(harmless(`  vedette knowledge key trust '${made.line}'`));
			}),
		);
	key
		.command("trust <line>")
		.description("trust bundles that are signed with a key: the line key new told, or a file with it")
		.option("--name <name>", "what to call it here")
		.option("--json", "one JSON document")
		.action((line: string, options: { name?: string; json?: boolean }) =>
			run(async (ctx) => {
				const text = line.startsWith("vedette-key ") ? line : readFileSync(resolve(line), "utf8").slice(0, 400);
				const client = await ctx.connect({ start: true });
				const params = { line: text, ...(options.name === undefined ? {} : { name: options.name }) };
				const trusted = await client.call(knowledge.trustKey, params);
				if (options.json === true) return ctx.print(jsonText(trusted));
				ctx.print(
					harmless(`"${trusted.name}" is trusted. Its id is ${trusted.id}: compare it with what is said there.`),
				);
			}),
		);
	key
		.command("remove <name>")
		.description("trust a key no longer; what was taken in by it stays")
		.option("--json", "one JSON document")
		.action((name: string, options: { json?: boolean }) =>
			run(async (ctx) => {
				const gone = await (await ctx.connect({ start: true })).call(knowledge.removeKey, { name });
				if (options.json === true) return ctx.print(jsonText(gone));
				ctx.print(
					harmless(
						`"${gone.name}" is trusted no longer${gone.mine ? ", and nothing can be signed with it any more" : ""}.`,
					),
				);
			}),
		);
}

/** Null when the file is no bundle. */
export async function importBundle(
	ctx: CommandContext,
	client: Client,
	path: string,
	older: boolean,
): Promise<MethodResult<typeof knowledge.importBundle> | null> {
	const { bundle } = await client.call(knowledge.inspectBundle, { path });
	if (bundle === null) return null;
	const stop = follow(ctx, client);
	return await client.call(knowledge.importBundle, { path, older }).finally(stop);
}

export function importedLines({ bundle, changed }: MethodResult<typeof knowledge.importBundle>): string[] {
	const what = changed.length === 0 ? "nothing new" : changed.join(", ");
	return [
		`${bundle.file}, signed by "${bundle.key}", made ${bundle.createdAt.slice(0, 16).replace("T", " ")} UTC: ${what}.`,
		...(bundle.linked
			? []
			: ["  The bundle before it in its chain was not taken in here; what it goes on from is held all the same."]),
		...(changed.length === 0 ? [] : ["  What it changed in the findings: vedette knowledge diff last"]),
	];
}

async function listAll(ctx: CommandContext, json: boolean | undefined): Promise<void> {
	const client = await ctx.connect({ start: true });
	const page = await client.call(knowledge.bundles, {});
	if (json === true) return ctx.print(jsonText(page));
	printList(ctx, page, { columns: bundleColumns(Date.now()), empty: "No bundle was made or taken in here." });
	if (page.state !== null)
		ctx.print(`\nHeld now: ${page.state.slice(0, 12)} (for --since on the machine that makes bundles)`);
}

function bundleColumns(now: number): Column<KeptBundle>[] {
	return [
		{ title: "BUNDLE", value: (one) => one.hash.slice(0, 12) },
		{ title: "FOLLOWS", value: (one) => `${one.previous?.slice(0, 12) ?? "-"}${one.linked ? "" : " (not here)"}` },
		{ title: "FROM", value: (one) => one.base?.slice(0, 12) ?? "-" },
		{ title: "BRINGS", value: (one) => one.state.slice(0, 12) },
		{ title: "SIZE", value: (one) => bytesText(one.bytes), align: "right" },
		{ title: "KEY", value: (one) => one.key, max: 20 },
		{ title: "", value: (one) => `${one.what === "made" ? "made" : "taken in"} ${age(one.at, now)} ago` },
		{ title: "FILE", value: (one) => one.file, max: 40 },
	];
}

function keyColumns(now: number): Column<BundleKey>[] {
	return [
		{ title: "KEY", value: (one) => one.name },
		{ title: "ID", value: (one) => one.id },
		{ title: "SIGNS HERE", value: (one) => (one.mine ? "yes" : "no") },
		{ title: "ADDED", value: (one) => `${age(one.addedAt, now)} ago` },
		{ title: "BY", value: (one) => personName(one.addedBy), max: 20 },
		{ title: "PUBLIC", value: (one) => one.publicKey },
	];
}
