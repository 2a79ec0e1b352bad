/** What a kind of feed has to tell the import: how it is recognised, what it is called and how a document of it is written. */
import type { BaseWriter } from "../base-writer.ts";

const feedFormats = ["osv", "debian-tracker", "csaf", "kev", "epss", "nvd", "endoflife", "recog", "ieee"] as const;
export type FeedFormat = (typeof feedFormats)[number];

/** One document of a feed's file: the file itself, or one of those that are packed in it. */
export interface FeedDocument {
	/** The file's name, without its folders. */
	readonly name: string;
	/** Parsed JSON, or a `PlainText`. */
	readonly value: unknown;
	/** It is all there is in the file. */
	readonly isAlone?: boolean;
}

export interface DocumentFormat {
	readonly format: FeedFormat;
	/** For people who ask what can be taken in. */
	readonly what: string;
	/** Under which terms its publisher gives it away; null when that differs or is not known. */
	readonly licence: string | null;
	fits(document: FeedDocument): boolean;
	/** What the feed is called, from the first document of it. */
	nameOf(document: FeedDocument): string;
	/** Why a document that might be one of these is left out; null when it is not. Absent: nothing of the kind is. */
	refusal?(document: FeedDocument): string | null;
	/** Writes what a document says, a record at a time; nothing for one that is of another kind. */
	write(document: FeedDocument, writer: BaseWriter): Iterable<void>;
}

/** XML or a page as it stands in the file: each kind of feed reads its own. */
export class PlainText {
	readonly text: string;

	constructor(text: string) {
		this.text = text;
	}
}
