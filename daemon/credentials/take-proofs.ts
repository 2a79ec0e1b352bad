/** Takes what proves who one is: checks it, and parts what may be shown from what is sealed. */
import { AppError } from "../../protocol/errors.ts";
import type { NewProof, ShownProof } from "../../protocol/model/credential.ts";
import { readCertificate } from "./certificate.ts";
import { readKeyFile } from "./login-plan.ts";
import { type CheckedKey, checkPrivateKey, tidyKey } from "./private-key.ts";
import type { ProofSecrets } from "./secrets.ts";

export interface TakenProofs {
	readonly shown: ShownProof[];
	/** At the same places. */
	readonly secrets: ProofSecrets[];
}

/** Throws `invalid` for what could never work, `conflict` for a key file that cannot be read. `at` in milliseconds. */
export async function takeProofs(proofs: readonly NewProof[], at: number): Promise<TakenProofs> {
	const taken: TakenProofs = { shown: [], secrets: [] };
	for (const proof of proofs) {
		const { shown, secrets } = await takeProof(proof, at);
		taken.shown.push(shown);
		taken.secrets.push(secrets);
	}
	return taken;
}

async function takeProof(proof: NewProof, at: number): Promise<{ shown: ShownProof; secrets: ProofSecrets }> {
	if (proof.kind === "agent") return { shown: proof, secrets: {} };
	if (proof.kind === "password") return { shown: { kind: "password" }, secrets: { password: proof.password } };
	const stored = proof.kind === "key";
	const text = tidyKey(stored ? proof.privateKey : readKeyFile(proof.path));
	const key = await checkPrivateKey(text, proof.passphrase ?? null);
	const certificate = proof.certificate === undefined ? null : certificateFor(key, proof.certificate, at);
	const { type, fingerprint, encrypted } = key;
	return {
		shown: {
			...{ kind: "key", type, fingerprint, passphrase: encrypted && !stored },
			path: stored ? null : proof.path,
			certificate: certificate?.facts ?? null,
		},
		secrets: {
			...(stored ? { privateKey: key.opened } : {}),
			// Kept only where it opens something at each login.
			...(encrypted && !stored && proof.passphrase !== undefined ? { passphrase: proof.passphrase } : {}),
			...(certificate === null ? {} : { certificate: certificate.line }),
		},
	};
}

function certificateFor(key: CheckedKey, text: string, at: number) {
	const certificate = readCertificate(text);
	if (certificate === null) {
		throw wrongCertificate("That is no OpenSSH user certificate.", "Its file is named like the key, with -cert.pub.");
	}
	if (!certificate.forUsers) {
		throw wrongCertificate("That certificate is for a host, not for a user.", "Sign the key without -h: ssh-keygen -s");
	}
	if (!Buffer.from(certificate.publicKey).equals(key.publicKey)) {
		throw wrongCertificate("The certificate is for another key.", "Compare: ssh-keygen -lf FILE");
	}
	const { validUntil } = certificate.facts;
	if (validUntil !== null && Date.parse(validUntil) <= at) {
		throw wrongCertificate(`The certificate has expired (${validUntil}).`, "Have the key signed anew.");
	}
	return certificate;
}

function wrongCertificate(message: string, hint: string): AppError {
	return new AppError("invalid", message, { hint, details: { problem: "certificate" } });
}
