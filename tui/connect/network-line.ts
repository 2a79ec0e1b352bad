/** Opens the line to a daemon on the network, and says which certificate is at its other end. Nothing is sent over it here. */
import { connect as connectPlain, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { AppError } from "../../protocol/errors.ts";
import { fingerprintOf } from "../../protocol/tls-fingerprint.ts";
import type { KnownCertificate } from "./known-daemons.ts";
import type { NetworkAddress } from "./network-address.ts";

export interface NetworkLine {
	readonly stream: Socket;
	/** Null without TLS. */
	readonly seen: KnownCertificate | null;
}

/** Whoever takes longer to answer is not there. Milliseconds. */
const patienceMs = 15_000;

/** Raises `unavailable` with what to look at. The stream is the caller's to end. */
export function openNetworkLine(there: NetworkAddress): Promise<NetworkLine> {
	const { host, port, isEncrypted } = there;
	return new Promise((resolve, reject) => {
		const stream = isEncrypted
			? connectTls({
					...{ host, port, minVersion: "TLSv1.2", ALPNProtocols: [] },
					// Judged by whoever asked, before a byte of ours is sent: it may be one that no authority stands for.
					rejectUnauthorized: false,
					...(isIP(host) === 0 ? { servername: host } : {}),
				})
			: connectPlain({ host, port });
		const timer = setTimeout(() => stream.destroy(new Error("no answer in time")), patienceMs);
		stream.setNoDelay(true);
		stream.once("error", (cause: NodeJS.ErrnoException) => {
			clearTimeout(timer);
			reject(failure(there, cause));
		});
		stream.once(isEncrypted ? "secureConnect" : "connect", () => {
			clearTimeout(timer);
			stream.removeAllListeners("error");
			// An error without a listener would end the process; the end of the line follows it and is noticed.
			stream.on("error", () => undefined);
			resolve({ stream, seen: seenOn(stream) });
		});
	});
}

function seenOn(stream: Socket): KnownCertificate | null {
	if (!("getPeerX509Certificate" in stream)) return null;
	const secure = stream as ReturnType<typeof connectTls>;
	const raw = secure.getPeerX509Certificate()?.raw ?? new Uint8Array();
	return { fingerprint: fingerprintOf(raw), isVouched: secure.authorized };
}

function failure({ url, isEncrypted }: NetworkAddress, cause: NodeJS.ErrnoException): AppError {
	const { code = "" } = cause;
	if (isEncrypted && (code === "EPROTO" || code.startsWith("ERR_SSL"))) {
		return new AppError("unavailable", `What answers on ${url} does not speak TLS as Vedette does.`, {
			hint: "Is it the right port? On that machine, vedette access says where it listens and how.",
			cause,
		});
	}
	const words: Readonly<Record<string, string>> = {
		...{
			ECONNREFUSED: "nothing listens there",
			ENOTFOUND: "the name is not known",
			EAI_AGAIN: "no name server answers",
		},
		...{ ECONNRESET: "it was cut off", EHOSTUNREACH: "there is no way there", ENETUNREACH: "there is no way there" },
	};
	return new AppError("unavailable", `No daemon answers on ${url}: ${words[code] ?? cause.message}.`, {
		hint: "On that machine: vedette access listen ADDRESS:PORT, and vedette status.",
		details: code === "" ? undefined : { reason: code },
		cause,
	});
}
