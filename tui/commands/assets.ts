/** `vedette assets`: the inventory. */

import * as assets from "../../protocol/methods/assets.ts";
import type { Asset } from "../../protocol/model/asset.ts";
import { age } from "../text/format.ts";
import type { CommandFile } from "./command.ts";
import { parseLimit, readPages } from "./pages.ts";
import { type Column, printList } from "./print.ts";

export const assetsCommand: CommandFile = {
	register(program, run) {
		program
			.command("assets")
			.description("list assets, worst first")
			.argument("[query]", 'filter, e.g. "os:debian and port:22"')
			.option("--json", "one JSON document")
			.option("--limit <n>", "rows at most", "100")
			.option("--sort <field>", "field name, -field for descending")
			.action((query: string | undefined, options: { json?: boolean; limit: string; sort?: string }) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: false });
					const page = await readPages<Asset>(client, assets.list, {
						filter: query ?? "",
						sort: options.sort,
						limit: parseLimit(options.limit),
					});
					printList(ctx, page, {
						json: options.json,
						columns: columns(Date.now()),
						empty: query
							? "No asset matches that. See all with: vedette assets"
							: "No assets yet. Scan this machine with: vedette scan 127.0.0.1",
					});
				}),
			);
	},
};

function columns(now: number): Column<Asset>[] {
	const count = (level: "1" | "2" | "3" | "4" | "5"): Column<Asset> => ({
		title: `SEV${level}`,
		value: (asset) => asset.findings[level],
		align: "right",
	});
	return [
		{ title: "ID", value: (asset) => asset.id, align: "right" },
		{ title: "NAME", value: (asset) => asset.name, max: 40 },
		{ title: "ADDRESSES", value: (asset) => asset.addresses.join(" "), max: 40 },
		{ title: "OS", value: (asset) => asset.os, max: 30 },
		{ title: "PORTS", value: (asset) => asset.openPorts, align: "right" },
		...(["5", "4", "3", "2", "1"] as const).map(count),
		{ title: "SEEN", value: (asset) => age(asset.lastSeen, now), align: "right" },
	];
}
