/**
 * A small HTTP/1.1 client for asking, never for changing: GET, HEAD and OPTIONS over one connection that is kept while the
 * server keeps it. Heads, bodies, chunks and interim answers are bounded.
 */
import { isIPv6 } from "node:net";
import { type Connection, type ProbeContext, ProbeFailure } from "../probe.ts";
import { decodeBody } from "./body.ts";
import {
	type Framing,
	framingOf,
	type Head,
	maxHeaderBytes,
	parseChunkSize,
	parseHead,
	staysOpen,
	valuesOf,
} from "./parse.ts";

export const userAgent = "vedette/0.1 (vulnerability scan)";
const maxInterimAnswers = 4;
/** A page in smaller pieces than these make of it is not read to its end. */
const maxChunks = 1_024;

/** Methods that change nothing (RFC 9110 section 9.2.1). No other is ever sent. */
export type Method = "GET" | "HEAD" | "OPTIONS";

export interface Answer {
	head: Head;
	/** Decoded, cut at the bound asked for. */
	body: Buffer;
	/** False when the body was cut, broken off or could not be decoded. */
	whole: boolean;
	/** Announced by Content-Length, else the bytes of the decoded body that were read. */
	length: number;
}

export class HttpClient {
	/** Scheme, host and port every path is asked at, e.g. http://127.0.0.1:8080. */
	readonly origin: string;
	readonly #context: ProbeContext;
	readonly #host: string;
	#connection: Connection | null = null;

	constructor(context: ProbeContext) {
		const { address, port, hostname, tls } = context;
		const host = hostOf(hostname ?? address);
		this.#context = context;
		this.#host = port === (tls ? 443 : 80) ? host : `${host}:${port}`;
		this.origin = `${tls ? "https" : "http"}://${this.#host}`;
	}

	/**
	 * One request; a kept connection that turns out closed is replaced once. `codings` are offered for the body, by default
	 * none: small answers are not worth the server's work. Rejects with ProbeFailure.
	 */
	async ask(method: Method, path: string, maxBody: number, codings = "identity"): Promise<Answer> {
		const kept = this.#connection;
		if (kept) {
			const before = kept.bytesRead;
			try {
				return await this.#askOn(kept, method, path, maxBody, codings);
			} catch (err) {
				this.close();
				if (this.#context.signal.aborted || kept.bytesRead !== before || !wasClosed(err)) throw err;
			}
		}
		this.#connection = await this.#context.dial.connect();
		try {
			return await this.#askOn(this.#connection, method, path, maxBody, codings);
		} catch (err) {
			this.close();
			throw err;
		}
	}

	close(): void {
		this.#connection?.close();
		this.#connection = null;
	}

	async #askOn(
		connection: Connection,
		method: Method,
		path: string,
		maxBody: number,
		codings: string,
	): Promise<Answer> {
		await connection.write(
			`${method} ${path} HTTP/1.1\r\nHost: ${this.#host}\r\nUser-Agent: ${userAgent}\r\nAccept: */*\r\n` +
				`Accept-Encoding: ${codings}\r\nConnection: keep-alive\r\n\r\n`,
		);
		const head = await readHead(connection);
		const framing = framingOf(method, head);
		const { bytes, ended } = await readBody(connection, framing, maxBody);
		if (!ended || !staysOpen(head, framing)) this.close();
		const decoded = decodeBody(bytes, valuesOf(head, "content-encoding").join(","), maxBody);
		return {
			head,
			body: decoded.bytes,
			whole: ended && decoded.complete,
			length: framing.kind === "length" ? framing.length : decoded.bytes.length,
		};
	}
}

/** A name or address as a URL's host: IPv6 in brackets. */
export function hostOf(name: string): string {
	return isIPv6(name) ? `[${name}]` : name;
}

function wasClosed(err: unknown): boolean {
	return err instanceof ProbeFailure && (err.reason === "closed" || err.reason === "reset");
}

/** The final head; interim ones (100, 103) are read past. Bytes that are no head end it as `protocol`. */
async function readHead(connection: Connection): Promise<Head> {
	for (let i = 0; i < maxInterimAnswers; i += 1) {
		const head = parseHead(await readBlock(connection));
		if (!head) throw new ProbeFailure("protocol", "not an HTTP/1.x answer");
		if (head.status >= 200 || head.status === 101) return head;
	}
	throw new ProbeFailure("protocol", "interim answers without end");
}

/** Lines up to the empty one; some servers end lines with LF only. */
async function readBlock(connection: Connection): Promise<Buffer> {
	const lines: Buffer[] = [];
	let size = 0;
	for (;;) {
		const line = await connection.readUntil("\n", maxHeaderBytes);
		size += line.length;
		if (size > maxHeaderBytes) throw new ProbeFailure("budget", "the answer's header is too long");
		if (line.length <= 2 && line.toString("latin1").trim() === "") return Buffer.concat(lines);
		if (lines.length === 0 && !line.toString("latin1", 0, 7).startsWith("HTTP/1.")) {
			throw new ProbeFailure("protocol", "not an HTTP/1.x answer");
		}
		lines.push(line);
	}
}

interface RawBody {
	bytes: Buffer;
	/** The body's end was seen, so the next answer may follow. */
	ended: boolean;
}

/** At most `max` bytes of the body. A body broken off gives what came. */
async function readBody(connection: Connection, framing: Framing, max: number): Promise<RawBody> {
	if (framing.kind === "none") return { bytes: Buffer.alloc(0), ended: true };
	const parts: Buffer[] = [];
	try {
		if (framing.kind === "chunked")
			return { ended: await readChunks(connection, max, parts), bytes: Buffer.concat(parts) };
		const wanted = framing.kind === "length" ? framing.length : Number.POSITIVE_INFINITY;
		const ended = await readPart(connection, Math.min(wanted, max), parts);
		const whole = framing.kind === "length" ? wanted <= max && ended : !ended;
		return { bytes: Buffer.concat(parts), ended: whole };
	} catch (err) {
		if (err instanceof ProbeFailure && err.reason !== "aborted") return { bytes: Buffer.concat(parts), ended: false };
		throw err;
	}
}

/** Chunks up to the last one and its trailer (RFC 9112 section 7.1); true when the end was reached. */
async function readChunks(connection: Connection, max: number, parts: Buffer[]): Promise<boolean> {
	let left = max;
	for (let i = 0; i < maxChunks; i += 1) {
		const size = parseChunkSize(await connection.readLine(1_024));
		if (size === null) return false;
		if (size === 0) {
			for (let trailer = 0; trailer < 20; trailer += 1) {
				if ((await connection.readLine(4_096)) === "") return true;
			}
			return false;
		}
		const complete = await readPart(connection, Math.min(size, left), parts);
		left -= Math.min(size, left);
		if (!complete || left === 0) return false;
		await connection.readLine(16);
	}
	return false;
}

/** Exactly n bytes into `parts` as they come; false when the stream ended before. */
async function readPart(connection: Connection, n: number, parts: Buffer[]): Promise<boolean> {
	let left = n;
	while (left > 0) {
		const chunk = await connection.read();
		if (chunk === null) return false;
		parts.push(chunk.subarray(0, left));
		if (chunk.length > left) connection.unread(chunk.subarray(left));
		left -= Math.min(chunk.length, left);
	}
	return true;
}
