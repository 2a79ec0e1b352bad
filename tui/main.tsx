/** The one executable: without words it opens the console, with words it is the command line. */
import { Command, CommanderError } from "commander";
import type { Client } from "../protocol/client.ts";
import type { CommandContext, RunAction } from "./commands/command.ts";
import { commands } from "./commands/index.ts";
import { exitCodeOf, exitCodes, sentencesOf } from "./commands/outcome.ts";
import { refuseUnknownSubcommand } from "./commands/subcommands.ts";
import { connectHome } from "./connect/connect-home.ts";
import { harmlessLines } from "./text/harmless.ts";
import { whyNotWritten } from "./text/not-written.ts";
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
		onInterrupt(listener) {
			process.on("SIGINT", listener);
			return () => process.off("SIGINT", listener);
		},
	};
	const fail = (err: unknown) => {
		process.stderr.write(`vedette: ${sentencesOf(err)}\n`);
		exitCode = exitCodeOf(err);
	};
	const run: RunAction = async (action) => {
		try {
			await action(ctx);
		} catch (err) {
			fail(err);
		} finally {
			for (const client of clients.splice(0)) await client.close();
		}
	};
	// A reader that has seen enough (| head) is no error of ours.
	const end = ({ code }: NodeJS.ErrnoException) => process.exit(code === "EPIPE" ? exitCode : exitCodes.failed);
	process.stderr.on("error", end);
	process.stdout.on("error", (err: NodeJS.ErrnoException) => {
		// Without a system call it is a stream that was given up here, as the relay's is when its console goes.
		if (err.code !== "EPIPE" && err.syscall !== undefined) process.stderr.write(notComplete(err));
		end(err);
	});

	try {
		const program = programOf(run);
		const words = withCommand(args);
		await run(async () => {
			refuseUnknownSubcommand(program, words);
		});
		if (exitCode !== exitCodes.done) return exitCode;
		await program.parseAsync(words, { from: "user" });
	} catch (err) {
		if (err instanceof CommanderError) return err.exitCode === 0 ? exitCodes.done : exitCodes.usage;
		// What was typed may be found wrong before there is anything to run.
		fail(err);
	}
	return exitCode;
}

function notComplete(err: unknown): string {
	return `vedette: Standard output cannot be written: ${whyNotWritten(err)}.\nWhat was written is not complete.\n`;
}

/** No command means the console; what asks about the program itself does not. */
function withCommand(args: readonly string[]): string[] {
	const [first] = args;
	const aboutProgram = first !== undefined && /^(--?h(elp)?|--version|-V)$/.test(first);
	return first === undefined || (first.startsWith("-") && !aboutProgram) ? ["console", ...args] : [...args];
}

function programOf(run: RunAction): Command {
	const program = new Command("vedette")
		.usage("[command] [options]")
		.description("Vulnerability management in a terminal. Without a command it opens the console.")
		.version(version)
		.exitOverride()
		.configureOutput({ outputError: (text, write) => write(asSentence(text)) });
	for (const command of commands) command.register(program, run);
	sayWhereHelpIs(program, "vedette");
	return program;
}

/** commander's `error: unknown option '--x'` in the words and shape of our own errors. */
function asSentence(text: string): string {
	const lines = harmlessLines(text.trimEnd()).map((line) =>
		line.replace(/^error: (.)(.*?)\.?$/, (_, first: string, rest: string) => `vedette: ${first.toUpperCase()}${rest}.`),
	);
	return `${lines.join("\n")}\n`;
}

function sayWhereHelpIs(command: Command, words: string): void {
	command.showHelpAfterError(`See: ${words} --help`);
	for (const each of command.commands) sayWhereHelpIs(each, `${words} ${each.name()}`);
}
