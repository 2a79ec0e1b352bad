/** What people are told of runs: why one waits, why something cannot be done with it, and what it failed of. */
import { AppError } from "../../protocol/errors.ts";
import type { Run } from "./run-owner.ts";

export interface RunWords {
	/** "Scan", "scans". */
	readonly one: string;
	readonly many: string;
	/** Commands that list them, and that resume one. */
	readonly list: string;
	readonly resume: string;
}

export const failedInside = "It failed inside Vedette; the log says why.";

export function waitsForWindow({ one, resume }: RunWords, { id, continuesAt }: Run): AppError {
	const when = continuesAt == null ? "" : ` and goes on by itself at ${continuesAt.slice(0, 16).replace("T", " ")} UTC`;
	return new AppError("conflict", `${one} ${id} waits for its window${when}.`, {
		hint: `To run it now all the same: ${resume} ${id} --ignore-window`,
	});
}

export function conflict({ one }: RunWords, { id, status }: Run, verb: string, hint: string): AppError {
	return new AppError("conflict", `${one} ${id} is ${status}; you cannot ${verb} it.`, { hint });
}

/** Null for what no waiting mends; else a failure of this machine that can be mended, and the run goes on after that. */
export function outage({ one }: RunWords, { code, message }: AppError): string | null {
	if (code !== "unavailable" && code !== "busy") return null;
	return `${message} Nothing found so far is lost; resume the ${one.toLowerCase()} when that is mended.`;
}
