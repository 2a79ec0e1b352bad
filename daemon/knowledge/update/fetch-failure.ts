/** Why something could not be fetched, in words for whoever runs Vedette. */
import { AppError } from "../../../protocol/errors.ts";

export class FetchFailure extends AppError {
	/** True when it may go better in a while. */
	readonly mayPass: boolean;
	/** What the server asked to wait. Milliseconds; null when it did not say. */
	readonly retryAfterMs: number | null;

	constructor(
		message: string,
		options: { hint: string; mayPass?: boolean; retryAfterMs?: number | null; cause?: unknown },
	) {
		super("unavailable", message, { hint: options.hint, cause: options.cause });
		this.mayPass = options.mayPass ?? false;
		this.retryAfterMs = options.retryAfterMs ?? null;
	}
}

const ownCertificates =
	"If a proxy or a mirror of your own signs for it, add its authority to this machine's certificates and start the daemon anew.";

/** Codes of OpenSSL and Node (nodejs.org/api/tls.html, X509 certificate error codes). */
const certificateFaults: Readonly<Record<string, readonly [string, string]>> = {
	CERT_HAS_EXPIRED: ["its certificate has expired", "Check this machine's clock, then ask whoever runs that server."],
	CERT_NOT_YET_VALID: ["its certificate is not valid yet", "Check this machine's clock."],
	DEPTH_ZERO_SELF_SIGNED_CERT: ["its certificate is signed by itself", ownCertificates],
	SELF_SIGNED_CERT_IN_CHAIN: ["its certificate leads to an authority that is not known here", ownCertificates],
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ["the authority of its certificate is not known here", ownCertificates],
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: ["its certificate cannot be verified: an authority is missing", ownCertificates],
	CERT_REVOKED: ["its certificate was revoked", "Ask whoever runs that server."],
	ERR_TLS_CERT_ALTNAME_INVALID: ["its certificate is for another name", "Check the address of the source."],
};

const otherFaults: Readonly<Record<string, readonly [string, string]>> = {
	ENOTFOUND: ["its name is not known", "Check the name, this machine's resolver, and HTTPS_PROXY if there is a proxy."],
	EAI_AGAIN: ["no name server answers", "Check this machine's resolver, and HTTPS_PROXY if there is a proxy."],
	ECONNREFUSED: ["it refuses the connection", "Check the address, and HTTPS_PROXY if there is a proxy."],
	ECONNRESET: ["the connection was cut", "What has come is kept: update again and it goes on there."],
	EHOSTUNREACH: ["no route leads there", "Check this machine's network, and HTTPS_PROXY if there is a proxy."],
	ENETUNREACH: ["no route leads there", "Check this machine's network, and HTTPS_PROXY if there is a proxy."],
	ETIMEDOUT: ["it does not answer", "Check this machine's network, and HTTPS_PROXY if there is a proxy."],
};

/** What a socket, TLS or the file system threw while `host` was asked. */
export function failureOf(cause: unknown, host: string): FetchFailure {
	if (cause instanceof FetchFailure) return cause;
	const { code = "", message = String(cause) } = cause as NodeJS.ErrnoException;
	if (code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG") return noRoom(cause);
	const certificate = certificateFaults[code];
	if (certificate !== undefined) {
		return new FetchFailure(`${host} is not trusted: ${certificate[0]} (${code}).`, { hint: certificate[1], cause });
	}
	const other = otherFaults[code];
	const mayPass = code !== "ENOTFOUND" && !code.startsWith("ERR_SSL") && !code.startsWith("ERR_TLS");
	if (other !== undefined)
		return new FetchFailure(`${host}: ${other[0]} (${code}).`, { hint: other[1], mayPass, cause });
	return new FetchFailure(`${host} cannot be read from: ${message.slice(0, 200)}`, {
		...{ hint: "Update again; if it stays, check the address and the proxy.", mayPass, cause },
	});
}

export function noRoom(cause?: unknown): FetchFailure {
	return new FetchFailure("The disk is full.", {
		hint: "Nothing was changed. Make room where the state folder lies (vedette status says where), then update again.",
		cause,
	});
}
