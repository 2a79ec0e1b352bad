/** `vedette` without a command: the console in a terminal, a first look without one. */
import { AppError } from "../../protocol/errors.ts";
import { consoleOptions } from "../connect/console-files.ts";
import { openAttached } from "./attach.ts";
import type { CommandFile } from "./command.ts";
import { firstLook } from "./first-look.ts";

export const consoleCommand: CommandFile = {
	register(program, run) {
		program
			.command("console")
			.description("open the console; the same as no command at all")
			.option("--read-only", "without the right to change anything")
			.action((options: { readOnly?: boolean }) =>
				run(async (ctx) => {
					const readOnly = options.readOnly === true;
					if (ctx.stdin.isTTY !== true || ctx.stdout.isTTY !== true) {
						if (!readOnly) return firstLook(ctx);
						throw new AppError("invalid", "The console needs a terminal, and here is none.", {
							hint: "Without one, see what is known with: vedette findings, vedette assets, vedette scans",
						});
					}
					const elsewhere = ctx.env.VEDETTE_DAEMON;
					if (elsewhere) return openAttached(ctx, elsewhere, { readOnly });
					const client = await ctx.connect({ start: true });
					const { openConsole } = await import("../console.tsx");
					const own = await consoleOptions(ctx.env);
					await openConsole({ ...own, client, stdin: ctx.stdin, stdout: ctx.stdout, readOnly, daemonLabel: "local" });
				}),
			);
	},
};
