/** Turns what the operating system, node:tls or an abort says into the one outcome a conversation can end early with. */
import { type FailureReason, ProbeFailure } from "./probe.ts";

const reasonOfCode: Record<string, FailureReason> = {
	ECONNREFUSED: "refused",
	ECONNRESET: "reset",
	EPIPE: "reset",
	ECONNABORTED: "reset",
	ETIMEDOUT: "timeout",
	EHOSTUNREACH: "unreachable",
	ENETUNREACH: "unreachable",
	EHOSTDOWN: "unreachable",
	ENETDOWN: "unreachable",
	EACCES: "unreachable",
	EPERM: "unreachable",
	EADDRNOTAVAIL: "unreachable",
};

/** The failure behind any thrown value. A code nobody foresaw is `protocol`; codes of the TLS library are `tls`. */
export function failureOf(error: unknown): ProbeFailure {
	if (error instanceof ProbeFailure) return error;
	if (!(error instanceof Error)) return new ProbeFailure("protocol", "the conversation failed");
	const code = "code" in error && typeof error.code === "string" ? error.code : "";
	const known = reasonOfCode[code];
	if (known !== undefined) return new ProbeFailure(known, code);
	if (code.startsWith("ERR_SSL") || code.startsWith("ERR_TLS") || code === "EPROTO")
		return new ProbeFailure("tls", code);
	return new ProbeFailure("protocol", code === "" ? error.name : code);
}

/** Why a signal was aborted: the deadline's own failure, else `aborted`. */
export function failureOfSignal(signal: AbortSignal): ProbeFailure {
	return signal.reason instanceof ProbeFailure ? signal.reason : new ProbeFailure("aborted");
}
