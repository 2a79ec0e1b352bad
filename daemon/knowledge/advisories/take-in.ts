/** Takes one feed's file into a new knowledge base, made from the one in force. Touches nothing that is in use. */
import { copyFileSync, existsSync } from "node:fs";
import { basename } from "node:path";
import { AppError } from "../../../protocol/errors.ts";
import { BaseWriter, type Written } from "./base-writer.ts";
import { isKev, parseEpssLine, parseKev, readEpssHead } from "./cve-facts.ts";
import { isDebianTracker, parseDebianTracker } from "./debian-tracker.ts";
import { type FeedFile, openFeedFile } from "./feed-file.ts";
import { parseOsv } from "./osv.ts";
import { record } from "./untrusted.ts";

export interface TakeIn {
	/** The feed's file or folder. */
	readonly path: string;
	/** What the feed is called; by default after its format and, for OSV, its first ecosystem. */
	readonly name: string | null;
	/** The base in force, if there is one, and where the new one goes. */
	readonly current: string;
	readonly next: string;
	/** Milliseconds since the epoch. */
	readonly now: number;
}

export interface TakenIn extends Written {
	readonly name: string;
	readonly format: FeedFormat;
	readonly publishedAt: number | null;
}

export const feedFormats = ["osv", "debian-tracker", "kev", "epss"] as const;
export type FeedFormat = (typeof feedFormats)[number];

/** How many records are between two words on how far it is. */
const tellEvery = 2_000;

/** Throws `invalid` for what is no feed that is known, or says nothing. `next` is then not to be used. */
export async function takeIn(work: TakeIn, onRecords: (records: number) => void): Promise<TakenIn> {
	const opened = await openFeedFile(work.path);
	const feed = await recognise(opened, work.path);
	if (existsSync(work.current)) copyFileSync(work.current, work.next);
	const name = work.name ?? feed.name;
	const writer = new BaseWriter(work.next, {
		...{ name, format: feed.format, file: basename(work.path), importedAt: work.now },
	});
	try {
		let told = 0;
		for await (const _ of feed.write(writer)) {
			const { records } = writer.written;
			if (records - told < tellEvery) continue;
			told = records;
			onRecords(records);
		}
		if (writer.written.records === 0) throw unknownFeed(work.path);
		return { name, format: feed.format, ...writer.finish() };
	} catch (err) {
		writer.abandon();
		throw err;
	}
}

interface Recognised {
	readonly format: FeedFormat;
	readonly name: string;
	/** Writes a record at a time; what it yields says only that it got on. */
	write(writer: BaseWriter): AsyncIterable<void>;
}

async function recognise(file: FeedFile, path: string): Promise<Recognised> {
	if (file.kind === "documents") return recogniseOsv(file.documents, path);
	if (file.kind === "lines") return recogniseEpss(file.lines, path);
	const { document } = file;
	if (isKev(document)) {
		const { publishedAt, facts } = parseKev(document);
		return {
			...{ format: "kev", name: "kev" },
			async *write(writer) {
				writer.publishedAt(publishedAt);
				for (const fact of facts) yield writer.addFact(fact);
			},
		};
	}
	if (isDebianTracker(document)) {
		return {
			...{ format: "debian-tracker", name: "debian-tracker" },
			async *write(writer) {
				for (const advisory of parseDebianTracker(document)) yield writer.addAdvisory(advisory);
			},
		};
	}
	const records = Array.isArray(document) ? document : [document];
	return recogniseOsv(
		(async function* () {
			yield* records;
		})(),
		path,
	);
}

async function recogniseOsv(documents: AsyncIterable<unknown>, path: string): Promise<Recognised> {
	const iterator = documents[Symbol.asyncIterator]();
	const first = await iterator.next();
	const advisory = first.done === true ? null : parseOsv(first.value);
	if (advisory === null) throw unknownFeed(path);
	const ecosystem = (advisory.affected[0]?.ecosystem ?? "").split(":", 1)[0] ?? "";
	return {
		format: "osv",
		name: ecosystem === "" ? "osv" : `osv ${ecosystem}`,
		async *write(writer) {
			yield writer.addAdvisory(advisory);
			for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
				const parsed = parseOsv(next.value);
				if (parsed !== null) yield writer.addAdvisory(parsed);
				else if (!("id" in record(next.value))) throw unknownFeed(path);
			}
		},
	};
}

async function recogniseEpss(lines: AsyncIterable<string>, path: string): Promise<Recognised> {
	const iterator = lines[Symbol.asyncIterator]();
	const head: string[] = [];
	while (head.length < 3 && !head.some((line) => !line.startsWith("#"))) {
		const next = await iterator.next();
		if (next.done === true) break;
		head.push(next.value.replace(/^\uFEFF/, ""));
	}
	const read = readEpssHead(head);
	if (read === null) throw unknownFeed(path);
	return {
		...{ format: "epss", name: "epss" },
		async *write(writer) {
			writer.publishedAt(read.publishedAt);
			for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
				const fact = parseEpssLine(next.value);
				if (fact !== null) yield writer.addFact(fact);
			}
		},
	};
}

function unknownFeed(path: string): AppError {
	return new AppError("invalid", `${basename(path)} is no feed that is known.`, {
		hint: "Known are: OSV records (a zip, a folder or a JSON file), the Debian Security Tracker's JSON, CISA's KEV JSON, EPSS as CSV; each also packed with gzip.",
	});
}
