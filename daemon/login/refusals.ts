/** What is said when a host does not let a login in: why, where on the way, and what to do about it. */
import { readCertificate } from "../credentials/certificate.ts";
import { LoginFailure } from "./failure.ts";
import type { HostKeyJudgement } from "./known-hosts.ts";
import type { Hop, HostKey } from "./session.ts";

export function untrusted(
	judgement: Exclude<HostKeyJudgement, "known">,
	key: HostKey,
	{ host, port }: Hop,
	at: number,
): LoginFailure {
	const where = port === 22 ? host : `${host} port ${port}`;
	const shown = `${key.type} ${key.fingerprint}`;
	if (judgement === "unknown" || judgement === "other-type") {
		const message =
			judgement === "unknown"
				? `The key of ${where} is not known: ${shown}.`
				: `${where} shows a key of a type it is not known by: ${shown}.`;
		return new LoginFailure(
			"host-key",
			at,
			message,
			`Nothing secret was sent. Compare the fingerprint with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_*_key.pub), then make it known: vedette credential trust ${host}`,
		);
	}
	const message =
		judgement === "changed"
			? `The key of ${where} has changed; it is now ${shown}.`
			: `The key of ${where} is marked as revoked: ${shown}.`;
	return new LoginFailure(
		"host-key",
		at,
		message,
		"Nothing secret was sent. Find out why before anything else: the host was set up anew, or somebody stands in between.",
	);
}

export function refused({ host, user, proofs }: Hop, at: number, partial: boolean): LoginFailure {
	const tried = [...new Set(proofs.map(({ kind }) => kind))].join(", ");
	if (partial) {
		return new LoginFailure(
			"authentication",
			at,
			`${host} wants a second proof of ${user} that is not there.`,
			"Allow the scan's account to log in with its key alone.",
		);
	}
	const what = tried === "" ? "nothing to offer" : `tried: ${tried}`;
	const ended = proofs.flatMap((proof) => (proof.kind === "key" ? expiryOf(proof.certificate) : []))[0];
	if (ended !== undefined) {
		return new LoginFailure(
			"authentication",
			at,
			`${host} did not let ${user} in: the certificate of the key has expired (${ended}).`,
			"Have the key signed anew, then store it: vedette credential edit --key FILE --certificate FILE",
		);
	}
	return new LoginFailure(
		"authentication",
		at,
		`${host} did not let ${user} in (${what}).`,
		`Check that it works by hand: ssh ${user}@${host}`,
	);
}

/** When a certificate ended, if it has. */
function expiryOf(line: string | null): string | [] {
	const until = line === null ? null : (readCertificate(line)?.facts.validUntil ?? null);
	return until !== null && Date.parse(until) <= Date.now() ? until : [];
}

export function closedEarly(signal: AbortSignal, { host }: Hop, at: number): LoginFailure {
	if (signal.aborted) return new LoginFailure("connect", at, "The login was ended.", "Start it again.");
	return new LoginFailure(
		"connect",
		at,
		`${host} closed the connection.`,
		"See its log: it may count too many connections, or forbid this address.",
	);
}

export function failureOf(
	err: Error & { code?: string; level?: string },
	{ host, port }: Hop,
	at: number,
): LoginFailure {
	if (err.level === "client-timeout") {
		return new LoginFailure(
			"connect",
			at,
			`${host} port ${port} did not finish the login in time.`,
			"See whether it is overloaded, or waits for a name server (UseDNS).",
			err,
		);
	}
	const reasons: Readonly<Record<string, string>> = {
		ECONNREFUSED: "nothing listens there",
		EHOSTUNREACH: "no way leads there",
		ENETUNREACH: "no way leads there",
		ETIMEDOUT: "no answer",
		ENOTFOUND: "its name has no address",
		ECONNRESET: "it closed the connection",
	};
	const known = err.code === undefined ? undefined : reasons[err.code];
	if (known !== undefined)
		return new LoginFailure(
			"connect",
			at,
			`${host} port ${port}: ${known}.`,
			"Check the address and the port, and what lies between.",
			err,
		);
	if (err.level === "client-authentication")
		return new LoginFailure(
			"authentication",
			at,
			`${host} did not let the login in: ${err.message}`,
			"Check the account and its key or password.",
			err,
		);
	return new LoginFailure(
		"connect",
		at,
		`${host} port ${port}: ${err.message}`,
		"See whether an SSH server answers there: ssh -v",
		err,
	);
}
