/** Tells from its content what a feed's file is, and writes it. */
import { basename } from "node:path";
import { AppError } from "../../../../protocol/errors.ts";
import type { BaseWriter } from "../base-writer.ts";
import { parseEpssLine, readEpssHead } from "../cve-facts.ts";
import type { FeedFile } from "../feed-file.ts";
import { record } from "../untrusted.ts";
import { csafRefusal } from "./csaf-publisher.ts";
import type { DocumentFormat, FeedDocument, FeedFormat } from "./feed-format.ts";
import { documentFormats } from "./formats.ts";
import { ieeeRegistry, isIeeeHead, parseIeeeLine } from "./ieee.ts";

export interface Recognised {
	readonly format: FeedFormat;
	/** What it is called, unless its owner says otherwise. */
	readonly name: string;
	readonly licence: string | null;
	/** Documents that were left out so far, and why. */
	readonly refused: Refused;
	/** Writes a record at a time; what it yields says only that it got on. */
	write(writer: BaseWriter): AsyncIterable<void>;
}

export interface Refused {
	documents: number;
	/** Of the first ten. */
	readonly first: { readonly document: string; readonly why: string }[];
}

/** Refusals that are told. */
const mostTold = 10;

/** Documents at the start of an archive or a folder that may be something else, such as an index. */
const mostStrangers = 100;

/** Throws `invalid` for what is no feed that is known. */
export async function recognise(file: FeedFile, path: string): Promise<Recognised> {
	return file.kind === "lines" ? recogniseLines(file.lines, path) : recogniseDocuments(file.documents, path);
}

async function recogniseDocuments(documents: AsyncIterable<FeedDocument>, path: string): Promise<Recognised> {
	const iterator = documents[Symbol.asyncIterator]();
	const strangers: FeedDocument[] = [];
	for (let seen = 0; seen < mostStrangers; seen++) {
		const next = await iterator.next();
		if (next.done === true) break;
		const { value: first } = next;
		const found = documentFormats.find((format) => format.fits(first));
		if (found !== undefined) return writerOf(found, [...strangers, first], iterator);
		strangers.push(first);
	}
	const [stranger] = strangers;
	throw unknownFeed(path, stranger === undefined ? "there is no JSON in it" : looksLike(stranger.value));
}

function writerOf(
	found: DocumentFormat,
	begun: readonly FeedDocument[],
	rest: AsyncIterator<FeedDocument>,
): Recognised {
	const refused: Refused = { documents: 0, first: [] };
	const note = (document: FeedDocument, records: number) => {
		const why = found.refusal?.(document) ?? (records > 0 ? null : ofAnother(found, document));
		if (why !== null && ++refused.documents <= mostTold) refused.first.push({ document: document.name, why });
	};
	const writeOne = async function* (document: FeedDocument, writer: BaseWriter): AsyncGenerator<void> {
		const before = writer.written.records;
		yield* found.write(document, writer);
		note(document, writer.written.records - before);
	};
	const [first] = begun.slice(-1);
	if (first === undefined) throw new Error("a feed without a document");
	return {
		...{ format: found.format, name: found.nameOf(first), licence: found.licence, refused },
		async *write(writer) {
			for (const document of begun.slice(0, -1)) note(document, 0);
			yield* writeOne(first, writer);
			for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
				yield* writeOne(next.value, writer);
			}
		},
	};
}

/** An archive or a folder is one feed: of what else lies in it nothing must be lost without a word. */
function ofAnother(found: DocumentFormat, document: FeedDocument): string | null {
	const other = documentFormats.find((format) => format !== found && format.fits(document));
	return other === undefined ? null : `it is of another feed (${other.what}): take it in by itself`;
}

/** What people take for a feed, and what to fetch instead. */
function looksLike(value: unknown): string {
	const document = record(value);
	const csaf = csafRefusal(value);
	if (csaf !== null) return csaf;
	if ("@context" in document && "statements" in document) return "it is an OpenVEX document";
	if ("bomFormat" in document) return "it is a CycloneDX bill of materials";
	if ("spdxVersion" in document || "spdxId" in document) return "it is an SPDX document";
	if ("CVE_Items" in document) return "it is NVD's JSON 1.1, which is no longer made: fetch version 2.0";
	if ("dataType" in document && "containers" in document) return "it is a CVE record of cve.org";
	return "what is in it fits none of them";
}

async function recogniseLines(lines: AsyncIterable<string>, path: string): Promise<Recognised> {
	const iterator = lines[Symbol.asyncIterator]();
	const head: string[] = [];
	while (head.length < 3 && !head.some((line) => !line.startsWith("#"))) {
		const next = await iterator.next();
		if (next.done === true) break;
		head.push(next.value.replace(/^\uFEFF/, ""));
	}
	if (isIeeeHead(head.at(-1) ?? "")) return ieeeOf(iterator, path);
	const read = readEpssHead(head);
	if (read === null) throw unknownFeed(path, "it is neither JSON nor a table that is known");
	return {
		...{ format: "epss", name: "epss", licence: "free to use, FIRST.org to be named" },
		refused: { documents: 0, first: [] },
		async *write(writer) {
			writer.publishedAt(read.publishedAt);
			for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
				const fact = parseEpssLine(next.value);
				if (fact !== null) yield writer.addFact(fact);
			}
		},
	};
}

/** Each of the IEEE's files is a feed of its own, called by the size of its blocks. */
async function ieeeOf(lines: AsyncIterator<string>, path: string): Promise<Recognised> {
	const first = await lines.next();
	const registry = first.done === true ? null : ieeeRegistry(first.value);
	if (registry === null) throw unknownFeed(path, "it has the head of the IEEE's table, and no line of it");
	return {
		...{ format: "ieee", name: `ieee ${registry}`, licence: null },
		refused: { documents: 0, first: [] },
		async *write(writer) {
			for (let next = first; next.done !== true; next = await lines.next()) {
				const vendor = parseIeeeLine(next.value);
				if (vendor !== null) yield writer.addVendor(vendor);
			}
		},
	};
}

export function unknownFeed(path: string, why: string): AppError {
	const known = [
		...documentFormats.map(({ what }) => what),
		"EPSS as CSV",
		"the IEEE's adapter addresses as CSV (oui.csv, mam.csv, oui36.csv)",
	].join(", ");
	return new AppError("invalid", `${basename(path)} is no feed that is known: ${why}.`, {
		hint: `Known are: ${known}; as a file, a folder, a zip or a tar archive, also packed with gzip or zstd.`,
	});
}
