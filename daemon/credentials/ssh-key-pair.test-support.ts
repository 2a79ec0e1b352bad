/** Key pairs for tests in OpenSSH's format. */
import ssh2 from "ssh2";

type Options = { passphrase: string; cipher: string; rounds: number };
type Pair = ReturnType<typeof ssh2.utils.generateKeyPairSync>;

/**
 * A sound pair. One in some 256 of the Ed25519 keys that ssh2 1.17 makes is none: it takes a leading zero off the public
 * key, and neither ssh-keygen nor ssh2 itself reads what comes out. Such a one is thrown away.
 */
export function sshKeyPair(type: "ed25519" | "ecdsa" = "ed25519", options?: Options): Pair {
	const bits = type === "ecdsa" ? { bits: 256 } : {};
	for (;;) {
		const made = ssh2.utils.generateKeyPairSync(type as "ecdsa", { ...options, ...bits } as never);
		const parts = [ssh2.utils.parseKey(made.private, options?.passphrase), ssh2.utils.parseKey(made.public)];
		if (!parts.some((part) => part instanceof Error)) return made;
	}
}
