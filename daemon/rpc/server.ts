/**
 * The daemon's door: JSON-RPC over WebSocket on a unix socket. Decides who gets in; everything after the handshake is
 * the session's.
 */
import { createServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Logger } from "pino";
import { WebSocketServer } from "ws";
import { type WireLimits, wireLimits } from "../../protocol/wire.ts";
import type { Lock } from "../lock.ts";
import { type Admitted, type Gatekeeper, isOwner, overNetwork, ownerOnly, type Peer } from "../operators/gatekeeper.ts";
import { getPeer, loadLibc } from "../packets/libc.ts";
import { notWebSocket, type Refusal, refusalOf, tokenOf } from "./access.ts";
import { createDispatcher, type DispatchOptions } from "./dispatch.ts";
import type { Handlers, Streams } from "./handler.ts";
import { NetworkAllowance } from "./network-allowance.ts";
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
	readonly gatekeeper?: Gatekeeper;
	/** Reads who is at the other end; null when the system cannot say. Default: SO_PEERCRED. */
	readonly peerOf?: (socket: Socket) => Peer | null;
	/** Called for a call that was refused because the caller lacks the access. */
	readonly onRefused?: DispatchOptions["onRefused"];
	/** Called for a token that was refused; `from` is an address, or null on this machine. */
	readonly onBadToken?: ((from: string | null) => void) | undefined;
	/** Check results against their schemas. Default: unless NODE_ENV is production. */
	readonly strict?: boolean;
	readonly limits?: Partial<WireLimits>;
	/** Milliseconds, never going back; wrong tokens are counted by it. Default: performance.now. */
	readonly steady?: () => number;
}

export interface RpcServer {
	readonly socketPath: string;
	/** Raises `conflict` when a daemon already answers there, `unavailable` when the path cannot be used. */
	listen(): Promise<void>;
	/** Connections that are open now. */
	connections(): number;
	/**
	 * Serves a connection that came in by another socket than this one's; `from`: its address, when it came over the network.
	 * Calls back when it is let in.
	 */
	take(socket: Socket, from?: string, onAdmitted?: () => void): void;
	/** Tells clients, waits for them a second, removes the socket. */
	close(): Promise<void>;
}

/** Connections that have not become a WebSocket yet; they have `handshakeMs` for it. */
const handshakes = 256;
const handshakeMs = 3_000;
const closeMs = 1_000;
/** Connections at once of one operator who is not the owner: nobody takes them all. */
const connectionsEach = 16;
/** Connections that are kept for the owners: whoever else comes, they get in. */
const keptForOwners = 4;
/** A token cannot be guessed; this bounds the lines in log and audit that one network can make. */
const refusalsTold = { burst: 10, oneEachMs: 6_000 };
const notKnown: Refusal = {
	status: 403,
	text: "This daemon serves its own user, root, and those who were granted access.",
};
const tokenNeeded: Refusal = {
	status: 401,
	text: "Over the network this daemon lets nobody in without a token: vedette access token create NAME",
};
const tooManyWrong: Refusal = {
	status: 429,
	text: "That access token does not hold, and too many such came from your address; try again in a minute.",
};
const badToken: Refusal = { status: 403, text: "That access token is not known here, has expired or was revoked." };

