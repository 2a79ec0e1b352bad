/** `vedette stop-all`: every packet stops within a second. */
import * as scans from "../../protocol/methods/scans.ts";
import type { CommandFile } from "./command.ts";
import { jsonText } from "./print.ts";

export const stopAllCommand: CommandFile = {
	register(program, run) {
		program
			.command("stop-all")
			.description("pause every scan at once; no packet leaves a second later")
			.option("--json", "one JSON document")
			.action((options: { json?: boolean }) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: false });
					const { stopped } = await client.call(scans.stopAll, {});
					if (options.json === true) ctx.print(jsonText({ stopped }));
					else if (stopped.length === 0) ctx.print("Nothing was running.");
					else
						ctx.print(
							`Paused ${stopped.map((id) => `scan ${id}`).join(", ")}. Go on with: vedette scans resume ${stopped[0]}`,
						);
				}),
			);
	},
};
