/** What may be offered to a host to prove who one is: secrets, opened. */

/** Tried in order, keys before passwords. */
export type Proof =
	| {
			readonly kind: "key";
			/** PEM or OpenSSH's own format. */
			readonly privateKey: string;
			readonly passphrase: string | null;
			/** For messages: its fingerprint, or its path. */
			readonly name: string;
			/** A line `ssh-…-cert-v01@openssh.com …` that is shown first; null: the key alone. */
			readonly certificate: string | null;
	  }
	/** The keys an agent holds. */
	| { readonly kind: "agent"; readonly socket: string }
	| { readonly kind: "password"; readonly password: string };
