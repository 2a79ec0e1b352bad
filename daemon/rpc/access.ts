/** What is read from the headers of a handshake: what gives a browser away, and an access token. */
import type { IncomingMessage } from "node:http";
import { rpcHosts, rpcPath } from "../../protocol/wire.ts";

export interface Refusal {
	readonly status: 400 | 401 | 403 | 404 | 405 | 426 | 429 | 503;
	readonly text: string;
}

/**
 * Why an HTTP request is refused before anything else is looked at; null when it may go on. A browser always sends one
 * of Origin, Referer or Sec-Fetch-* (Fetch Metadata) with a request a page made, and our clients never do: no web page
 * can drive the scanner. An unknown Host is how DNS rebinding shows.
 */
export function refusalOf(request: Pick<IncomingMessage, "headers" | "rawHeaders" | "url" | "method">): Refusal | null {
	for (const name of Object.keys(request.headers)) {
		if (name === "origin" || name === "referer" || name.startsWith("sec-fetch-")) {
			return { status: 403, text: `Requests with a ${name} header are refused: Vedette is not for web pages.` };
		}
	}
	const hosts = request.rawHeaders.filter(
		(_, index, all) => index % 2 === 1 && all[index - 1]?.toLowerCase() === "host",
	);
	if (hosts.length !== 1 || !rpcHosts.some((host) => host === hosts[0])) {
		return { status: 403, text: `Requests must be addressed to the host ${rpcHosts[0]}.` };
	}
	if (request.url !== rpcPath) return { status: 404, text: `There is nothing here; the daemon answers on ${rpcPath}.` };
	if (request.method !== "GET") return { status: 405, text: "Only a WebSocket handshake (GET) is answered here." };
	return null;
}

/** What a request gets that is in order but is no WebSocket handshake. */
export const notWebSocket: Refusal = {
	status: 426,
	text: "This is the Vedette daemon. It speaks JSON-RPC 2.0 over WebSocket; try: vedette call daemon.status",
};

/** The token of `Authorization: Bearer …` (RFC 6750, section 2.1); null without the header, empty for anything else in it. */
export function tokenOf({ headers }: Pick<IncomingMessage, "headers">): string | null {
	if (headers.authorization === undefined) return null;
	return /^Bearer ([\w~+/.-]{1,200})$/.exec(headers.authorization)?.[1] ?? "";
}
