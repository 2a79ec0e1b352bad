/** `vedette stop-all`: every packet stops within a second. */
import * as scans from "../../protocol/methods/scans.ts";
import type { CommandFile } from "./command.ts";
import { jsonText } from "./print.ts";

export const stopAllCommand: CommandFile = {
	register(program, run) {
		program
			.command("stop-all")
			.description("pause every scan and map at once; no packet leaves a second later")
			.option("--json", "one JSON document")
			.action((options: { json?: boolean }) =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: false });
					const { stopped, maps, audited } = await client.call(scans.stopAll, {});
					const paused = [...stopped.map((id) => `scan ${id}`), ...maps.map((id) => `map ${id}`)];
					const resume = stopped.length > 0 ? `scans resume ${stopped[0]}` : `map resume ${maps[0]}`;
					if (options.json === true) ctx.print(jsonText({ stopped, maps, audited }));
					else if (paused.length === 0) ctx.print("Nothing was running.");
					else ctx.print(`Paused ${paused.join(", ")}. Go on with: vedette ${resume}`);
					if (!audited) ctx.stderr.write("The audit log takes no entry now; the daemon tries again until it does.\n");
				}),
			);
	},
};
