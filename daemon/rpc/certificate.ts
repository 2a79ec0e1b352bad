/** The certificate the daemon shows on the network: the files it was given, or one of its own that it makes once and keeps. */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { lstatSync, readFileSync, statSync } from "node:fs";
import { AppError } from "../../protocol/errors.ts";
import { fingerprintOf } from "../../protocol/tls-fingerprint.ts";
import { writeWhole } from "../store/whole-file.ts";
import { type KeyPair, makeSelfSigned } from "./self-signed.ts";

export interface CertificateFiles {
	readonly certificate: string;
	readonly key: string;
}

export interface Certificate extends KeyPair {
	readonly fingerprint: string;
	/** Unix milliseconds. */
	readonly validUntil: number;
}

/** Larger is no certificate with its chain. Bytes. */
const mostBytes = 256 * 1_024;

/** Reads both files. Throws `invalid` for what is no certificate with its key, `forbidden` for a key that others can read. */
export function readCertificate({ certificate, key }: CertificateFiles): Certificate {
	const pair = { certificate: read(certificate), key: read(key) };
	// Not the group: Debian gives keys to the group ssl-cert.
	if ((statSync(key).mode & 0o007) !== 0) {
		throw new AppError("forbidden", `Every user may read the key file ${key}.`, {
			hint: `Take that away: chmod o= ${key}. Whoever has read it can pose as this daemon: then make a new one.`,
		});
	}
	try {
		const first = new X509Certificate(pair.certificate);
		if (!first.checkPrivateKey(createPrivateKey(pair.key))) throw new Error("the key belongs to another certificate");
		return { ...pair, fingerprint: fingerprintOf(first.raw), validUntil: first.validToDate.getTime() };
	} catch (cause) {
		const why = cause instanceof Error ? cause.message : String(cause);
		throw new AppError("invalid", `${certificate} and ${key} are no certificate with its key: ${why}.`, {
			hint: "Both are PEM files: the certificate with those that vouch for it, and its key without a passphrase.",
			cause,
		});
	}
}

/** The one the daemon made itself; makes it the first time. `now` in Unix milliseconds. */
export function ownCertificate(files: CertificateFiles, now: number): Certificate {
	const isThere = [files.certificate, files.key].map(
		(path) => lstatSync(path, { throwIfNoEntry: false }) !== undefined,
	);
	if (!isThere.includes(true)) {
		const made = makeSelfSigned(now);
		writeWhole(files.key, Buffer.from(made.key), 0o600);
		writeWhole(files.certificate, Buffer.from(made.certificate), 0o600);
	}
	return readCertificate(files);
}

/** When either file was last changed, as a text to compare; throws where one is gone. */
export function stampOf({ certificate, key }: CertificateFiles): string {
	return [certificate, key]
		.map((path) => {
			const { mtimeMs, size, ino } = statSync(path);
			return `${ino}:${size}:${mtimeMs}`;
		})
		.join(" ");
}

function read(path: string): string {
	try {
		if (statSync(path).size > mostBytes) throw new Error("it is too large");
		return readFileSync(path, "utf8");
	} catch (cause) {
		const why = cause instanceof Error ? cause.message : String(cause);
		throw new AppError("invalid", `${path} cannot be read: ${why}.`, {
			hint: "It must be a file that the user the daemon runs as may read.",
			cause,
		});
	}
}
