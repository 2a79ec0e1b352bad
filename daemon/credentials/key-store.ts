/**
 * Where the key of a home's secrets comes from: systemd's credential, a file beside the database, or a passphrase. The data
 * key is made once and kept wrapped, so that what wraps it can be changed without sealing anything anew.
 */
import { createHash, randomBytes, type ScryptOptions, scryptSync } from "node:crypto";
import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../../protocol/errors.ts";
import { writeWhole } from "../store/whole-file.ts";
import { keyBytes, SecretKey } from "./seal.ts";

/** What the wrapped key lies in, and the key file beside it. */
const wrappedName = "secrets.json";
const keyFileName = "secrets.key";
/** systemd.exec(5), LoadCredential=: the file's name in `$CREDENTIALS_DIRECTORY`. */
const credentialName = "vedette-key";

export type KeySource = "systemd" | "file" | "passphrase";

interface Wrapped {
	readonly version: 1;
	readonly source: KeySource;
	readonly keyId: string;
	readonly salt: string;
	readonly sealed: string;
}

/** RFC 7914; 64 MB and some tenths of a second, once at each unlocking. */
const scryptCost: ScryptOptions = { N: 65_536, r: 8, p: 1, maxmem: 128 * 65_536 * 8 + (1 << 20) };
const place = { table: "key", id: "data", version: 1 };

export class KeyStore {
	readonly #folder: string;
	readonly #env: NodeJS.ProcessEnv;
	#key: SecretKey | null = null;

	constructor(folder: string, env: NodeJS.ProcessEnv) {
		this.#folder = folder;
		this.#env = env;
	}

	/** What wraps the key; null as long as there is no secret. */
	get source(): KeySource | null {
		return this.#read()?.source ?? null;
	}

	/** True when a passphrase is needed before any secret can be used. */
	get locked(): boolean {
		return this.#key === null && this.source === "passphrase";
	}

	/**
	 * The key, made when there is none yet. Throws `forbidden` while it waits for its passphrase, `unavailable` when what
	 * wraps it is gone, unreadable or another.
	 */
	key(): SecretKey {
		if (this.#key !== null) return this.#key;
		const wrapped = this.#read();
		if (wrapped === null) return this.#make(this.#wrapping(this.#hasCredential() ? "systemd" : "file"));
		if (wrapped.source === "passphrase") {
			throw new AppError("forbidden", "The secrets are locked.", { hint: "Unlock them: vedette credential unlock" });
		}
		return this.#unwrap(wrapped, this.#wrapping(wrapped.source));
	}

	/** Takes the passphrase. Throws `forbidden` for a wrong one; does nothing when no passphrase is needed. */
	unlock(passphrase: string): void {
		const wrapped = this.#read();
		if (this.#key !== null || wrapped?.source !== "passphrase") return;
		try {
			this.#unwrap(wrapped, {
				source: "passphrase",
				outer: ofPassphrase(passphrase, wrapped.salt),
				salt: wrapped.salt,
			});
		} catch (cause) {
			throw new AppError("forbidden", "That is not the passphrase.", { hint: "Nothing was unlocked.", cause });
		}
	}

	/** From now on the key is wrapped by a passphrase; null: by systemd's credential or a file again. The key must be open. */
	protect(passphrase: string | null): void {
		const key = this.key();
		if (passphrase === null) this.#write(key, this.#wrapping(this.#hasCredential() ? "systemd" : "file"));
		else {
			const salt = randomBytes(16).toString("base64");
			this.#write(key, { source: "passphrase", outer: ofPassphrase(passphrase, salt), salt });
		}
	}

	close(): void {
		this.#key?.destroy();
		this.#key = null;
	}

