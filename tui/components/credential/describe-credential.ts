/** A credential in words: everything but its secrets, which nobody is given. */
import type { Credential, Jump, Privileges, ShownProof } from "../../../protocol/model/credential.ts";
import { age } from "../../text/format.ts";
import { personName } from "../../text/people.ts";
import type { Piece } from "../../theme/line.ts";
import type { Block } from "../reader/document.ts";

export function describeCredential(one: Credential, now: number): Block[] {
	const field = (name: string, text: string): Block => ({ kind: "field", name, pieces: [[text]] });
	return [
		{ kind: "heading", text: one.name },
		...(one.enabled ? [] : [{ kind: "text", text: "It is not used: it is switched off.", token: "warning" } as const]),
		field("User", one.user),
		...one.proofs.map((proof, i) => field(i === 0 ? "Shows" : "", describeProof(proof))),
		field("Ports", one.ports.join(", ")),
		field("Rights", describePrivileges(one.sudo, one.leastPrivilege)),
		field("Way", describeJump(one.jump)),
		field("Targets", one.targets.join(", ") || "none"),
		field("Never for", one.excluded.join(", ") || "nothing"),
		field("Tracking", one.tracking ? "may write a host id to targets" : "writes nothing to targets"),
		field("Changed", `${one.updatedAt.slice(0, 10)} by ${personName(one.updatedBy)}`),
		{ kind: "heading", text: "Last login" },
		...(one.lastOutcome === null
			? [{ kind: "text", text: "None yet." } as const]
			: [
					{ kind: "pieces", pieces: lastLogin(one, now) } as const,
					{ kind: "text", text: one.lastOutcome.text, token: "muted" } as const,
				]),
	];
}

/** `key + password`. */
export function briefProofs({ proofs }: Credential): string {
	return proofs
		.map((proof) => (proof.kind === "key" && proof.certificate !== null ? "certificate" : proof.kind))
		.join(" + ");
}

export function lastLogin({ lastOutcome }: Credential, now: number): Piece[] {
	if (lastOutcome === null) return [["none yet", "muted"]];
	const { outcome, address, at } = lastOutcome;
	return [
		[outcome, outcome === "passed" ? "good" : outcome === "insufficient" ? "warning" : "bad"],
		[` at ${address}, ${age(at, now)}`, "muted"],
	];
}

function describeProof(proof: ShownProof): string {
	if (proof.kind === "password") return "a password";
	if (proof.kind === "agent") return `an agent (${proof.socket ?? "the daemon's own"})`;
	const { path, type, fingerprint, certificate } = proof;
	const facts = `a key ${type ?? ""} ${fingerprint ?? ""} (${path ?? "stored"})`;
	return certificate === null ? facts : `${facts} with the certificate ${JSON.stringify(certificate.keyId)}`;
}

export function describePrivileges({ method, password, user }: Privileges, least: boolean): string {
	if (method === "none") return "none but the login's own";
	const answers = { none: "without a password", login: "with the login's password", own: "with a password of its own" };
	return `${method} to ${user} ${answers[password]}${least ? ", single known commands only" : ""}`;
}

export function describeJump(jump: Jump): string {
	if (jump.kind === "none") return "straight";
	if (jump.kind === "ssh-config") return "as the daemon's ssh_config says";
	return `through ${jump.hosts.map(({ host, port, user }) => `${user === null ? "" : `${user}@`}${host}:${port}`).join(", ")}`;
}
