/** How a command ends: its exit code, and the sentences a person reads when it went wrong. */
import { AppError, type ErrorCode } from "../../protocol/errors.ts";
import { harmlessLines } from "../text/harmless.ts";

/** Exit codes that scripts rely on. `interrupted` is what a shell says of a program ended by Ctrl-C: 128 + SIGINT. */
export const exitCodes = {
	done: 0,
	failed: 1,
	usage: 2,
	noDaemon: 3,
	refused: 4,
	partial: 5,
	interrupted: 130,
} as const;

const exitByCode: Partial<Record<ErrorCode, number>> = {
	invalid: exitCodes.usage,
	"too-large": exitCodes.usage,
	unavailable: exitCodes.noDaemon,
	forbidden: exitCodes.refused,
	"out-of-scope": exitCodes.refused,
};

/** Somebody pressed Ctrl-C: not a failure, but not done either. */
export class Interrupted extends AppError {
	constructor(message: string, hint?: string) {
		super("cancelled", message, { hint });
	}
}

/** The exit code for an error of any kind. */
export function exitCodeOf(err: unknown): number {
	if (err instanceof Interrupted) return exitCodes.interrupted;
	return (err instanceof AppError ? exitByCode[err.code] : undefined) ?? exitCodes.failed;
}

/** The one or two lines a person reads, safe to print; never a stack trace. */
export function sentencesOf(err: unknown): string {
	return harmlessLines(textOf(err)).join("\n");
}

function textOf(err: unknown): string {
	if (err instanceof AppError) return err.hint === undefined ? err.message : `${err.message}\n${err.hint}`;
	const text = err instanceof Error ? err.message : String(err);
	return `Something went wrong inside Vedette: ${text}\nThe daemon's log has the details; \`vedette status\` says where it is.`;
}