	#make(wrapping: Wrapping): SecretKey {
		const key = SecretKey.random();
		this.#write(key, wrapping);
		this.#key = key;
		return key;
	}

	#unwrap(wrapped: Wrapped, { outer }: Wrapping): SecretKey {
		const text = outer.open(Buffer.from(wrapped.sealed, "base64"), place);
		if (text === null) {
			throw new AppError("unavailable", "The key of the secrets does not open: what it is wrapped with has changed.", {
				hint: `Put back the ${wrapped.source === "file" ? `file ${this.#keyFile}` : "systemd credential"} that was there, or enter the credentials anew.`,
			});
		}
		this.#key = new SecretKey(Buffer.from(text, "base64"), wrapped.keyId);
		return this.#key;
	}

	#wrapping(source: "systemd" | "file"): Wrapping {
		const bytes = source === "systemd" ? this.#credential() : this.#fileKey();
		return { source, outer: new SecretKey(bytes, source), salt: "" };
	}

	#hasCredential(): boolean {
		const folder = this.#env.CREDENTIALS_DIRECTORY;
		return folder !== undefined && readable(join(folder, credentialName)) !== null;
	}

	/** Any length: systemd-creds and people make keys of their own sizes. */
	#credential(): Buffer {
		const text = readable(join(this.#env.CREDENTIALS_DIRECTORY ?? "/", credentialName));
		if (text === null || text.length < 16) {
			throw new AppError(
				"unavailable",
				`The systemd credential ${credentialName} is missing or shorter than 16 bytes.`,
				{
					hint: `In the unit: LoadCredentialEncrypted=${credentialName}:… (see systemd-creds(1)).`,
				},
			);
		}
		return createHash("sha256").update("vedette key").update(text).digest();
	}

	/** Made when it is missing and no key was wrapped with it yet; refused when others could read it. */
	#fileKey(): Buffer {
		const path = this.#keyFile;
		const found = readable(path);
		if (found === null) {
			if (this.#read() !== null) {
				throw new AppError("unavailable", `The key file ${path} is gone, and with it what opens the secrets.`, {
					hint: "Put it back from a backup, or enter the credentials anew.",
				});
			}
			const bytes = randomBytes(keyBytes);
			writeWhole(path, bytes, 0o400);
			return bytes;
		}
		const { mode, uid } = lstatSync(path);
		if ((mode & 0o077) !== 0 || (process.geteuid !== undefined && uid !== process.geteuid())) {
			throw new AppError("forbidden", `Others may read the key file ${path}.`, {
				hint: `Take that away, then try again: chmod 400 ${path}`,
			});
		}
		if (found.length !== keyBytes) {
			throw new AppError(
				"unavailable",
				`The key file ${path} is damaged: it has ${found.length} bytes, not ${keyBytes}.`,
				{
					hint: "Put it back from a backup, or enter the credentials anew.",
				},
			);
		}
		return found;
	}

	get #keyFile(): string {
		return join(this.#folder, keyFileName);
	}

	#read(): Wrapped | null {
		const bytes = readable(join(this.#folder, wrappedName));
		if (bytes === null) return null;
		try {
			const wrapped = JSON.parse(bytes.toString("utf8")) as Wrapped;
			if (wrapped.version === 1 && typeof wrapped.sealed === "string") return wrapped;
		} catch {}
		throw new AppError("unavailable", `${join(this.#folder, wrappedName)} is damaged.`, {
			hint: "Put it back from a backup, or enter the credentials anew.",
		});
	}

	#write(key: SecretKey, { source, outer, salt }: Wrapping): void {
		const sealed = Buffer.from(key.wrap(outer, place)).toString("base64");
		const wrapped: Wrapped = { version: 1, source, keyId: key.id, salt, sealed };
		writeWhole(join(this.#folder, wrappedName), Buffer.from(`${JSON.stringify(wrapped)}\n`), 0o600);
		outer.destroy();
	}
}

interface Wrapping {
	readonly source: KeySource;
	readonly outer: SecretKey;
	readonly salt: string;
}

function ofPassphrase(passphrase: string, salt: string): SecretKey {
	const bytes = scryptSync(passphrase.normalize("NFKC"), Buffer.from(salt, "base64"), keyBytes, scryptCost);
	return new SecretKey(bytes, "passphrase");
}

function readable(path: string): Buffer | null {
	try {
		return readFileSync(path);
	} catch (err) {
		if ((err as NodeJS.ErrnoException).code === "ENOENT") return null;
		throw new AppError("unavailable", `${path} cannot be read.`, { hint: "Check its permissions.", cause: err });
	}
}
