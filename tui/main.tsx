/** The one executable: without words it opens the console, with words it is the command line. */
import { Command, CommanderError } from "commander";
import type { Client } from "../protocol/client.ts";
import type { CommandContext } from "./commands/command.ts";
import { firstLook } from "./commands/first-look.ts";
import { commands } from "./commands/index.ts";
import { exitCodeOf, exitCodes, sentencesOf } from "./commands/outcome.ts";
import { connectHome } from "./connect/connect-home.ts";
import { version } from "./version.ts";

/** Runs what was typed; resolves to the exit code. Never throws, never prints a stack trace. */
export async function main(args: readonly string[]): Promise<number> {
	let exitCode: number = exitCodes.done;
	const clients: Client[] = [];
	const ctx: CommandContext = {
		env: process.env,
		stdin: process.stdin,
		stdout: process.stdout,
		stderr: process.stderr,
		async connect(options) {
			const client = await connectHome({ env: process.env, ...options });
			clients.push(client);
			return client;
		},
		print: (line) => void process.stdout.write(`${line}\n`),
		exit: (code) => {
			exitCode = code;
		},
	};
	const run = async (action: (ctx: CommandContext) => Promise<void>): Promise<void> => {
		try {
			await action(ctx);
		} catch (err) {
			process.stderr.write(`vedette: ${sentencesOf(err)}\n`);
			exitCode = exitCodeOf(err);
		} finally {
			for (const client of clients.splice(0)) await client.close();
		}
	};
	// A reader that has seen enough (| head) is no error of ours.
	process.stdout.on("error", (err: NodeJS.ErrnoException) => process.exit(err.code === "EPIPE" ? 0 : 1));

	const program = programOf(run);
	try {
		await program.parseAsync([...args], { from: "user" });
	} catch (err) {
		if (!(err instanceof CommanderError)) throw err;
		return err.exitCode === 0 ? exitCodes.done : exitCodes.usage;
	}
	return exitCode;
}

function programOf(run: (action: (ctx: CommandContext) => Promise<void>) => Promise<void>): Command {
	const program = new Command("vedette")
		.description("Vulnerability management in a terminal. Without a command it opens the console.")
		.version(version)
		.option("--read-only", "open the console without the right to change anything")
		.showHelpAfterError("Try: vedette --help")
		.exitOverride()
		.action((options: { readOnly?: boolean }) =>
			run(async (ctx) => {
				if (ctx.stdin.isTTY !== true || ctx.stdout.isTTY !== true) return firstLook(ctx);
				const client = await ctx.connect({ start: true });
				const { openConsole } = await import("./console.tsx");
				await openConsole({
					client,
					stdin: ctx.stdin,
					stdout: ctx.stdout,
					readOnly: options.readOnly === true,
					daemonLabel: "local",
				});
			}),
		);
	for (const command of commands) command.register(program, run);
	return program;
}
