/** A real HTTP server on 127.0.0.1 that serves files as feeds are served, and misbehaves as it is told. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Served {
	body: Buffer;
	/** Also without it a date is given. */
	etag?: string | null;
	headers?: Record<string, string>;
	/** Answers instead, for the first so many requests. */
	faults?: ((request: IncomingMessage, response: ServerResponse, body: Buffer) => void)[];
	ranges?: boolean;
}

export class FeedServer {
	readonly files = new Map<string, Served>();
	/** `GET /path 206 bytes=5-`, one a request. */
	readonly log: string[] = [];
	readonly #server: Server;
	#port = 0;

	private constructor(server: Server) {
		this.#server = server;
	}

	static async start(): Promise<FeedServer> {
		const server = createServer((request, response) => self.#answer(request, response));
		const self = new FeedServer(server);
		await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
		self.#port = (server.address() as AddressInfo).port;
		return self;
	}

	url(path: string): string {
		return `http://127.0.0.1:${this.#port}${path}`;
	}

	serve(path: string, body: Buffer | string, more: Omit<Served, "body"> = {}): Served {
		const served = { body: Buffer.from(body), ...more };
		this.files.set(path, served);
		return served;
	}

	async stop(): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise((resolve) => void this.#server.close(resolve));
	}

	#answer(request: IncomingMessage, response: ServerResponse): void {
		const served = this.files.get(request.url ?? "");
		const range = request.headers.range ?? "";
		response.once("close", () => this.log.push(`${request.url} ${response.statusCode} ${range}`.trim()));
		if (served === undefined) {
			response.writeHead(404).end();
			return;
		}
		const fault = served.faults?.shift();
		if (fault !== undefined) {
			fault(request, response, served.body);
			return;
		}
		const etag = served.etag === undefined ? `"${createHash("md5").update(served.body).digest("hex")}"` : served.etag;
		const headers = { ...(etag === null ? {} : { etag }), ...served.headers };
		if (etag !== null && request.headers["if-none-match"] === etag) {
			response.writeHead(304, headers).end();
			return;
		}
		const from = /^bytes=([0-9]+)-$/.exec(range)?.[1];
		const mayResume = served.ranges !== false && request.headers["if-range"] === etag;
		if (from !== undefined && mayResume && Number(from) < served.body.length) {
			const rest = served.body.subarray(Number(from));
			const place = `bytes ${from}-${served.body.length - 1}/${served.body.length}`;
			response.writeHead(206, { ...headers, "content-range": place, "content-length": rest.length }).end(rest);
		} else response.writeHead(200, { ...headers, "content-length": served.body.length }).end(served.body);
	}
}

/** Sends the head and so many bytes, and cuts the connection when `when` has come. */
export function cutAfter(bytes: number, etag: string, when: Promise<void>) {
	return (_: IncomingMessage, response: ServerResponse, body: Buffer): void => {
		response.writeHead(200, { etag, "content-length": body.length });
		response.write(body.subarray(0, bytes));
		void when.then(() => response.destroy());
	};
}

export function status(code: number, headers: Record<string, string> = {}) {
	return (_: IncomingMessage, response: ServerResponse): void => void response.writeHead(code, headers).end();
}
