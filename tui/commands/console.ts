/** `vedette` without a command: the console in a terminal, a first look without one. */
import { AppError } from "../../protocol/errors.ts";
import { consoleOptions } from "../connect/console-files.ts";
import { withCrashNote } from "../connect/crash-note.ts";
import { otherSocket } from "../connect/other-socket.ts";
import { startDaemon } from "../connect/start-daemon.ts";
import type { ConsoleOptions } from "../console.tsx";
import { openAttached } from "./attach.ts";
import type { CommandFile } from "./command.ts";
import { firstLook } from "./first-look.ts";
import { isPlainAsked, openPlainHere } from "./plain-console.ts";

export const consoleCommand: CommandFile = {
	register(program, run) {
		program
			.command("console")
			.description("open the console; the same as no command at all")
			.option("--read-only", "without the right to change anything")
			.option("--plain", "line by line, for screen readers, simple terminals and scripts that type")
			.action((options: { readOnly?: boolean; plain?: boolean }) =>
				run(async (ctx) => {
					const readOnly = options.readOnly === true;
					const elsewhere = ctx.env.VEDETTE_DAEMON;
					const isTerminal = ctx.stdin.isTTY === true && ctx.stdout.isTTY === true;
					if (isPlainAsked(ctx, options.plain)) {
						if (elsewhere) return openAttached(ctx, elsewhere, { readOnly, plain: true });
						const client = await ctx.connect({ start: true });
						const parts = { ...(await ownParts(ctx.env)), client, readOnly, daemonLabel: "local" };
						const plain = await import("../plain/open-plain.ts");
						await withCrashNote(ctx.env, () => openPlainHere(ctx, plain, parts));
						return;
					}
					if (!isTerminal) {
						if (!readOnly) return firstLook(ctx);
						throw new AppError("invalid", "The console needs a terminal, and here is none.", {
							hint: "Line by line it works without: vedette --plain. Or ask by commands: vedette findings, vedette assets",
						});
					}
					if (elsewhere) return openAttached(ctx, elsewhere, { readOnly });
					const client = await ctx.connect({ start: true });
					const { openConsole } = await import("../console.tsx");
					const own = await ownParts(ctx.env);
					const parts = { ...own, client, stdin: ctx.stdin, stdout: ctx.stdout, readOnly, daemonLabel: "local" };
					await withCrashNote(ctx.env, () => openConsole(parts));
				}),
			);
	},
};

/** What the console of the daemon here has: the user's likings, and the way to start that daemon again where it is one's own. */
async function ownParts(env: NodeJS.ProcessEnv): Promise<Pick<ConsoleOptions, "likings" | "keys" | "startDaemon">> {
	const own = await consoleOptions(env);
	return otherSocket(env) === null ? { ...own, startDaemon: () => startDaemon(env) } : own;
}
