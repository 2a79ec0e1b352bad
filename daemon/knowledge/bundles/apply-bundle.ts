/** Takes a bundle into a base made from the one in force: verified first, then feed by feed. Touches nothing that is in use. */
import { createHash } from "node:crypto";
import { copyFileSync, createReadStream } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { pipeline } from "node:stream/promises";
import { createZstdDecompress } from "node:zlib";
import { AppError } from "../../../protocol/errors.ts";
import type { BundleFeed } from "../../../protocol/model/knowledge-bundle.ts";
import { openRegular } from "../../regular-file.ts";
import { KnowledgeBase } from "../advisories/base.ts";
import { BaseWriter } from "../advisories/base-writer.ts";
import { list } from "../advisories/untrusted.ts";
import { type BundleHead, checkSignature, readHead } from "./bundle-head.ts";
import { type FeedRef, feedsOf, KeyBag } from "./line-index.ts";
import { lineKey, recordLines } from "./record-lines.ts";
import { writeRecord } from "./write-record.ts";

export interface ApplyBundle {
	readonly path: string;
	/** Of the manifest that was looked at: another file by now is refused. */
	readonly hash: string;
	/** Public keys by their ids. */
	readonly trusted: Readonly<Record<string, string>>;
	readonly current: string;
	readonly next: string;
	/** Milliseconds since the epoch. */
	readonly now: number;
}

/** Returns the feeds that have changed. Throws `invalid` for a bundle that is not what was signed. */
export async function applyBundle(work: ApplyBundle, onLines: (lines: number) => void): Promise<string[]> {
	const head = readHead(work.path);
	if (typeof head === "string" || head.hash !== work.hash) throw damaged("it was exchanged while it was looked at");
	if (checkSignature(head, new Map(Object.entries(work.trusted))) !== "good")
		throw damaged("its signature is not good");
	await verifyPayload(work.path, head);
	if (KnowledgeBase.isThere(work.current)) copyFileSync(work.current, work.next);
	const applying = new Applying(work, head.manifest.feeds);
	try {
		let told = 0;
		for await (const line of payloadOf(work.path, head)) {
			applying.take(line);
			if (++told % 5_000 === 0) onLines(told);
		}
		return applying.finish();
	} catch (cause) {
		applying.abandon();
		throw cause instanceof AppError ? cause : damaged((cause as Error).message, cause);
	}
}

async function verifyPayload(path: string, { bytes, manifest }: BundleHead): Promise<void> {
	const sha256 = createHash("sha256");
	let length = 0;
	await pipeline(payloadStream(path, bytes), async (chunks: AsyncIterable<Buffer>) => {
		for await (const chunk of chunks) {
			length += chunk.length;
			sha256.update(chunk);
		}
	});
	if (length < manifest.payload.bytes) throw damaged("it is cut off");
	if (sha256.digest("hex") !== manifest.payload.sha256) throw damaged("what is in it is not what was signed");
}

async function* payloadOf(path: string, { bytes, manifest }: BundleHead): AsyncGenerator<string> {
	const source = payloadStream(path, bytes);
	const sha256 = createHash("sha256");
	source.on("data", (chunk) => sha256.update(chunk));
	const unpacked = createZstdDecompress();
	source.on("error", (err) => unpacked.destroy(err));
	source.pipe(unpacked);
	let [plain, rest] = [0, ""];
	const decoder = new TextDecoder();
	try {
		for await (const chunk of unpacked as AsyncIterable<Buffer>) {
			plain += chunk.length;
			if (plain > manifest.payload.plainBytes) throw new Error("it unpacks to more than it says");
			const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
			rest = lines.pop() ?? "";
			yield* lines;
		}
	} finally {
		source.destroy();
		unpacked.destroy();
	}
	if (rest !== "") throw new Error("it ends in the middle of a line");
	// Whoever may write the file can change it after it was verified.
	if (sha256.digest("hex") !== manifest.payload.sha256) throw damaged("it was exchanged while it was taken in");
}

function payloadStream(path: string, start: number) {
	const fd = openRegular(path);
	if (fd === null) throw damaged("it was exchanged while it was looked at");
	return createReadStream(path, { fd, start });
}

/** The feed that is being written, and those before it. */
class Applying {
	readonly #work: ApplyBundle;
	readonly #feeds: readonly BundleFeed[];
	readonly #before: DatabaseSync | null;
	#writer: BaseWriter | null = null;
	#feed: BundleFeed | null = null;
	/** Already held just so: its lines are passed over. */
	#isHeld = false;
	#lines = 0;
	readonly #changed: string[] = [];

	constructor(work: ApplyBundle, feeds: readonly BundleFeed[]) {
		this.#work = work;
		this.#feeds = feeds;
		this.#before = KnowledgeBase.isThere(work.current) ? new DatabaseSync(work.current, { readOnly: true }) : null;
	}

	take(line: string): void {
		const record = list(JSON.parse(line));
		if (record[0] === "feed") {
			this.#begin(String(record[1]));
			return;
		}
		if (this.#isHeld) return;
		if (record[0] === "gone") this.#keepAllBut(String(record[1]));
		else {
			if (this.#writer === null) throw new Error("it has records of no feed");
			writeRecord(record, this.#writer);
			this.#lines++;
		}
	}

	finish(): string[] {
		this.#end();
		this.#before?.close();
		return this.#changed;
	}

	abandon(): void {
		this.#writer?.abandon();
		if (this.#before?.isOpen === true) this.#before.close();
	}

	#begin(name: string): void {
		this.#end();
		const feed = this.#feeds.find((one) => one.name === name);
		if (feed === undefined) throw new Error("it has a feed that it does not name");
		this.#isHeld = this.#held(name)?.digest === feed.digest;
		if (this.#isHeld) return;
		const { format, file, licence } = feed;
		this.#feed = feed;
		this.#lines = 0;
		this.#writer = new BaseWriter(this.#work.next, { name, format, file, licence, importedAt: this.#work.now });
	}

	/** What the feed said before, without what it says no more. */
	#keepAllBut(packed: string): void {
		const [writer, feed, before] = [this.#writer, this.#feed, this.#before];
		const held = this.#held(feed?.name ?? "");
		if (writer === null || before === null || held === undefined || held.digest !== feed?.before) {
			throw new Error("what is held is not what it goes on from");
		}
		const bytes = Buffer.from(packed, "base64");
		const gone = new KeyBag(new BigUint64Array(new Uint8Array(bytes.subarray(0, bytes.length & ~7)).buffer));
		for (const line of recordLines(before, held)) {
			if (gone.take(lineKey(line))) continue;
			writeRecord(list(JSON.parse(line)), writer);
			this.#lines++;
		}
		if (gone.left().length > 0) throw new Error("what is held is not what it goes on from");
	}

	#held(feed: string): FeedRef | undefined {
		return this.#before === null ? undefined : feedsOf(this.#before).find(({ name }) => name === feed);
	}

	#end(): void {
		const [writer, feed] = [this.#writer, this.#feed];
		if (writer === null || feed === null) return;
		if (this.#lines !== feed.lines) {
			throw new Error(`${feed.name} comes to ${this.#lines} lines and not ${feed.lines}`);
		}
		const { records, ranges, leftOut, publishedAt, digest } = feed;
		writer.finish({ records, ranges, leftOut, publishedAt, digest });
		this.#changed.push(feed.name);
		this.#writer = null;
	}
}

function damaged(why: string, cause?: unknown): AppError {
	return new AppError("invalid", `The bundle cannot be taken in: ${why}.`, {
		hint: "Nothing was changed. Carry it over once more, or have a whole one made (without --since).",
		cause,
	});
}
