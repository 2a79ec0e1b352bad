/**
 * The error every part of Vedette raises on purpose, and its one mapping to JSON-RPC numbers.
 * Match on `code`, never on message text.
 */

/** Closed set of error codes. `newer-store` to `unavailable` are the ones a start can end in. */
export const errorCodes = [
	"invalid",
	"not-found",
	"conflict",
	"forbidden",
	"out-of-scope",
	"too-large",
	"busy",
	"cancelled",
	"unavailable",
	"version-mismatch",
	"internal",
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** What each code means to a caller, a sentence. */
export const errorMeanings: Readonly<Record<ErrorCode, string>> = {
	invalid: "The request is wrong as it stands; asking again will not help.",
	"not-found": "What was asked for does not exist.",
	conflict: "It cannot be done in the present state.",
	forbidden: "The caller may not do this.",
	"out-of-scope": "A target is excluded or not allowed to be scanned.",
	"too-large": "More than is done without being confirmed, or than fits one message.",
	busy: "Too much at once; try again later.",
	cancelled: "The caller gave it up.",
	unavailable: "Something that is needed does not answer.",
	"version-mismatch": "The two sides do not speak the same protocol, or the store is newer than the program.",
	internal: "A fault of the daemon's own; its log has the details.",
};

/** JSON-RPC 2.0 reserves -32768..-32000; `invalid` and `internal` use the standard numbers, ours count down from -32001. */
const rpcNumbers: Record<ErrorCode, number> = {
	invalid: -32602,
	internal: -32603,
	"not-found": -32001,
	conflict: -32002,
	forbidden: -32003,
	"out-of-scope": -32004,
	"too-large": -32005,
	busy: -32006,
	cancelled: -32007,
	unavailable: -32008,
	"version-mismatch": -32009,
};

export interface AppErrorOptions {
	/** What the person should do next, a full sentence. */
	hint?: string | undefined;
	/** Structured detail for programs, e.g. the field that was wrong. Never a secret. */
	details?: Record<string, unknown> | undefined;
	cause?: unknown;
}

/** An expected failure: what happened (message) and what to do next (hint). */
export class AppError extends Error {
	readonly code: ErrorCode;
	readonly hint: string | undefined;
	readonly details: Record<string, unknown> | undefined;

	constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
		super(message, options.cause === undefined ? undefined : { cause: options.cause });
		this.name = "AppError";
		this.code = code;
		this.hint = options.hint;
		this.details = options.details;
	}
}

/** The JSON-RPC error number for a code. */
export function rpcNumberOf(code: ErrorCode): number {
	return rpcNumbers[code];
}

/** The code for a JSON-RPC error number; unknown numbers (also -32700, -32600, -32601) are `invalid` or `internal`. */
export function codeOfRpcNumber(number: number): ErrorCode {
	for (const code of errorCodes) if (rpcNumbers[code] === number) return code;
	return number === -32700 || number === -32600 || number === -32601 ? "invalid" : "internal";
}
