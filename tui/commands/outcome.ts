/** How a command ends: its exit code, and the sentences a person reads when it went wrong. */
import { AppError, type ErrorCode } from "../../protocol/errors.ts";

/** Exit codes that scripts rely on. */
export const exitCodes = { done: 0, failed: 1, usage: 2, noDaemon: 3, refused: 4, partial: 5 } as const;

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