export function createRpcServer(options: RpcServerOptions): RpcServer {
	const { socketPath, log } = options;
	const limits: WireLimits = { ...wireLimits, ...options.limits };
	const ownUid = process.getuid?.() ?? -1;
	const gatekeeper = options.gatekeeper ?? ownerOnly(ownUid);
	const peerOf = options.peerOf ?? readPeer;
	const strict = options.strict ?? process.env.NODE_ENV !== "production";
	const dispatcher = createDispatcher({ ...options, strict });
	const peers = new WeakMap<Duplex, Peer>();
	const addresses = new WeakMap<Duplex, string>();
	const onAdmission = new WeakMap<Duplex, () => void>();
	const steady = options.steady ?? (() => performance.now());
	const attempts = new NetworkAllowance(refusalsTold, steady);
	/** Without any token, as health checks come: they use up nobody's tries. */
	const knocks = new NetworkAllowance(refusalsTold, steady);
	const sessions = new Set<Session>();
	let lastId = 0;
	const stopListening = gatekeeper.onChange(() => {
		for (const session of sessions) session.reconsider();
	});
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
		const from = addresses.get(socket);
		const peer = from === undefined ? peerOf(socket) : overNetwork;
		// Over the network the request is read first: an answer that comes before it is lost on the way.
		if (peer !== null && (from !== undefined || gatekeeper.mayKnock(peer))) {
			peers.set(socket, peer);
			return;
		}
		log.warn({ uid: peer?.uid ?? null }, "a connection of another user was refused");
		refuse(socket, notKnown);
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
		const refusal = peer ? refusalOf(request) : notKnown;
		if (!peer || refusal) {
			refuse(socket, refusal ?? notKnown);
			return;
		}
		const from = addresses.get(socket) ?? null;
		const token = tokenOf(request);
		const admitted = gatekeeper.admit(peer, token);
		if (admitted === null) {
			// Never asked of a token that holds: behind a tunnel or a proxy everybody has one address.
			const tries = token === null ? knocks : attempts;
			const isBlocked = from !== null && tries.isUsedUp(from);
			if (!isBlocked) {
				log.warn({ uid: peer.uid, from, byToken: token !== null }, "a connection was refused");
				if (token !== null) options.onBadToken?.(from);
				if (from !== null) tries.use(from);
			}
			refuse(socket, token === null ? (from === null ? notKnown : tokenNeeded) : isBlocked ? tooManyWrong : badToken);
			return;
		}
		const mine = isOwner(peer.uid, ownUid);
		if (!mine && count(sessions, admitted) >= connectionsEach) {
			refuse(socket, { status: 503, text: "You have too many connections to this daemon; close a console." });
			return;
		}
		if (webSockets.clients.size >= limits.connections - (mine ? 0 : keptForOwners)) {
			refuse(socket, { status: 503, text: "The daemon has too many connections; close a console." });
			return;
		}
		webSockets.handleUpgrade(request, socket, head, (webSocket) => {
			const session = new Session({
				socket: webSocket,
				...admitted,
				id: ++lastId,
				address: from,
				dispatcher,
				limits,
				version: options.version,
				capabilities: options.capabilities ?? [],
				log,
			});
			sessions.add(session);
			onAdmission.get(socket)?.();
			webSocket.once("close", () => sessions.delete(session));
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
		take(socket, from, onAdmitted) {
			if (onAdmitted !== undefined) onAdmission.set(socket, onAdmitted);
			if (from !== undefined) addresses.set(socket, from);
			server.emit("connection", socket);
		},
		async close() {
			stopListening();
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
function readPeer(socket: Socket): Peer | null {
	if (loadLibc().libc === null) return process.getuid === undefined ? null : { uid: process.getuid(), gids: [] };
	const fd = (socket as Socket & { _handle?: { fd?: number } })._handle?.fd;
	return typeof fd === "number" && fd >= 0 ? getPeer(fd) : null;
}

function count(sessions: ReadonlySet<Session>, { user }: Admitted): number {
	return [...sessions].filter((session) => session.user === user).length;
}

/**
 * Answers on the bare socket. What the other end still sends is left unread for a moment: closing at once would make its
 * own writing fail (EPIPE) before it has seen the answer. A reader that does not take the answer is cut off all the same.
 */
function refuse(socket: Duplex, refusal: Refusal): void {
	if (socket.writableEnded) return;
	const body = `${refusal.text}\n`;
	socket.end(
		`HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ""}\r\nContent-Type: text/plain; charset=utf-8\r\n` +
			`Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
	);
	const timer = setTimeout(() => socket.destroy(), closeMs);
	socket.once("close", () => clearTimeout(timer));
	// Whatever it sends is read and dropped, so that its end is noticed.
	socket.resume();
}
