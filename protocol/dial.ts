/** Dials the daemon with `ws`, over a unix socket or a stream that leads there. Like what is in `audit/` and `ssh/`, it needs Node; the client does not. */
import type { Duplex } from "node:stream";
import { type ClientOptions, WebSocket } from "ws";
import { AppError } from "./errors.ts";
import { rpcHosts, rpcPath, wireLimits } from "./wire.ts";

/**
 * An open WebSocket to the daemon that listens on `socketPath`. Raises `unavailable` when nobody listens there,
 * `forbidden` when the daemon refuses the connection (somebody without access, a token that does not hold).
 */
export function dialUnix(socketPath: string, token?: string): Promise<WebSocket> {
	const options = { handshakeTimeout: wireLimits.helloMs };
	return openSocket(`ws+unix://${socketPath}:${rpcPath}`, socketPath, token, options);
}

/**
 * An open WebSocket over a stream whose other end is the daemon's socket, as the relay makes one. The stream is the
 * socket's from now on. Raises like `dialUnix`; `place` is for messages.
 */
export function dialStream(stream: Duplex, place: string, token?: string): Promise<WebSocket> {
	// HTTP would wait for ever for the end of what has ended already.
	if (stream.destroyed) return Promise.reject(dialFailure(place, new Error("the stream has ended")));
	// The client of HTTP asks a stream for its own time-out, which only sockets have.
	const timer = setTimeout(() => stream.destroy(new Error("no answer in time")), wireLimits.helloMs);
	// Typed for sockets; HTTP needs no more of it than a stream.
	const createConnection = (() => stream) as unknown as NonNullable<ClientOptions["createConnection"]>;
	return openSocket(`ws://${rpcHosts[0]}${rpcPath}`, place, token, { createConnection }).finally(() =>
		clearTimeout(timer),
	);
}

function openSocket(url: string, place: string, token: string | undefined, options: ClientOptions): Promise<WebSocket> {
	return new Promise((resolve, reject) => {
		const socket = new WebSocket(url, {
			headers: { Host: rpcHosts[0], ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }) },
			perMessageDeflate: false,
			maxPayload: wireLimits.answerBytes,
			followRedirects: false,
			...options,
		});
		const fail = (error: AppError) => {
			reject(error);
			socket.terminate();
		};
		// Stays for the socket's whole life: an error without a listener would end the process. `close` follows each one.
		socket.on("error", (cause) => fail(dialFailure(place, cause)));
		socket.once("unexpected-response", (_request, response) => {
			let text = "";
			response.setEncoding("utf8");
			response.on("data", (chunk: string) => {
				text = (text + chunk).slice(0, 500);
			});
			response.on("close", () => fail(refusal(response.statusCode ?? 0, text.trim())));
		});
		socket.once("open", () => resolve(socket));
	});
}

function refusal(status: number, text: string): AppError {
	if (status === 403) return new AppError("forbidden", text || "The daemon refuses this connection.");
	if (status === 401) return new AppError("forbidden", text || "The daemon wants a token.");
	if (status === 429) return new AppError("busy", text || "Too many wrong tokens came from here.");
	if (status === 503) return new AppError("busy", text || "The daemon has too many connections.");
	return new AppError("unavailable", `The daemon answered the connection with HTTP status ${status}. ${text}`.trim());
}

function dialFailure(place: string, cause: Error): AppError {
	const reason = (cause as NodeJS.ErrnoException).code;
	if (reason === "EACCES" || reason === "EPERM") {
		return new AppError("forbidden", `No permission to use the daemon's socket ${place}.`, {
			hint: "It is for the user the daemon runs as, and root. Others are told where to connect by: vedette access",
			cause,
		});
	}
	return new AppError("unavailable", `No daemon answers on ${place}.`, {
		hint: "Start it with: vedette daemon start",
		details: reason === undefined ? undefined : { reason },
		cause,
	});
}
