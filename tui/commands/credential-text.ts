/** Credentials and host keys in words and tables. There is nothing secret in them to begin with. */
import type {
	Credential,
	CredentialMatches,
	SecretsState,
	ShownProof,
	TrustedHostKey,
} from "../../protocol/model/credential.ts";
import { describeJump, describePrivileges } from "../components/credential/describe-credential.ts";
import { age } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import { personName } from "../text/people.ts";
import type { Column } from "./print.ts";

export function credentialColumns(now: number): Column<Credential>[] {
	return [
		{ title: "ORDER", value: (one) => one.order, align: "right" },
		{ title: "NAME", value: (one) => one.name, max: 30 },
		{ title: "USER", value: (one) => one.user, max: 20 },
		{ title: "PROOF", value: (one) => one.proofs.map(briefProof).join(" + "), max: 30 },
		{ title: "SUDO", value: (one) => one.sudo.method },
		{ title: "TARGETS", value: (one) => one.targets.join(", "), max: 44 },
		{ title: "USED", value: (one) => (one.enabled ? "yes" : "no") },
		{ title: "LAST LOGIN", value: (one) => lastLogin(one, now), max: 40 },
	];
}

export function hostKeyColumns(now: number): Column<TrustedHostKey>[] {
	return [
		{ title: "HOST", value: (one) => one.host, max: 44 },
		{ title: "PORT", value: (one) => one.port, align: "right" },
		{ title: "TYPE", value: (one) => one.type },
		{ title: "FINGERPRINT", value: (one) => one.fingerprint },
		{ title: "ADDED", value: (one) => age(one.addedAt, now), align: "right" },
		{ title: "BY", value: (one) => personName(one.addedBy), max: 20 },
	];
}

export function describeCredential(one: Credential, now: number): string[] {
	const lines = [
		["Name", `${one.name}${one.enabled ? "" : " (disabled)"}`],
		["User", one.user],
		...one.proofs.map((proof, i) => [i === 0 ? "Proofs" : "", describeProof(proof)]),
		["Ports", one.ports.join(", ")],
		["Privileges", describePrivileges(one.sudo, one.leastPrivilege)],
		["Way", describeJump(one.jump)],
		["Targets", one.targets.join(", ") || "none"],
		["Never for", one.excluded.join(", ") || "nothing"],
		["Order", String(one.order)],
		["Tracking", one.tracking ? "may write a host id to targets" : "writes nothing to targets"],
		["Last login", lastLogin(one, now)],
		["Changed", `${one.updatedAt} by ${personName(one.updatedBy)}`],
	];
	return lines.map(([title = "", text = ""]) => `${title.padEnd(11)}${harmless(text)}`);
}

export function describeMatches({ address, hostname, used, unused }: CredentialMatches): string[] {
	const host = [hostname, address].filter((one) => one !== null).join(" ");
	const lines = used.map(({ name, user, why }, i) => `  ${i + 1}. ${name} (${user}): ${why}`);
	const others = unused.map(({ name, why }) => `  not ${name}: ${why}`);
	const head = used.length === 0 ? `${host}: no credential would be used.` : `${host}:`;
	return [head, ...lines, ...others].map(harmless);
}

export function describeSecrets({ keptBy, locked }: SecretsState): string {
	if (keptBy === null) return "There are no secrets yet.";
	if (keptBy === "passphrase") return `The secrets are kept by a passphrase and ${locked ? "locked" : "unlocked"}.`;
	return keptBy === "systemd"
		? "The secrets are kept by a systemd credential."
		: "The secrets are kept by a key file beside the database.";
}

function briefProof(proof: ShownProof): string {
	if (proof.kind !== "key") return proof.kind;
	return proof.certificate === null ? "key" : "certificate";
}

function describeProof(proof: ShownProof): string {
	if (proof.kind === "password") return "password";
	if (proof.kind === "agent") return `agent ${proof.socket ?? "of the daemon"}`;
	const { path, type, fingerprint, passphrase, certificate } = proof;
	const where = path === null ? "stored" : path;
	const facts = `key ${type ?? ""} ${fingerprint ?? ""} (${where}${passphrase ? ", with its passphrase" : ""})`;
	if (certificate === null) return facts;
	const { keyId, principals, validUntil } = certificate;
	const until = validUntil === null ? "for good" : `until ${validUntil}`;
	return `${facts}, certificate ${JSON.stringify(keyId)} for ${principals.join(", ") || "any user"} ${until}`;
}

function lastLogin({ lastOutcome }: Credential, now: number): string {
	if (lastOutcome === null) return "none yet";
	return `${lastOutcome.outcome} at ${lastOutcome.address} ${age(lastOutcome.at, now)} ago`;
}
