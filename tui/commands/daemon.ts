/** `vedette daemon`: run the daemon in the foreground, start it in the background, or stop the one that runs. */
import * as daemon from "../../protocol/methods/daemon.ts";
import type { CommandFile } from "./command.ts";

export const daemonCommand: CommandFile = {
	register(program, run) {
		const command = program
			.command("daemon")
			.description("run the daemon in the foreground (for systemd, or to watch its log)")
			.option("--background", "log to the home's file instead of standard error")
			.action((options: { background?: boolean }) =>
				run(async (ctx) => {
					const { main } = await import("../daemon-process.ts");
					ctx.exit(await main(options.background === true ? ["--background"] : []));
				}),
			);
		command
			.command("start")
			.description("start it in the background; does nothing when it runs already")
			.action(() =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: true });
					const status = await client.call(daemon.status, {});
					ctx.print(`The daemon runs (pid ${status.pid}). Stop it with: vedette daemon stop`);
				}),
			);
		command
			.command("stop")
			.description("stop it; running scans carry on at the next start")
			.action(() =>
				run(async (ctx) => {
					const client = await ctx.connect({ start: false });
					const { runningScans } = await client.call(daemon.status, {});
					await client.call(daemon.stop, {});
					ctx.print(`The daemon stops.${runningScans > 0 ? " Running scans carry on when it starts again." : ""}`);
				}),
			);
	},
};
