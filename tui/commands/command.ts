/** What a command of the command line is, what it is handed, and how its errors become sentences and exit codes. */
import type { Command } from "commander";
import type { Client } from "../../protocol/client.ts";
import { AppError, type ErrorCode } from "../../protocol/errors.ts";

/** Exit codes that scripts rely on. */
export const exitCodes = { done: 0, failed: 1, usage: 2, noDaemon: 3, refused: 4, partial: 5 } as const;

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
}

/** One file in this folder, one line in index.ts. */
export interface CommandFile {
	/** Adds the command to the program; `run` wraps an action so that errors and exit codes are handled in one place. */
	register(program: Command, run: (action: (ctx: CommandContext) => Promise<void>) => Promise<void>): void;
}

const exitByCode: Partial<Record<ErrorCode, number>> = {
	invalid: exitCodes.usage,
	"too-large": exitCodes.usage,
	unavailable: exitCodes.noDaemon,
	forbidden: exitCodes.refused,
	"out-of-scope": exitCodes.refused,
};

/** The exit code for an error of any kind. */
export function exitCodeOf(err: unknown): number {
	return (err instanceof AppError ? exitByCode[err.code] : undefined) ?? exitCodes.failed;
}

/** The one or two lines a person reads; never a stack trace. */
export function sentencesOf(err: unknown): string {
	if (err instanceof AppError) return err.hint === undefined ? err.message : `${err.message}\n${err.hint}`;
	const text = err instanceof Error ? err.message : String(err);
	return `Something went wrong inside Vedette: ${text}\nThe daemon's log has the details; \`vedette status\` says where it is.`;
}
