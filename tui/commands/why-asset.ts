/** `vedette why-asset`: why what was seen at its addresses is this asset, and no other. */
import { get } from "../../protocol/methods/assets.ts";
import { harmless } from "../text/harmless.ts";
import { assetNamed, whyLines } from "./asset-text.ts";
import type { CommandFile } from "./command.ts";
import { jsonText } from "./print.ts";

export const whyAssetCommand: CommandFile = {
	register(program, run) {
		program
			.command("why-asset")
			.description("say why what was seen is this asset: what it was recognised by, and which assets it is not")
			.argument("<asset>", "asset number, name or address")
			.option("--json", "one JSON document")
			.addHelpText("after", "\nExample: vedette why-asset 192.0.2.7\n")
			.action((asset: string, options: { json?: boolean }) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: false });
					const detail = await client.call(get, assetNamed(asset));
					if (options.json === true) {
						const { id, name } = detail.asset;
						return ctx.print(jsonText({ asset: { id, name }, resolutions: detail.resolutions ?? [] }));
					}
					ctx.print(`Asset ${detail.asset.id}, ${harmless(detail.asset.name)}`);
					for (const line of whyLines(detail, Date.now())) ctx.print(line);
				}),
			);
	},
};
