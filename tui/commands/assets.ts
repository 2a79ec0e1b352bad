/** `vedette assets`: the inventory. */
import type { Command } from "commander";
import * as assets from "../../protocol/methods/assets.ts";
import type { Asset } from "../../protocol/model/asset.ts";
import type { PoisonedIdentifier } from "../../protocol/model/identity.ts";
import { age } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import { assetLines, assetNamed } from "./asset-text.ts";
import { type TrackOptions, trackAssets } from "./asset-tracking.ts";
import type { CommandFile, RunAction } from "./command.ts";
import { printFacets } from "./facets.ts";
import { listWish, viewOption, type WishOptions } from "./list-wish.ts";
import { parseLimit, readPages } from "./pages.ts";
import { type Column, jsonText, lookOf, printList } from "./print.ts";

export const assetsCommand: CommandFile = {
	register(program, run) {
		const command = program
			.command("assets")
			.description("assets: list them, show one, change what they are tracked by");
		command
			.command("list [query]", { isDefault: true })
			.description('list assets, worst first, or those a query names, e.g. "os:debian and port:22"')
			.option("--json", "one JSON document")
			.option("--limit <n>", "rows at most", "100")
			.option("--sort <field>", "-field for descending, several as -severity,port")
			.option("--facets", "what they have in common: how many by worst finding, port, service, tag, system, …")
			.option(...viewOption)
			.action((query: string | undefined, options: WishOptions & { json?: boolean; facets?: boolean }) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: false });
					const wish = await listWish(client, "assets", query, options);
					if (options.facets === true) {
						const found = await client.call(assets.facets, { filter: wish.filter });
						return printFacets(ctx, found, options, "No asset matches that.");
					}
					const page = await readPages<Asset>(client, assets.list, wish);
					printList(ctx, page, {
						json: options.json,
						columns: columns(page.items, Date.now()),
						empty: query
							? "No asset matches that. See all with: vedette assets"
							: "No assets yet. Scan this machine with: vedette scan 127.0.0.1",
					});
				}),
			);
		registerShow(command, run);
		registerTrack(command, run);
		registerPoisoned(command, run);
	},
};

function registerShow(command: Command, run: RunAction): void {
	command
		.command("show <asset>")
		.description("one asset, by number, name or address: what it is, by what it is recognised, who told of it")
		.option("--json", "one JSON document, with the evidence")
		.addHelpText("after", "\nExample: vedette assets show web1.example.org\n")
		.action((asset: string, options: { json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: false });
				const detail = await client.call(assets.get, assetNamed(asset));
				if (options.json === true) ctx.print(jsonText(detail));
				else for (const line of assetLines(detail, Date.now(), lookOf(ctx))) ctx.print(line);
			}),
		);
}

function registerTrack(command: Command, run: RunAction): void {
	command
		.command("track [query]")
		.description("change what assets are tracked by: those a query names, or --asset N")
		.requiredOption("--by <what>", "ip, dns or netbios")
		.option("--asset <n>", "this asset; may be repeated", collect)
		.option("--dry-run", "say what would become of each and change nothing")
		.option("--yes", "do it without asking")
		.option("--json", "one JSON document")
		.addHelpText(
			"after",
			"\nWhile the name an asset is tracked by does not resolve, scans record nothing of it and list it as not scanned\n(vedette scans show N). Example: vedette assets track --by dns 'address:192.0.2.0/24' --dry-run\n",
		)
		.action((query: string | undefined, options: TrackOptions) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: false });
				await trackAssets(ctx, client, query, options);
			}),
		);
}

function registerPoisoned(command: Command, run: RunAction): void {
	command
		.command("poisoned")
		.description("identifiers that were seen on two machines at the same time and decide nothing any more")
		.option(
			"--heal <kind=value>",
			"let one decide again, e.g. machine-id=0123…: the copies have values of their own now",
		)
		.option("--limit <n>", "rows at most", "1000")
		.option("--json", "one JSON document")
		.action((options: { heal?: string; limit: string; json?: boolean }) =>
			run(async (ctx) => {
				const client = await ctx.connect({ start: false });
				if (options.heal !== undefined) {
					const [kind = "", ...rest] = options.heal.split("=");
					const healed = await client.call(assets.heal, { kind, value: rest.join("=") });
					ctx.print(options.json === true ? jsonText(healed) : `The ${harmless(kind)} decides again.`);
					return;
				}
				const page = await client.call(assets.poisoned, { limit: Math.min(10_000, parseLimit(options.limit)) });
				printList(ctx, page, {
					json: options.json,
					columns: poisonedColumns(Date.now()),
					empty: "Every identifier that was seen belongs to one machine.",
				});
			}),
		);
}

const collect = (value: string, all: string[] = []) => [...all, value];

function poisonedColumns(now: number): Column<PoisonedIdentifier>[] {
	return [
		{ title: "KIND", value: ({ kind }) => kind },
		{ title: "VALUE", value: ({ value }) => value, max: 50 },
		{ title: "ASSETS", value: (one) => one.assets.map(({ id, name }) => `${name} (${id})`).join(", "), max: 60 },
		{ title: "WHY", value: ({ why }) => why, max: 100 },
		{ title: "SINCE", value: ({ at }) => age(at, now), align: "right" },
	];
}

function columns(shown: readonly Asset[], now: number): Column<Asset>[] {
	const several = shown.some(({ network }) => network !== undefined && network !== "default");
	const count = (level: "1" | "2" | "3" | "4" | "5"): Column<Asset> => ({
		title: `SEV${level}`,
		value: (asset) => asset.findings[level],
		align: "right",
	});
	return [
		{ title: "ID", value: (asset) => asset.id, align: "right" },
		{ title: "NAME", value: (asset) => asset.name, max: 40 },
		{ title: "ADDRESSES", value: (asset) => asset.addresses.join(" "), max: 40 },
		...(several ? [{ title: "NETWORK", value: (asset: Asset) => asset.network ?? null, max: 20 }] : []),
		{ title: "OS", value: (asset) => asset.os, max: 30 },
		{ title: "PORTS", value: (asset) => asset.openPorts, align: "right" },
		...(["5", "4", "3", "2", "1"] as const).map(count),
		{ title: "SEEN", value: (asset) => age(asset.lastSeen, now), align: "right" },
	];
}
