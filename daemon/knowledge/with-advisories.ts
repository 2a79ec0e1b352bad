/** Signatures and advisories as one knowledge: what evidence is judged with changes when either does. */
import { createHash } from "node:crypto";
import type { Kind } from "../evidence/record.ts";
import type { FeedStatus, KnowledgeBase } from "./advisories/base.ts";
import { AdvisoryBook } from "./advisories/book.ts";
import { findBannerCheck } from "./banners/checks.ts";
import { endOfLifeChecks } from "./end-of-life/checks.ts";
import { slugOf, withDates } from "./end-of-life/overlay.ts";
import { ProductTable } from "./end-of-life/products.ts";
import type { Check, Knowledge } from "./knowledge.ts";
import { recognitionChecks } from "./recognition/checks.ts";
import { Fingerprints } from "./recognition/fingerprints.ts";

/** Null: no feed was ever taken in. */
export function withAdvisories(signatures: Knowledge, base: KnowledgeBase | null): Knowledge {
	if (base === null) return signatures;
	const book = new AdvisoryBook(base);
	const feedChecks = once(() => new FeedChecks(signatures, book));
	const version = createHash("sha256").update(`${signatures.version} ${book.version}`).digest("hex").slice(0, 16);
	const sources = book.feeds.map(({ name, records, publishedAt, importedAt }) => ({
		...{ name, records, updatedAt: new Date(publishedAt ?? importedAt).toISOString() },
	}));
	return {
		version,
		ownVersion: checksVersion(signatures, book),
		advisories: book,
		get signatures() {
			return [...signatures.signatures, ...feedChecks().made.map(({ signature }) => signature)];
		},
		checksFor: (kind) => feedChecks().checksFor(kind),
		find: (name) => feedChecks().find(name) ?? findBannerCheck(name.trim(), book),
		status() {
			const own = signatures.status();
			return { ...own, version, sources: [...own.sources, ...sources] };
		},
	};
}

/** Some feeds make checks of their own, which look at more than packages. */
function checksVersion(signatures: Knowledge, { feeds }: AdvisoryBook): string {
	const making = feeds.filter(({ format }) => format === "endoflife" || format === "recog");
	if (making.length === 0) return signatures.version;
	const said = making.map(({ name, digest }) => `${name} ${digest}`).join("\n");
	return createHash("sha256").update(`${signatures.version}\n${said}`).digest("hex").slice(0, 16);
}

/** What feeds add to the signatures: checks of their own, and newer dates in those there are. */
class FeedChecks {
	readonly made: readonly Check[];
	readonly #signatures: Knowledge;
	readonly #products: ProductTable;
	readonly #byKind = new Map<Kind, readonly Check[]>();

	constructor(signatures: Knowledge, { base, feeds }: AdvisoryBook) {
		this.#signatures = signatures;
		this.#products = new ProductTable(base.products());
		const kinds = [...new Set(signatures.signatures.map(({ kind }) => kind as Kind))];
		const own = kinds.flatMap((kind) => signatures.checksFor(kind)).flatMap((check) => slugOf(check) ?? []);
		const fingerprints = base.hasFingerprints() ? new Fingerprints((subject) => base.fingerprintsFor(subject)) : null;
		this.made = [
			...resting(endOfLifeChecks(this.#products, new Set(own), fingerprints), feeds, "endoflife"),
			...(fingerprints === null ? [] : resting(recognitionChecks(fingerprints), feeds, "recog")),
		];
	}

	checksFor(kind: Kind): readonly Check[] {
		const known = this.#byKind.get(kind);
		if (known !== undefined) return known;
		const own = this.#signatures.checksFor(kind).map((check) => withDates(check, this.#products));
		const checks = [...own, ...this.made.filter((check) => check.kind === kind)];
		this.#byKind.set(kind, checks);
		return checks;
	}

	find(name: string): Check | null {
		const own = this.#signatures.find(name);
		if (own !== null) return withDates(own, this.#products);
		const wanted = name.trim().toLowerCase();
		return this.made.find(({ signature: { id, qid } }) => id === wanted || String(qid) === wanted) ?? null;
	}
}

/** With what they rest on, for whoever asks why. */
function resting(checks: readonly Check[], feeds: readonly FeedStatus[], format: string): Check[] {
	const day = (at: number) => new Date(at).toISOString().slice(0, 10);
	const told = feeds
		.filter((feed) => feed.format === format)
		.map(({ name, publishedAt, importedAt, digest }) => {
			const of = publishedAt === null ? "" : ` of ${day(publishedAt)}`;
			return `feed ${name}${of}, taken in ${day(importedAt)}, ${digest.slice(0, 12)}`;
		});
	return checks.map((check) => ({ ...check, basis: told.join("; ") }));
}

function once<T>(make: () => T): () => T {
	let made: { value: T } | undefined;
	return () => {
		made ??= { value: make() };
		return made.value;
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
