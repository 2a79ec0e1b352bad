/** Takes one feed's file into a new knowledge base, made from the one in force. Touches nothing that is in use. */
import { copyFileSync } from "node:fs";
import { basename } from "node:path";
import { KnowledgeBase } from "./base.ts";
import { BaseWriter, type Written } from "./base-writer.ts";
import { openFeedFile } from "./feed-file.ts";
import type { FeedFormat } from "./feeds/feed-format.ts";
import { type Refused, recognise, unknownFeed } from "./feeds/recognise.ts";

export interface TakeIn {
	/** The feed's file or folder. */
	readonly path: string;
	/** What the feed is called; by default after its format and, for OSV, its first ecosystem. */
	readonly name: string | null;
	/** What to call the file, where it lies under another name than it came by. */
	readonly file?: string;
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
	/** Of what it says. */
	readonly digest: string;
	/** Documents of its kind that cannot be judged by. */
	readonly refused: Refused;
}

/** How many records are between two words on how far it is. */
const tellEvery = 2_000;

/** Throws `invalid` for what is no feed that is known, or says nothing. `next` is then not to be used. */
export async function takeIn(work: TakeIn, onRecords: (records: number) => void): Promise<TakenIn> {
	const opened = await openFeedFile(work.path);
	const feed = await recognise(opened, work.path);
	// One of an older version is left behind: its tables are others.
	if (KnowledgeBase.isThere(work.current)) copyFileSync(work.current, work.next);
	const name = work.name ?? feed.name;
	const writer = new BaseWriter(work.next, {
		...{
			name,
			format: feed.format,
			file: work.file ?? basename(work.path),
			importedAt: work.now,
			licence: feed.licence,
		},
	});
	try {
		let told = 0;
		for await (const _ of feed.write(writer)) {
			const { records } = writer.written;
			if (records - told < tellEvery) continue;
			told = records;
			onRecords(records);
		}
		if (writer.written.records === 0) throw unknownFeed(work.path, "there is no record in it");
		return { name, format: feed.format, refused: feed.refused, ...writer.finish() };
	} catch (err) {
		writer.abandon();
		throw err;
	}
}
