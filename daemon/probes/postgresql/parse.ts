/** PostgreSQL's start-up messages, both ways (PostgreSQL documentation, "Message Formats"). Pure and total over any bytes. */
import type { DataOf } from "../../evidence/record.ts";

type Authentication = DataOf<"postgresql">["authentication"];

export interface Message {
	/** One letter: R authentication, E error, S parameter, K key, Z ready, N notice, v version. */
	readonly type: string;
	readonly body: Buffer;
}

/** Longest message believed in. */
export const maxMessageBytes = 16_384;

/** Asks whether TLS is spoken; the answer is one byte, S or N, or an error message. */
export function sslRequest(): Buffer {
	return Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);
}

/** Protocol 3.0, user and database as given; no password follows. */
export function startupMessage(user: string, database: string): Buffer {
	const text = Buffer.from(`user\0${user}\0database\0${database}\0application_name\0vedette\0\0`, "latin1");
	const head = Buffer.alloc(8);
	head.writeUInt32BE(8 + text.length, 0);
	head.writeUInt32BE(0x00030000, 4);
	return Buffer.concat([head, text]);
}

/** Ends a session that needed no password. */
export function terminate(): Buffer {
	return Buffer.from([0x58, 0, 0, 0, 4]);
}

/** Length of the body after this 5-byte header; null when it is no message of a server. */
export function bodyLength(header: Buffer): number | null {
	if (header.length < 5 || !/^[RESKZNv]$/.test(header.toString("latin1", 0, 1))) return null;
	const length = header.readUInt32BE(1) - 4;
	return length >= 0 && length <= maxMessageBytes ? length : null;
}

const byCode: Readonly<Record<number, NonNullable<Authentication>>> = {
	0: "trust",
	3: "password",
	5: "md5",
	7: "gss",
	9: "sspi",
};

/** What an R message asks for. SASL (10) lists its mechanisms; SCRAM is the one known. */
export function parseAuthentication(body: Buffer): NonNullable<Authentication> {
	if (body.length < 4) return "other";
	const code = body.readUInt32BE(0);
	if (code === 10)
		return /^SCRAM-SHA-256(?:-PLUS)?\0/m.test(body.toString("latin1", 4, 200)) ? "scram-sha-256" : "other";
	return byCode[code] ?? "other";
}

/** Fields of an E or N message by their letter: S severity, C code, M message, F file, R routine, … */
export function parseErrorFields(body: Buffer): ReadonlyMap<string, string> {
	const fields = new Map<string, string>();
	let at = 0;
	while (at < body.length && body[at] !== 0 && fields.size < 32) {
		const end = body.indexOf(0, at + 1);
		if (end < 0) break;
		fields.set(body.toString("latin1", at, at + 1), body.toString("utf8", at + 1, Math.min(end, at + 1_001)));
		at = end + 1;
	}
	return fields;
}

/** Name and value of an S message; null when it is cut short. */
export function parseParameter(body: Buffer): readonly [name: string, value: string] | null {
	const middle = body.indexOf(0);
	const end = middle < 0 ? -1 : body.indexOf(0, middle + 1);
	if (end < 0) return null;
	return [
		body.toString("latin1", 0, Math.min(middle, 100)),
		body.toString("utf8", middle + 1, Math.min(end, middle + 201)),
	];
}

/**
 * Was a start-up refused because it came without TLS? PostgreSQL says so with SQLSTATE 28000 out of its
 * ClientAuthentication routine (the text is translated, the routine's name is not); pools say "SSL required".
 */
export function refusesCleartext(error: ReadonlyMap<string, string>): boolean {
	if (error.get("C") === "28000" && error.get("R") === "ClientAuthentication") return true;
	return /no encryption|SSL off|(?:SSL|TLS|encryption)\b.{0,40}\brequired|requires? (?:SSL|TLS)/i.test(
		error.get("M") ?? "",
	);
}

/** Who wrote an error: PostgreSQL names a C file and a routine of its own; PgBouncer sends neither. */
export function productOfError(error: ReadonlyMap<string, string>): string | null {
	if (error.get("F")?.endsWith(".c") && error.has("R")) return "PostgreSQL";
	return /pgbouncer/i.test(error.get("M") ?? "") ? "PgBouncer" : null;
}

/** `15.18 (Debian 15.18-0+deb12u1)` into 15.18 and the package revision in the parentheses. */
export function splitServerVersion(text: string): { version: string | null; info: string | null } {
	const found = /^(\d[\w.]*)(?:\s+\(([^)]{1,100})\))?/.exec(text.slice(0, 200));
	return { version: found?.[1] ?? null, info: found?.[2] ?? null };
}

/** How sure the answer to an SSLRequest is PostgreSQL's: one byte S or N, or an error message with its fields. */
export function recognisePostgresql(bytes: Buffer): number {
	if (bytes.length === 1) return bytes[0] === 0x53 || bytes[0] === 0x4e ? 0.9 : 0;
	if (bytes[0] !== 0x45) return 0;
	const length = bodyLength(bytes);
	if (length === null) return /^E(?:FATAL|ERROR)/.test(bytes.toString("latin1", 0, 10)) ? 0.7 : 0;
	const fields = parseErrorFields(bytes.subarray(5, 5 + length));
	return fields.has("C") && fields.has("M") ? 1 : 0;
}
