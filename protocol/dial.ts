/** Dials the daemon over a unix socket with `ws`. The only file of the contract that needs Node. */
import { WebSocket } from "ws";
import { AppError } from "./errors.ts";
import { rpcHosts, rpcPath, wireLimits } from "./wire.ts";

/**
 * An open WebSocket to the daemon that listens on `socketPath`. Raises `unavailable` when nobody listens there,
 * `forbidden` when the daemon refuses the connection (somebody without access, a token that does not hold).
 */
export function dialUnix(socketPath: string, token?: string): Promise<WebSocket> {
	return openSocket(`ws+unix://${socketPath}:${rpcPath}`, socketPath, token);
}

function openSocket(url: string, place: string, token: string | undefined): Promise<WebSocket> {
	return new Promise((resolve, reject) => {
		const socket = new WebSocket(url, {
			headers: { Host: rpcHosts[0], ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }) },
			perMessageDeflate: false,
			maxPayload: wireLimits.answerBytes,
			handshakeTimeout: wireLimits.helloMs,
			followRedirects: false,
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
		hint: "Start it with: vedette daemon",
		details: reason === undefined ? undefined : { reason },
		cause,
	});
}
