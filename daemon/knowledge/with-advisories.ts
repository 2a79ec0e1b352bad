/** Signatures and advisories as one knowledge: what evidence is judged with changes when either does. */
import { createHash } from "node:crypto";
import type { KnowledgeBase } from "./advisories/base.ts";
import { AdvisoryBook } from "./advisories/book.ts";
import type { Knowledge } from "./knowledge.ts";

/** Null: no feed was ever taken in. */
export function withAdvisories(signatures: Knowledge, base: KnowledgeBase | null): Knowledge {
	if (base === null) return signatures;
	const book = new AdvisoryBook(base);
	const version = createHash("sha256").update(`${signatures.version} ${book.version}`).digest("hex").slice(0, 16);
	const sources = book.feeds.map(({ name, records, publishedAt, importedAt }) => ({
		...{ name, records, updatedAt: new Date(publishedAt ?? importedAt).toISOString() },
	}));
	return {
		version,
		ownVersion: signatures.version,
		advisories: book,
		get signatures() {
			return signatures.signatures;
		},
		checksFor: (kind) => signatures.checksFor(kind),
		find: (name) => signatures.find(name),
		status() {
			const own = signatures.status();
			return { ...own, version, sources: [...own.sources, ...sources] };
		},
	};
}

/** The knowledge over time: made anew when another base has taken the place of the one before. */
export function knowledgeOver(signatures: Knowledge, base: () => KnowledgeBase | null): () => Knowledge {
	let made: { base: KnowledgeBase | null; knowledge: Knowledge } | null = null;
	return () => {
		const now = base();
		if (made === null || made.base !== now) made = { base: now, knowledge: withAdvisories(signatures, now) };
		return made.knowledge;
	};
}
