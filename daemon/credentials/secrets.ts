/** What of a credential is secret, as one text that is sealed: a private key is never in the database in any other form. */
import { AppError } from "../../protocol/errors.ts";
import type { Seal } from "../store/credentials.ts";
import { largestSecret, type SecretKey } from "./seal.ts";

/** Of the proof at the same place in the list of those that may be shown. */
export interface ProofSecrets {
	readonly privateKey?: string;
	readonly passphrase?: string;
	/** The line of an OpenSSH user certificate; not secret, and of no use to anybody without its key. */
	readonly certificate?: string;
	readonly password?: string;
}

export interface Secrets {
	readonly proofs: readonly ProofSecrets[];
	/** For sudo, su or doas, where it is another than the login's. */
	readonly ownPassword: string | null;
}

const table = "credential";
/** The text is filled up to a multiple of this, so that its length tells little. */
const step = 1_024;

/** Throws `too-large` for more than can be sealed. */
export function sealWith(key: SecretKey, secrets: Secrets): Seal {
	const text = JSON.stringify(secrets);
	const bytes = Buffer.byteLength(text);
	if (bytes > largestSecret) {
		throw new AppError("too-large", "The secrets of one credential are too long together.", {
			hint: `The most is ${largestSecret} bytes: make several credentials.`,
		});
	}
	const padded = text + " ".repeat(Math.min(largestSecret, Math.ceil(bytes / step) * step) - bytes);
	return (place) => key.seal(padded, { table, ...place });
}

/** Throws `unavailable` for what does not open: another key, or somebody has moved rows about. */
export function openSecrets(
	key: SecretKey,
	{ id, sealed, version }: { id: number; sealed: Uint8Array; version: number },
): Secrets {
	const text = key.open(sealed, { table, id: String(id), version });
	if (text !== null) return JSON.parse(text) as Secrets;
	throw new AppError("unavailable", `The secrets of credential ${id} do not open.`, {
		hint: "The database or the key is not the one they were stored with. Enter them anew: vedette credential edit",
	});
}
