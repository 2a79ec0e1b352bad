/** A host's public key as its file has it, or as it came over the wire. Pure. */
import { AppError } from "../../protocol/errors.ts";
import { canonicalAddress } from "../../protocol/target/address.ts";
import { hostName } from "../../protocol/target/item.ts";
import { fingerprintOf } from "./private-key.ts";

export interface PublicKey {
	readonly type: string;
	/** Base64. */
	readonly key: string;
	readonly fingerprint: string;
}

/** `ssh-ed25519 AAAA… comment`, or a line of known_hosts or ssh-keyscan. Throws `invalid`. */
export function readPublicKey(text: string): PublicKey {
	const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
	const words = (lines[0] ?? "").trim().split(/\s+/);
	for (const [at, type] of words.slice(0, 2).entries()) {
		const blob = Buffer.from(words[at + 1] ?? "", "base64");
		const length = blob.length >= 4 ? blob.readUInt32BE() : 0;
		if (length === 0 || length > 64 || blob.toString("latin1", 4, 4 + length) !== type) continue;
		if (lines.length > 1) break;
		return { type, key: blob.toString("base64"), fingerprint: fingerprintOf(blob) };
	}
	throw new AppError("invalid", lines.length > 1 ? "That is more than one public key." : "That is no public key.", {
		hint: "It is a line that begins with its type, as in /etc/ssh/ssh_host_ed25519_key.pub on the host.",
	});
}

/** A host in the one spelling its keys are kept under: address canonical, name in lower case. Throws `invalid`. */
export function hostOf(text: string): string {
	const bare = text.trim().replace(/^\[(.*)\]$/, "$1");
	return canonicalAddress(bare) ?? hostName(bare);
}
