/**
 * The bytes of an HTTP/1.x answer, read (RFC 9110, RFC 9112), and what a page says of itself. Pure; nothing here throws,
 * and every text is cut before a pattern sees it.
 */

export const maxHeaderBytes = 32 * 1_024;
const maxHeaders = 100;
const maxValueLength = 4_096;

export interface Head {
	/** Minor version: 0 closes after one answer unless told otherwise. */
	minor: number;
	status: number;
	reason: string;
	/** Names in lower case, in the order sent, repeated ones apart. */
	headers: readonly (readonly [name: string, value: string])[];
}

/** Does the start of a stream belong to an HTTP server? 0 no, 1 certain. */
export function looksLikeHttp(bytes: Buffer): number {
	return /^HTTP\/1\.\d [1-5]\d\d/.test(bytes.toString("latin1", 0, 16)) ? 1 : 0;
}

/** Status line and header fields of a block that ends before the empty line. Null when it is no HTTP/1.x answer. */
export function parseHead(block: Buffer): Head | null {
	const lines = block.toString("latin1", 0, maxHeaderBytes).split(/\r?\n/, maxHeaders + 1);
	const status = /^HTTP\/1\.(\d)[ \t]+([1-5]\d\d)(?:[ \t]+(.*))?$/.exec(lines[0] ?? "");
	if (!status) return null;
	const headers: [string, string][] = [];
	for (const line of lines.slice(1)) {
		const field = /^([!#$%&'*+.^_`|~0-9A-Za-z-]{1,128})[ \t]*:(.*)$/s.exec(line);
		const last = headers.at(-1);
		if (field) {
			headers.push([(field[1] ?? "").toLowerCase(), (field[2] ?? "").trim().slice(0, maxValueLength)]);
		} else if (last && /^[ \t]/.test(line)) {
			last[1] = `${last[1]} ${line.trim()}`.slice(0, maxValueLength);
		}
	}
	return {
		minor: Number(status[1]),
		status: Number(status[2]),
		reason: (status[3] ?? "").trim().slice(0, 200),
		headers,
	};
}

/** All values of a header, in the order sent. */
export function valuesOf(head: Head, name: string): string[] {
	return head.headers.filter(([known]) => known === name).map(([, value]) => value);
}

/** Header fields as one object, repeated ones joined. A field named as an object's own machinery is left out. */
export function joinHeaders(head: Head): Record<string, string> {
	const joined = new Map<string, string>();
	for (const [name, value] of head.headers) {
		if (name === "__proto__") continue;
		const before = joined.get(name);
		joined.set(name, (before === undefined ? value : `${before}, ${value}`).slice(0, maxValueLength));
	}
	return Object.fromEntries(joined);
}

/** How the body of an answer is delimited (RFC 9112 section 6.3). */
export type Framing = { kind: "none" } | { kind: "length"; length: number } | { kind: "chunked" } | { kind: "close" };

export function framingOf(method: string, head: Head): Framing {
	if (method === "HEAD" || head.status < 200 || head.status === 204 || head.status === 304) return { kind: "none" };
	if (valuesOf(head, "transfer-encoding").some((value) => /\bchunked\s*$/i.test(value))) return { kind: "chunked" };
	const [length] = valuesOf(head, "content-length");
	if (length !== undefined && /^\d{1,15}$/.test(length)) return { kind: "length", length: Number(length) };
	return { kind: "close" };
}

/** Whether another request may follow on the same connection (RFC 9112 section 9.3). */
export function staysOpen(head: Head, framing: Framing): boolean {
	if (framing.kind === "close") return false;
	const connection = valuesOf(head, "connection").join(",").toLowerCase();
	if (/\bclose\b/.test(connection)) return false;
	return head.minor >= 1 || /\bkeep-alive\b/.test(connection);
}

/** Size in a chunk's first line (RFC 9112 section 7.1); null when there is none or it is beyond reason. */
export function parseChunkSize(line: string): number | null {
	const size = /^\s*([0-9a-fA-F]{1,7})\s*(?:;.*)?$/s.exec(line);
	return size ? Number.parseInt(size[1] ?? "", 16) : null;
}

/** Text of a body: UTF-8 where it is valid (a cut at the end allowed), else Latin-1. */
export function textOf(body: Uint8Array): string {
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(body, { stream: true });
	} catch {
		return Buffer.from(body).toString("latin1");
	}
}

/** The page's title, blanks folded, the usual entities undone; null when there is none. */
export function parseTitle(page: string): string | null {
	const text = page.slice(0, 65_536);
	const open = /<title\b[^>]{0,200}>/i.exec(text);
	if (!open) return null;
	const start = open.index + open[0].length;
	const end = text.slice(start, start + 2_000).search(/<\/title|</i);
	const raw = text.slice(start, start + (end < 0 ? 500 : end));
	const title = unescapeEntities(raw).replace(/\s+/g, " ").trim().slice(0, 500);
	return title === "" ? null : title;
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

function unescapeEntities(text: string): string {
	return text.replace(/&(?:#(\d{1,6})|#x([0-9a-f]{1,5})|([a-z]{2,4}));/gi, (whole, decimal, hex, name) => {
		if (name !== undefined) return entities[String(name).toLowerCase()] ?? whole;
		const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
		return code > 0 && code < 0x110000 && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : whole;
	});
}

/** Where the page says its icon is; null when it does not, or gives the picture itself. */
export function parseIconLink(page: string): string | null {
	const links = page.slice(0, 65_536).match(/<link\b[^>]{1,1000}>/gi) ?? [];
	for (const link of links.slice(0, 50)) {
		if (!/\brel\s*=\s*["']?(?:shortcut\s+)?icon\b/i.test(link)) continue;
		const href = /\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i.exec(link);
		const target = unescapeEntities((href?.[1] ?? href?.[2] ?? href?.[3] ?? "").trim());
		if (target !== "" && !/^data:/i.test(target)) return target.slice(0, 1_000);
	}
	return null;
}

/** Scheme names of WWW-Authenticate fields, lower case, each once (RFC 9110 section 11.6.1). */
export function parseAuthSchemes(values: readonly string[]): string[] {
	const schemes = new Set<string>();
	for (const value of values.slice(0, 20)) {
		const outsideQuotes = value.slice(0, maxValueLength).replace(/"(?:[^"\\]|\\.)*"?/g, '""');
		for (const part of outsideQuotes.split(",")) {
			const scheme = /^\s*([A-Za-z][A-Za-z0-9-]{0,30})(?:\s|$)(?!\s*=)/.exec(part);
			if (scheme) schemes.add((scheme[1] ?? "").toLowerCase());
		}
	}
	return [...schemes];
}

/** Method names of Allow or Public fields, upper case, each once. */
export function parseMethods(values: readonly string[]): string[] {
	const names = values.flatMap((value) => value.split(",")).map((name) => name.trim().toUpperCase());
	return [...new Set(names.filter((name) => /^[A-Z-]{1,20}$/.test(name)))].slice(0, 40);
}

export interface Cookie {
	name: string;
	secure: boolean;
	httpOnly: boolean;
	sameSite: string | null;
}

/** Name and attributes of each Set-Cookie field (RFC 6265 section 5.2); values are left out, they are secrets. */
export function parseCookies(values: readonly string[]): Cookie[] {
	const cookies: Cookie[] = [];
	for (const value of values.slice(0, 50)) {
		const [pair = "", ...attributes] = value.split(";").map((part) => part.trim());
		const name = pair.slice(0, Math.max(0, pair.indexOf("="))).trim();
		if (name === "") continue;
		const named = attributes.map((attribute) => attribute.toLowerCase());
		const sameSite = named.find((attribute) => attribute.startsWith("samesite="));
		cookies.push({
			name: name.slice(0, 200),
			secure: named.includes("secure"),
			httpOnly: named.includes("httponly"),
			sameSite: sameSite?.slice("samesite=".length) || null,
		});
	}
	return cookies;
}

/**
 * A reference as a path on the same origin (scheme, host and port), or null when it leads elsewhere or is no URL.
 * `base` is the absolute URL it was found at.
 */
export function samePath(reference: string, base: string): string | null {
	const target = URL.parse(reference.slice(0, 2_000), base);
	const from = URL.parse(base);
	if (!target || !from || target.origin !== from.origin || target.origin === "null") return null;
	return `${target.pathname}${target.search}`.slice(0, 2_000);
}
