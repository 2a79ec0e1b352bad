/**
 * What feeds say of one subject, as digests: where they stay the same no verdict changes, and no host with that subject has to
 * be judged again.
 */
import { hash } from "node:crypto";
import type { AdvisoryBook } from "./book.ts";
import { type AdvisoryVerdict, isSpokenOf, type JudgedSystem, verdictsOn } from "./host-verdicts.ts";
import type { Subject } from "./match.ts";

/** By the advisory's name, all that its findings on a host with this subject depend on. */
export type Sayings = ReadonlyMap<string, string>;

/** Under this name stands of which suspicions the vendor speaks. No advisory has it. */
export const suspicions = "";

/** `suspects`: CVEs that are suspected by a banner, which the vendor's word settles. To be let go of with its base. */
export class SayingsBook {
	readonly #book: AdvisoryBook;
	readonly #exploited: ReadonlySet<string>;
	readonly #suspected: ReadonlyMap<number, readonly string[]>;
	readonly #spoken = new Map<string, boolean>();

	constructor(book: AdvisoryBook, suspects: readonly string[]) {
		this.#book = book;
		this.#exploited = book.base.exploited();
		this.#suspected = book.base.advisoriesOf(suspects);
	}

	/** Null: nothing can be told of such a system, so nothing opens and nothing closes. */
	of(system: JudgedSystem, subject: Subject): Sayings | null {
		if (!this.#isSpokenOf(system)) return null;
		const sayings = new Map<string, string>();
		for (const [name, verdict] of verdictsOn(system, [subject], this.#book.judge).verdicts) {
			sayings.set(name, this.#wordsOf(verdict));
		}
		const suspected = this.#suspectedOf(system, subject);
		if (suspected !== "") sayings.set(suspicions, suspected);
		return sayings;
	}

	#isSpokenOf({ ecosystems }: JudgedSystem): boolean {
		const key = ecosystems.join("\n");
		const known = this.#spoken.get(key) ?? isSpokenOf(ecosystems, this.#book.judge);
		this.#spoken.set(key, known);
		return known;
	}

	#wordsOf({ advisory, fix, severity, packages }: AdvisoryVerdict): string {
		const kev = advisory.cves.some((cve) => this.#exploited.has(cve));
		const { severity: word } = advisory;
		// What others say of its CVEs rates it only where it has no score itself.
		const cvss = advisory.cvss.length > 0 ? advisory.cvss : this.#book.signatureOf(advisory).signature.cvss;
		const lines = packages.map((one) => [one.ecosystem, one.package, one.version, one.state, one.fixed, one.note]);
		return JSON.stringify([fix, severity, word, cvss, kev, lines]);
	}

	#suspectedOf({ ecosystems }: JudgedSystem, { name }: Subject): string {
		if (this.#suspected.size === 0) return "";
		const told = ecosystems.flatMap((ecosystem) =>
			[...this.#book.judge.rangesOf(ecosystem, name).keys()].flatMap((advisory) => this.#suspected.get(advisory) ?? []),
		);
		return [...new Set(told)].toSorted().join(" ");
	}
}

/** Over all of them, 16 bytes; null for what nothing can be told of. */
export function digestOf(sayings: Sayings | null): Uint8Array | null {
	if (sayings === null) return null;
	return hash("sha256", JSON.stringify([...sayings].toSorted(byName)), "buffer").subarray(0, 16);
}

/** Twelve bytes each: the name's key, and a digest of what is said. */
export function packSayings(sayings: Sayings): Uint8Array {
	const entries = [...sayings].map(([name, words]): [number, number] => [keyOfName(name), digestNumber(words)]);
	return packKeys(entries);
}

/** The same; a digest of 0 is that of no saying, so an advisory that has it has changed whatever is said of it. */
export function packKeys(entries: Iterable<readonly [key: number, digest: number]>): Uint8Array {
	const list = [...entries];
	const bytes = Buffer.alloc(list.length * entryBytes);
	for (const [i, [key, digest]] of list.entries()) {
		bytes.writeUIntBE(key, i * entryBytes, keyBytes);
		bytes.writeUIntBE(digest, i * entryBytes + keyBytes, keyBytes);
	}
	return bytes;
}

/** Digests by the key of the name. Any bytes are read; an entry that is cut off is left out. */
export function unpackSayings(packed: Uint8Array): Map<number, number> {
	const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
	const said = new Map<number, number>();
	for (let at = 0; at + entryBytes <= bytes.length; at += entryBytes) {
		said.set(bytes.readUIntBE(at, keyBytes), bytes.readUIntBE(at + keyBytes, keyBytes));
	}
	return said;
}

export function keyOfName(name: string): number {
	return hash("sha256", name, "buffer").readUIntBE(0, keyBytes);
}

/** Never 0. */
export function digestNumber(words: string): number {
	return hash("sha256", words, "buffer").readUIntBE(0, keyBytes) || 1;
}

/** 48 bits: exact as a number; a million names have two alike with a chance of one in five hundred. */
const keyBytes = 6;
const entryBytes = 2 * keyBytes;

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
	return a < b ? -1 : Number(a > b);
}
