/**
 * The key of this installation: an Ed25519 pair in a file of its own, apart from the database, that signs the head of the
 * audit log. Its fingerprint tells one daemon from another where decisions are signed. Made when it is first needed, so that
 * a daemon starts on a full disk too.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { lstatSync, readFileSync } from "node:fs";
import { z } from "zod";
import { type AuditHead, auditNamespace } from "../../protocol/audit/chain.ts";
import { AppError } from "../../protocol/errors.ts";
import { fingerprintOfBlob } from "../../protocol/ssh/public-key.ts";
import { sshString, strictBase64 } from "../../protocol/ssh/reader.ts";
import { isSignatureOver, parseSignature, signatureBlob, signedData } from "../../protocol/ssh/signature.ts";
import type { HeadSigner } from "../store/audit.ts";
import { writeWhole } from "../store/whole-file.ts";

const head = z.object({ n: z.int().nonnegative(), hash: z.string() });
const keyFile = z.object({
	...{ version: z.literal(1), privateKey: z.string(), begins: head },
	/** True once the log has an entry that it signed. */
	used: z.boolean().default(false),
});

interface Opened {
	readonly pair: KeyObject;
	/** RFC 8709, section 4. */
	readonly blob: Buffer;
	readonly begins: AuditHead;
	readonly used: boolean;
}

const type = "ssh-ed25519";

export class InstallationKey implements HeadSigner {
	readonly #path: string;
	readonly #headNow: () => AuditHead;
	#opened: Opened | null = null;
	/** What was signed last: the head that the next entry finds is nearly always this one. */
	#last = { text: "", signature: "" };

	/** `headNow`: where the log stands, noted with a key that is made. Nothing is read before it is needed. */
	constructor(path: string, headNow: () => AuditHead) {
		this.#path = path;
		this.#headNow = headNow;
	}

	get begins(): AuditHead {
		return this.#open().begins;
	}

	get used(): boolean {
		return this.#open().used;
	}

	/** Kept with the key: a log that is gone as a whole, with its head, is told from one that was never written to. */
	noteUsed(): void {
		if (this.#opened === null || this.#opened.used) return;
		const opened = { ...this.#opened, used: true };
		try {
			this.#write(opened);
			this.#opened = opened;
		} catch {
			// The entry is stored and stands: the next one tries again.
		}
	}

	/** `SHA256:…`, as `ssh-keygen -l` writes it. */
	get fingerprint(): string {
		return fingerprintOfBlob(this.#open().blob);
	}

	/** A line as in a `.pub` file. */
	get publicKey(): string {
		return `${type} ${this.#open().blob.toString("base64")} vedette`;
	}

	/** Base64 of what `ssh-keygen -Y sign -n vedette-audit` makes, without its armour. */
	sign(text: string): string {
		const { pair, blob } = this.#open();
		const signature = sign(null, signedData(text, auditNamespace, "sha512"), pair);
		const named = Buffer.concat([sshString(type), sshString(signature)]);
		this.#last = { text, signature: signatureBlob(blob, auditNamespace, "sha512", named).toString("base64") };
		return this.#last.signature;
	}

	isSigned(text: string, signature: string): boolean {
		if (signature === this.#last.signature && text === this.#last.text) return true;
		const blob = strictBase64(signature);
		const found = blob === null ? null : parseSignature(blob);
		if (found === null || found.key !== this.#open().blob.toString("base64")) return false;
		return isSignatureOver(found, text, auditNamespace);
	}

	/** Throws `forbidden` when others can read the file, `unavailable` when it is damaged or cannot be written. */
	#open(): Opened {
		this.#opened ??= this.#read() ?? this.#make();
		return this.#opened;
	}

	#make(): Opened {
		const { privateKey: pair } = generateKeyPairSync("ed25519");
		const made = { pair, blob: blobOf(pair), begins: this.#headNow(), used: false };
		this.#write(made);
		return made;
	}

	#write({ pair, begins, used }: Opened): void {
		const kept = { version: 1, privateKey: pair.export({ type: "pkcs8", format: "pem" }), begins, used };
		writeWhole(this.#path, Buffer.from(`${JSON.stringify(kept)}\n`), 0o600);
	}

	#read(): Opened | null {
		const path = this.#path;
		const found = lstatSync(path, { throwIfNoEntry: false });
		if (found === undefined) return null;
		if ((found.mode & 0o077) !== 0 || found.uid !== process.geteuid?.()) {
			throw new AppError("forbidden", `Others may read the key file ${path}.`, {
				hint: `Take that away: chmod 600 ${path}. Whoever has read it can sign as this daemon: then move it away.`,
			});
		}
		try {
			const { privateKey, begins, used } = keyFile.parse(JSON.parse(readFileSync(path, "utf8")));
			const pair = createPrivateKey(privateKey);
			return { pair, blob: blobOf(pair), begins, used };
		} catch (cause) {
			throw new AppError("unavailable", `The key file ${path} is damaged or cannot be read.`, {
				hint: "Put it back from a backup; or move it away: a new key is made, and the audit log says so.",
				cause,
			});
		}
	}
}

/** The raw public key is the `x` of its JWK (RFC 8037). */
function blobOf(pair: KeyObject): Buffer {
	const { x = "" } = createPublicKey(pair).export({ format: "jwk" });
	return Buffer.concat([sshString(type), sshString(Buffer.from(x, "base64url"))]);
}
