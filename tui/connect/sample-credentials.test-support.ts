/** Plausible credentials and what a login with them tells, for tests; `text` stands in for what people and hosts wrote. */
import type { Credential } from "../../protocol/model/credential.ts";
import type { SampleOptions } from "./sample-data.test-support.ts";

export const sampleFingerprint = `SHA256:${"A".repeat(43)}`;
const at = "2026-02-03T09:12:44.000Z";

/** The first is a key with a certificate, the second a password whose last login failed. */
export function credentialOf(id: number, { text }: SampleOptions): Credential {
	const facts = { keyId: text ?? "scan", principals: [text ?? "scan"], validFrom: null, validUntil: at };
	return {
		...{ id, kind: "ssh", name: text ?? ["linux", "old"][id - 1] ?? `more-${id}`, order: id, user: text ?? "scan" },
		...{
			ports: [22, 2222],
			leastPrivilege: id === 2,
			jump: { kind: "ssh-config" },
			tracking: id === 1,
			enabled: id !== 3,
		},
		sudo: { method: "sudo", password: id === 2 ? "login" : "none", user: "root" },
		...{ targets: [text ?? "192.0.2.0/24"], excluded: [], createdAt: at, createdBy: text ?? "unix:1000" },
		...{ updatedAt: at, updatedBy: text ?? "unix:1000" },
		proofs:
			id === 2
				? [{ kind: "password" }]
				: [
						{
							...{
								kind: "key",
								path: text ?? "/etc/vedette/scan",
								type: "ssh-ed25519",
								fingerprint: sampleFingerprint,
							},
							...{ passphrase: false, certificate: facts },
						},
					],
		lastOutcome:
			id === 1
				? { at, address: "192.0.2.7", outcome: "passed", text: text ?? "Logged in as scan." }
				: { at, address: "192.0.2.8", outcome: "failed", text: text ?? "192.0.2.8 did not let scan in." },
	};
}
