/** Every kind of feed that comes as documents. What comes as lines (EPSS) is told apart by `recognise.ts`. */

import { AppError } from "../../../../protocol/errors.ts";
import { compileFingerprint, failedExample } from "../../recognition/matcher.ts";
import { isKev, parseKev } from "../cve-facts.ts";
import { isDebianTracker, parseDebianTracker } from "../debian-tracker.ts";
import { parseOsv } from "../osv.ts";
import { list } from "../untrusted.ts";
import { isVex, parseCsaf } from "./csaf.ts";
import { csafRefusal, publisherOf } from "./csaf-publisher.ts";
import { parseEndOfLife } from "./endoflife.ts";
import type { DocumentFormat, FeedDocument } from "./feed-format.ts";
import { isNvd, parseNvd } from "./nvd.ts";
import { type Fingerprint, type FingerprintExample, isRecog, parseRecog } from "./recog.ts";

const kev: DocumentFormat = {
	...{ format: "kev", what: "CISA's KEV JSON", licence: "CC0" },
	fits: ({ value }) => isKev(value),
	nameOf: () => "kev",
	*write({ value }, writer) {
		const { publishedAt, facts } = parseKev(value);
		writer.publishedAt(publishedAt);
		for (const fact of facts) yield writer.addFact(fact);
	},
};

const debianTracker: DocumentFormat = {
	...{ format: "debian-tracker", what: "the Debian Security Tracker's JSON", licence: null },
	fits: ({ value }) => isDebianTracker(value),
	nameOf: () => "debian-tracker",
	*write({ value }, writer) {
		for (const advisory of parseDebianTracker(value)) yield writer.addAdvisory(advisory);
	},
};

const csaf: DocumentFormat = {
	...{ format: "csaf", what: "Red Hat's and SUSE's CSAF and VEX documents", licence: null },
	fits: ({ value }) => publisherOf(value) !== null,
	// One that comes by itself does not stand for all of them.
	nameOf: ({ value, isAlone }) => {
		const id = isAlone === true ? parseCsaf(value)?.advisory.id : undefined;
		if (id !== undefined) return `csaf ${id}`;
		return `csaf ${publisherOf(value) === "suse" ? "SUSE " : ""}${isVex(value) ? "vex" : "advisories"}`;
	},
	refusal: ({ value }) => csafRefusal(value),
	*write({ value }, writer) {
		const parsed = parseCsaf(value);
		if (parsed === null) return;
		if (parsed.licence !== null) writer.licence(parsed.licence);
		writer.leaveOut(parsed.leftOut);
		for (const detail of parsed.details) writer.addDetail(detail);
		yield writer.addAdvisory(parsed.advisory);
	},
};

const nvd: DocumentFormat = {
	...{ format: "nvd", what: "NVD's JSON 2.0", licence: "public domain (NIST)" },
	fits: ({ value }) => isNvd(value),
	// Its yearly files stand beside each other.
	nameOf: ({ name }) => {
		const part = /^nvdcve-2\.0-([a-z0-9]{1,20})/.exec(name)?.[1];
		return part === undefined ? "nvd" : `nvd ${part}`;
	},
	*write({ value }, writer) {
		const { publishedAt, details } = parseNvd(value);
		writer.publishedAt(publishedAt);
		for (const detail of details) {
			writer.countRecord();
			yield writer.addDetail(detail);
		}
	},
};

const endOfLife: DocumentFormat = {
	...{ format: "endoflife", what: "endoflife.date's JSON or pages", licence: "MIT" },
	fits: (document) => parseEndOfLife(document) !== null,
	nameOf: () => "endoflife",
	*write(document, writer) {
		const { products, publishedAt } = parseEndOfLife(document) ?? { products: [], publishedAt: null };
		writer.publishedAt(publishedAt);
		for (const product of products) yield writer.addProduct(product);
	},
};

const recog: DocumentFormat = {
	...{ format: "recog", what: "recog's XML fingerprints", licence: "BSD-2-Clause" },
	fits: isRecog,
	nameOf: () => "recog",
	*write(document, writer) {
		if (!isRecog(document)) return;
		const { subject, fingerprints } = whole(document, parseRecog);
		for (const { examples, ...fingerprint } of fingerprints) {
			if (holds(fingerprint, examples)) yield writer.addFingerprint(subject, fingerprint);
			else writer.leaveOut(1);
		}
	},
};

/** Throws `invalid` for a document that cannot be read to its end. */
function whole<T>(document: FeedDocument, read: (document: FeedDocument) => T): T {
	try {
		return read(document);
	} catch (cause) {
		const why = cause instanceof Error ? cause.message : String(cause);
		throw new AppError("invalid", `${document.name} cannot be taken in: ${why}.`, {
			hint: "Nothing was changed. Fetch the file again, or name another.",
			cause,
		});
	}
}

/** A pattern that is taken in time linear to the text, and does to its examples what they say. */
function holds(fingerprint: Fingerprint, examples: readonly FingerprintExample[]): boolean {
	try {
		return failedExample(fingerprint, compileFingerprint(fingerprint), examples) === null;
	} catch {
		return false;
	}
}

/** Of the databases OSV has its records from (google.github.io/osv.dev/data), by ecosystem. */
const osvTerms: Readonly<Record<string, string>> = {
	...{ AlmaLinux: "MIT", Ubuntu: "CC BY-SA 4.0", "Red Hat": "CC BY 4.0", SUSE: "CC BY 4.0", openSUSE: "CC BY 4.0" },
	...{ npm: "CC BY 4.0", Go: "CC BY 4.0", PyPI: "CC BY 4.0" },
};

/** One record, or a list of them. */
const osv: DocumentFormat = {
	...{ format: "osv", what: "OSV records", licence: null },
	fits: ({ value }) => parseOsv(Array.isArray(value) ? value[0] : value) !== null,
	nameOf: ({ value }) => {
		const first = parseOsv(Array.isArray(value) ? value[0] : value);
		const ecosystem = (first?.affected[0]?.ecosystem ?? "").split(":", 1)[0] ?? "";
		return ecosystem === "" ? "osv" : `osv ${ecosystem}`;
	},
	*write({ value }, writer) {
		for (const one of Array.isArray(value) ? list(value) : [value]) {
			const advisory = parseOsv(one);
			if (advisory === null) continue;
			const terms = osvTerms[(advisory.affected[0]?.ecosystem ?? "").split(":", 1)[0] ?? ""];
			if (terms !== undefined) writer.licence(terms);
			yield writer.addAdvisory(advisory);
		}
	},
};

/** The most telling first: a document is of the first kind it fits. */
export const documentFormats: readonly DocumentFormat[] = [kev, nvd, csaf, recog, endOfLife, osv, debianTracker];
