/** Fingerprints taken in from recog, at work: what a record's texts are recognised as. */
import type { RE2JS } from "re2js";
import type { EvidenceRecord } from "../../evidence/record.ts";
import type { Fingerprint } from "../advisories/feeds/recog.ts";
import { requiredLiteral } from "./literal.ts";
import { compileFingerprint, type Recognised, recognise } from "./matcher.ts";
import { subjectTexts } from "./subjects.ts";

export interface Recognition {
	readonly subject: string;
	/** What it was recognised by, as it was told. */
	readonly text: string;
	readonly description: string;
	readonly fields: Recognised;
}

interface Ready {
	readonly fingerprint: Fingerprint;
	/** Without this in it no text fits. */
	readonly literal: string;
	/** Compiled when a text has the literal; null when that cannot be done. */
	pattern: RE2JS | null | undefined;
}

/** Texts whose outcome is kept: hosts of a network say the same few things. */
const mostKept = 20_000;
/** Longer ones are rare, and made up as easily as others. Characters. */
const longestKept = 500;

export class Fingerprints {
	readonly #load: (subject: string) => readonly Fingerprint[];
	readonly #ready = new Map<string, readonly Ready[]>();
	readonly #kept = new Map<string, Recognition | null>();

	/** `load` is asked once for each subject, when a text for it is first met. */
	constructor(load: (subject: string) => readonly Fingerprint[]) {
		this.#load = load;
	}

	/** One for each text that a fingerprint fits, the first that does: they stand in order of preference. */
	recognise(record: EvidenceRecord): Recognition[] {
		return subjectTexts(record).flatMap(({ subject, text }) => this.#find(subject, text) ?? []);
	}

	#find(subject: string, text: string): Recognition | null {
		const id = `${subject}\n${text}`;
		const kept = this.#kept.get(id);
		if (kept !== undefined) return kept;
		if (this.#kept.size >= mostKept) this.#kept.clear();
		const found = this.#try(subject, text);
		if (id.length <= longestKept) this.#kept.set(id, found);
		return found;
	}

	#try(subject: string, text: string): Recognition | null {
		const lower = text.toLowerCase();
		for (const one of this.#of(subject)) {
			if (!lower.includes(one.literal)) continue;
			one.pattern = one.pattern === undefined ? compiled(one.fingerprint) : one.pattern;
			const fields = one.pattern === null ? null : recognise(one.fingerprint, one.pattern, text);
			if (fields !== null) return { subject, text, description: one.fingerprint.description, fields };
		}
		return null;
	}

	#of(subject: string): readonly Ready[] {
		const known = this.#ready.get(subject);
		if (known !== undefined) return known;
		const ready = this.#load(subject).map((fingerprint) => ({
			...{ fingerprint, literal: requiredLiteral(fingerprint.pattern), pattern: undefined },
		}));
		this.#ready.set(subject, ready);
		return ready;
	}
}

function compiled(fingerprint: Fingerprint): RE2JS | null {
	try {
		return compileFingerprint(fingerprint);
	} catch {
		// The import took none that it could not compile: a base of another version of this program may have one.
		return null;
	}
}
