/** What a command of the command line is, and what it is handed. */
import type { Command } from "commander";
import type { Client } from "../../protocol/client.ts";

export interface CommandContext {
	readonly env: NodeJS.ProcessEnv;
	readonly stdin: NodeJS.ReadStream;
	readonly stdout: NodeJS.WriteStream;
	readonly stderr: NodeJS.WriteStream;
	/** Connects to the daemon of this home; `start` starts one when none runs. Closed when the command ends. */
	connect(options: { start: boolean }): Promise<Client>;
	/** Writes a line to standard output. */
	print(line: string): void;
	/** Sets the exit code; the last one set counts. */
	exit(code: number): void;
	/** From now on Ctrl-C calls this instead of ending the process. Returns the way back. */
	onInterrupt(listener: () => void): () => void;
}

/** Runs the action of a command so that errors and exit codes are handled in one place. */
export type RunAction = (action: (ctx: CommandContext) => Promise<void>) => Promise<void>;

/** One file in this folder, one line in index.ts. */
export interface CommandFile {
	/** Adds the command to the program. */
	register(program: Command, run: RunAction): void;
}
