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
					const resume = [
						...stopped.map((id) => `vedette scans resume ${id}`),
						...maps.map((id) => `vedette map resume ${id}`),
					];
					if (options.json === true) ctx.print(jsonText({ stopped, maps, audited }));
					else if (paused.length === 0) ctx.print("Nothing was running.");
					else if (resume.length === 1) ctx.print(`Paused ${paused[0]}. Go on with: ${resume[0]}`);
					else {
						ctx.print(`Paused ${paused.join(", ")}. Go on with:`);
						for (const command of resume) ctx.print(`  ${command}`);
					}
					if (!audited) ctx.stderr.write("The audit log takes no entry now; the daemon tries again until it does.\n");
				}),
			);
	},
};
