/** The numbered replies FTP and SMTP share: one line, or many with a hyphen after the code (RFC 959 4.2, RFC 5321 4.2.1). */
import type { Connection } from "./probe.ts";
import { ProbeFailure } from "./probe.ts";

export interface NumberedReply {
	readonly code: number;
	/** The lines without their code where they carry it; Latin-1. */
	readonly lines: readonly string[];
	/** All lines as sent, joined with a line feed. */
	readonly raw: string;
}

const maxLines = 128;
const maxLineBytes = 4_096;

/** Is this line the last of a reply that began with `code`? */
function endsReply(line: string, code: string): boolean {
	return line.startsWith(code) && line.charAt(3) !== "-";
}

/** Null when the first line carries no three-digit code. Lines past the end of the reply are left out. */
export function parseNumberedReply(lines: readonly string[]): NumberedReply | null {
	const code = codeOf(lines[0] ?? "");
	if (code === null) return null;
	const last = lines.slice(0, maxLines).findIndex((line) => endsReply(line, code));
	const own = lines.slice(0, last < 0 ? maxLines : last + 1);
	return {
		code: Number(code),
		lines: own.map((line) => (line.startsWith(code) ? line.slice(4) : line.trimStart())),
		raw: own.join("\n"),
	};
}

/** Reads one whole reply. Rejects with ProbeFailure `protocol` when what comes is no numbered reply or never ends. */
export async function readNumberedReply(connection: Connection): Promise<NumberedReply> {
	const lines = [await connection.readLine(maxLineBytes)];
	const code = codeOf(lines[0] ?? "");
	if (code === null) throw new ProbeFailure("protocol", "no numbered reply");
	while (!endsReply(lines[lines.length - 1] ?? "", code)) {
		if (lines.length >= maxLines) throw new ProbeFailure("protocol", "a reply without an end");
		lines.push(await connection.readLine(maxLineBytes));
	}
	return parseNumberedReply(lines) ?? { code: Number(code), lines, raw: lines.join("\n") };
}

/** Sends a command line and reads its reply. */
export async function ask(connection: Connection, command: string): Promise<NumberedReply> {
	await connection.write(`${command}\r\n`);
	return readNumberedReply(connection);
}

function codeOf(line: string): string | null {
	return /^([1-5]\d\d)(?:[ -]|$)/.exec(line)?.[1] ?? null;
}
