/**
 * The audit log as a file: a line with the public key, a line an entry, a line with the signed head. Each has one spelling, so
 * that a change of any byte is found, offline and without anything but the file and the key's fingerprint.
 */
import { createHash } from "node:crypto";
import { canonicalJson } from "../canonical-json.ts";
import type { AuditEntry } from "../model/audit.ts";
import { parsePublicKeyLine } from "../ssh/public-key.ts";
import { strictBase64 } from "../ssh/reader.ts";
import { isSignatureOver, parseSignature } from "../ssh/signature.ts";
import { type AuditHead, auditNamespace, headText, noHash } from "./chain.ts";
import { checkSignedEntry } from "./signed.ts";

const title = "audit log 1";
/** After the key in a line of it. Everything that no signature covers has one spelling. */
const keyComment = "vedette";
/** An entry keeps its states to some 16,000 characters each; nothing that is one is longer. Bytes. */
export const longestAuditLine = 1_048_576;

/** Without line feeds; each line is to be followed by one. `publicKey` as `audit.head` tells it. */
export const auditLine = {
	first: (publicKey: string): string => canonicalJson({ key: publicKey, vedette: title }),
	entry: ({ hash, ...entry }: AuditEntry): string =>
		`${beforeEntry}${canonicalJson(entry)}${afterEntry}${hash}${afterHash}`,
	last: ({ n, hash }: AuditHead, signature: string): string => canonicalJson({ head: { hash, n }, signature }),
};

const beforeEntry = '{"entry":';
const afterEntry = ',"hash":"';
const afterHash = '"}';
const entryEnds = afterEntry.length + noHash.length + afterHash.length;

/** The hash of the entry on this line, which comes after one with `before`; null when it is not as it was written. */
export function hashOfLine(line: Buffer, before: string): string | null {
	const entryAt = line.length - entryEnds;
	if (entryAt <= beforeEntry.length || line.toString("latin1", 0, beforeEntry.length) !== beforeEntry) return null;
	const found = createHash("sha256")
		.update(`${before}\n`)
		.update(line.subarray(beforeEntry.length, entryAt))
		.digest("hex");
	return line.toString("latin1", entryAt) === `${afterEntry}${found}${afterHash}` ? found : null;
}

export interface AuditFileVerdict {
	readonly entries: number;
	/** Null: every byte is as it was written by who has the key. Else the first thing that is not, as a sentence. */
	readonly fault: string | null;
	/** How many entries carry an operator's own signature that holds, by the key's fingerprint. */
	readonly decisions: Readonly<Record<string, number>>;
	/** Of the key it says it is signed by; null when it does not get that far. Whose key that is must be known from elsewhere. */
	readonly fingerprint: string | null;
}

/** Takes the file line by line, from the first. */
export class AuditFileCheck {
	#key: { readonly key: string; readonly fingerprint: string } | null = null;
	#last: AuditHead = { n: 0, hash: noHash };
	#fault: string | null = null;
	#ended = false;
	readonly #decisions = new Map<string, number>();

	/** The line without its line feed. */
	push(line: Buffer): void {
		if (this.#fault !== null) return;
		if (this.#ended) this.#fault = "Something follows the signed head.";
		else if (this.#key === null) this.#first(line);
		else {
			const hash = hashOfLine(line, this.#last.hash);
			if (hash !== null) {
				this.#last = { n: this.#last.n + 1, hash };
				if (line.includes('"signed":')) this.#signed(line);
			} else this.#end(line);
		}
	}

	verdict(): AuditFileVerdict {
		const fault =
			this.#fault ?? (this.#ended ? null : `The file ends after entry ${this.#last.n}, without its signed head.`);
		const decisions = Object.fromEntries(this.#decisions);
		return { entries: this.#last.n, decisions, fault, fingerprint: this.#key?.fingerprint ?? null };
	}

	/** Whoever holds the installation's key can write any entry, and sign for no operator. */
	#signed(line: Buffer): void {
		const { entry } = parsed(line) as { entry?: Omit<AuditEntry, "hash"> };
		const found = entry === undefined ? null : checkSignedEntry(entry);
		if (found === null) return;
		if (found.fault === null) this.#decisions.set(found.key, (this.#decisions.get(found.key) ?? 0) + 1);
		else this.#fault = `Entry ${this.#last.n} says that its decision is signed: ${found.fault}.`;
	}

	#first(line: Buffer): void {
		const { key } = parsed(line) as { key?: unknown };
		const found = typeof key === "string" ? parsePublicKeyLine(key) : null;
		if (found?.comment === keyComment && line.equals(Buffer.from(auditLine.first(key as string)))) {
			this.#key = found;
		} else this.#fault = "The first line is not that of an exported audit log.";
	}

	/** A line that is no entry in its place must be the last one. */
	#end(line: Buffer): void {
		const { n, hash } = this.#last;
		const { head, signature } = parsed(line) as { head?: unknown; signature?: unknown };
		if (head === undefined || typeof signature !== "string") {
			this.#fault = `Entry ${n + 1} is not what was written, or the entry before it was replaced.`;
			return;
		}
		if (!line.equals(Buffer.from(auditLine.last({ n, hash }, signature)))) {
			this.#fault = `The log ends at entry ${n}, which is not the one that was signed.`;
			return;
		}
		const blob = strictBase64(signature);
		const found = blob === null ? null : parseSignature(blob);
		this.#ended =
			found !== null && found.key === this.#key?.key && isSignatureOver(found, headText(this.#last), auditNamespace);
		if (!this.#ended) this.#fault = "The signature of the head does not hold.";
	}
}

/** An object from a line that may be anything. */
function parsed(line: Buffer): object {
	try {
		const value: unknown = JSON.parse(line.toString("utf8"));
		return typeof value === "object" && value !== null ? value : {};
	} catch {
		return {};
	}
}
