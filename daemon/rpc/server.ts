/**
 * The daemon's door: JSON-RPC over WebSocket on a unix socket. Decides who gets in; everything after the handshake is
 * the session's.
 */
import { createServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Logger } from "pino";
import { WebSocketServer } from "ws";
import type { Access } from "../../protocol/define.ts";
import { type WireLimits, wireLimits } from "../../protocol/wire.ts";
import type { Lock } from "../lock.ts";
import { getPeerUid, loadLibc } from "../packets/libc.ts";
import { notWebSocket, ownerOnly, type Refusal, type RoleOf, refusalOf } from "./access.ts";
import { createDispatcher } from "./dispatch.ts";
import type { Handlers, Streams } from "./handler.ts";
import { Session } from "./session.ts";
import { listenPrivately } from "./unix-socket.ts";

export interface RpcServerOptions {
	readonly socketPath: string;
	readonly handlers: Handlers;
	readonly streams: Streams;
	readonly log: Logger;
	/** Our version, told in the greeting and in the OpenRPC document. */
	readonly version: string;
	readonly capabilities?: readonly string[];
	/** Default: root and the daemon's own user are admin, nobody else gets in. */
	readonly roleOf?: RoleOf;
	/** Reads the peer's user id; null when the system cannot say. Default: SO_PEERCRED. */
	readonly peerUid?: (socket: Socket) => number | null;
	/** Check results against their schemas. Default: unless NODE_ENV is production. */
	readonly strict?: boolean;
	readonly limits?: Partial<WireLimits>;
}

export interface RpcServer {
	readonly socketPath: string;
	/** Raises `conflict` when a daemon already answers there, `unavailable` when the path cannot be used. */
	listen(): Promise<void>;
	/** Connections that are open now. */
	connections(): number;
	/** Tells clients, waits for them a second, removes the socket. */
	close(): Promise<void>;
}

/** Connections that have not become a WebSocket yet; they have `handshakeMs` for it. */
const handshakes = 256;
const handshakeMs = 3_000;
const closeMs = 1_000;

export function createRpcServer(options: RpcServerOptions): RpcServer {
	const { socketPath, log } = options;
	const limits: WireLimits = { ...wireLimits, ...options.limits };
	const roleOf = options.roleOf ?? ownerOnly(process.getuid?.() ?? -1);
	const peerUid = options.peerUid ?? readPeerUid;
	const strict = options.strict ?? process.env.NODE_ENV !== "production";
	const dispatcher = createDispatcher({ ...options, strict });
	const peers = new WeakMap<Duplex, { user: string; access: Access }>();
	// Not yet in its types: how long a peer may take to answer a close frame.
	const unlisted = { closeTimeout: closeMs };
	const webSockets = new WebSocketServer({
		noServer: true,
		perMessageDeflate: false,
		maxPayload: limits.frameBytes,
		maxFragments: 1_024,
		...unlisted,
	});
	const server = createServer({
		maxHeaderSize: 8 * 1_024,
		headersTimeout: handshakeMs,
		requestTimeout: handshakeMs,
		keepAliveTimeout: 1,
		// Node looks for overdue connections only this often; its default lets a slow header live for half a minute.
		connectionsCheckingInterval: 500,
	});
	server.maxConnections = limits.connections + handshakes;
	let lock: Lock | null = null;

	server.on("connection", (socket) => {
		socket.on("error", () => socket.destroy());
		const uid = peerUid(socket);
		const access = uid === null ? null : roleOf(uid);
		if (access !== null) {
			peers.set(socket, { user: `unix:${uid}`, access });
			return;
		}
		log.warn({ uid }, "a connection of another user was refused");
		refuse(socket, { status: 403, text: "This daemon serves its own user and root only." });
	});
	server.on("request", (request: IncomingMessage, response: ServerResponse) => {
		const refusal = refusalOf(request) ?? notWebSocket;
		response.writeHead(refusal.status, { "Content-Type": "text/plain; charset=utf-8", Connection: "close" });
		response.end(`${refusal.text}\n`, () => request.socket.destroySoon());
	});
	server.on("clientError", (_err, socket) => socket.destroy());
	server.on("upgrade", (request, socket, head) => {
		socket.on("error", () => socket.destroy());
		const peer = peers.get(socket);
		const refusal = peer ? refusalOf(request) : { status: 403 as const, text: "Refused." };
		if (!peer || refusal) {
			refuse(socket, refusal ?? notWebSocket);
			return;
		}
		if (webSockets.clients.size >= limits.connections) {
			refuse(socket, { status: 503, text: "The daemon has too many connections; close a console." });
			return;
		}
		webSockets.handleUpgrade(request, socket, head, (webSocket) => {
			new Session({
				socket: webSocket,
				...peer,
				dispatcher,
				limits,
				version: options.version,
				capabilities: options.capabilities ?? [],
				log,
			});
		});
	});

	return {
		socketPath,
		async listen() {
			lock = await listenPrivately(server, socketPath);
			server.on("error", (err) => log.error({ err }, "the socket failed"));
			const { libc, reason } = loadLibc();
			if (libc === null) log.warn({ reason }, "peers are told by the socket's permissions only");
			log.info({ socketPath }, "listening");
		},
		connections: () => webSockets.clients.size,
		async close() {
			const closed = new Promise<void>((resolve) => {
				server.close(() => resolve());
			});
			for (const client of webSockets.clients) client.close(1001, "the daemon stops");
			const timer = setTimeout(() => {
				for (const client of webSockets.clients) client.terminate();
				server.closeAllConnections();
			}, closeMs);
			await closed;
			clearTimeout(timer);
			lock?.release();
			lock = null;
		},
	};
}

/**
 * `_handle.fd` is the one way Node gives the descriptor of a socket. Where the call itself cannot be made, the modes of
 * socket and folder have already let only this user and root through; an answer that fails where it can be made lets
 * nobody in.
 */
function readPeerUid(socket: Socket): number | null {
	if (loadLibc().libc === null) return process.getuid?.() ?? null;
	const fd = (socket as Socket & { _handle?: { fd?: number } })._handle?.fd;
	return typeof fd === "number" && fd >= 0 ? getPeerUid(fd) : null;
}

/** Answers on the bare socket and closes it; a reader that does not take the answer is cut off all the same. */
function refuse(socket: Duplex, refusal: Refusal): void {
	const body = `${refusal.text}\n`;
	socket.end(
		`HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ""}\r\nContent-Type: text/plain; charset=utf-8\r\n` +
			`Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
		() => socket.destroy(),
	);
}
