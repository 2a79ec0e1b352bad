/** Writes a bundle: what each feed says, or what has changed since a state that is known, packed, hashed and signed. */
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { type FileHandle, link, open, rm } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createZstdCompress } from "node:zlib";
import { AppError } from "../../../protocol/errors.ts";
import type { BundleFeed, BundleManifest } from "../../../protocol/model/knowledge-bundle.ts";
import { hashOfManifest, makeHead } from "./bundle-head.ts";
import { secretKeyObject } from "./bundle-key.ts";
import {
	type FeedIndex,
	type FeedRef,
	feedsOf,
	indexBase,
	KeyBag,
	readIndex,
	sorted,
	stateOf,
	writeIndex,
} from "./line-index.ts";
import { lineKey, recordLines } from "./record-lines.ts";

export interface CreateBundle {
	readonly base: string;
	/**
	 * Where it goes. Nothing may lie there, nor at that name with `.part` or `.packed`: a file that was put there, or a link
	 * to one, is never written to. Others may be able to write to this folder.
	 */
	readonly path: string;
	/** Null: all of it. Else the base or the index of the state it goes on from. */
	readonly since: { readonly base: string } | { readonly index: string } | null;
	/** The bundle before it in the chain. */
	readonly previous: string | null;
	/** Names of feeds; empty: all. */
	readonly feeds: readonly string[];
	/** ISO 8601, by feed. */
	readonly checkedAt: Readonly<Record<string, string>>;
	readonly createdAt: string;
	readonly by: string;
	readonly key: BundleManifest["key"];
	/** PKCS #8 in PEM. */
	readonly secret: string;
	/** A folder to keep the index of this state in. */
	readonly indexes: string;
}

export interface CreatedBundle {
	readonly manifest: BundleManifest;
	readonly hash: string;
	readonly bytes: number;
}

/** Numbers in the order in which order matters, so that a part of them cannot be added at the end. */
const wholeFormats: readonly string[] = ["recog"];
const packedLevel = 9;
const chunkCharacters = 1 << 16;

export async function createBundle(work: CreateBundle, onLines: (lines: number) => void): Promise<CreatedBundle> {
	const db = new DatabaseSync(work.base, { readOnly: true });
	const made: NewFile[] = [];
	const begin = async (ending: string) => {
		const file = await newFile(`${work.path}${ending}`);
		made.push(file);
		return file;
	};
	try {
		const packed = await begin(".packed");
		const whole = await begin(".part");
		const all = feedsOf(db);
		const wanted = work.feeds.length === 0 ? all : all.filter(({ name }) => work.feeds.includes(name));
		const base =
			work.since === null ? [] : "base" in work.since ? indexBase(work.since.base) : readIndex(work.since.index);
		const told: BundleFeed[] = [];
		const indexed: FeedIndex[] = [];
		const lines = payloadLines({ db, wanted, base, checkedAt: work.checkedAt, told, indexed });
		const payload = await pack(lines, packed, onLines);
		const manifest: BundleManifest = {
			...{ createdAt: work.createdAt, by: work.by, state: stateOf(wanted) },
			...{
				base: base.length === 0 ? null : stateOf(base),
				previous: work.previous,
				feeds: told,
				payload,
				key: work.key,
			},
		};
		const head = makeHead(manifest, secretKeyObject(work.secret));
		await whole.handle.writeFile(head);
		await whole.handle.writeFile(contentOf(packed));
		await whole.handle.sync();
		writeIndex(`${work.indexes}/${manifest.state}.keys`, indexed);
		await publish(whole, work.path);
		const signed = head.subarray(0, head.lastIndexOf(10, head.length - 2) + 1);
		return { manifest, hash: hashOfManifest(signed), bytes: head.length + payload.bytes };
	} finally {
		db.close();
		for (const { handle, path } of made) {
			await handle.close();
			await rm(path, { force: true });
		}
	}
}

interface NewFile {
	readonly path: string;
	readonly handle: FileHandle;
}

/** Throws `conflict` when something is there, also a link that leads nowhere. */
async function newFile(path: string): Promise<NewFile> {
	try {
		return { path, handle: await open(path, "wx+", 0o600) };
	} catch (cause) {
		throw (cause as NodeJS.ErrnoException).code === "EEXIST" ? isThere(path, cause) : cause;
	}
}

/** From its start. A stream of the handle itself would keep it from being closed. */
function contentOf({ handle, path }: NewFile) {
	return createReadStream(path, { fd: handle.fd, start: 0, autoClose: false });
}

/** Under its last name at once and whole, as far as the file system can, and never in place of something. */
async function publish(file: NewFile, path: string): Promise<void> {
	try {
		await link(file.path, path);
	} catch (cause) {
		const { code } = cause as NodeJS.ErrnoException;
		if (code === "EEXIST") throw isThere(path, cause);
		// Sticks that things are carried over on know no second name.
		if (code !== "EPERM" && code !== "ENOTSUP" && code !== "EOPNOTSUPP" && code !== "ENOSYS") throw cause;
		await copyTo(file, path);
	}
}

async function copyTo(file: NewFile, path: string): Promise<void> {
	const copy = await newFile(path);
	try {
		await copy.handle.writeFile(contentOf(file));
		await copy.handle.sync();
	} catch (cause) {
		await rm(path, { force: true });
		throw cause;
	} finally {
		await copy.handle.close();
	}
}

function isThere(path: string, cause: unknown): AppError {
	return new AppError("conflict", `${path} is there already.`, { hint: "Name another file, or move it away.", cause });
}

interface Payload {
	readonly db: DatabaseSync;
	readonly wanted: readonly FeedRef[];
	readonly base: readonly FeedIndex[];
	readonly checkedAt: Readonly<Record<string, string>>;
	/** Filled as the lines are read. */
	readonly told: BundleFeed[];
	readonly indexed: FeedIndex[];
}

/** `["feed", name]`, then `["gone", keys]` where it goes on from something, then its records. */
function* payloadLines({ db, wanted, base, checkedAt, told, indexed }: Payload): Generator<string> {
	for (const feed of wanted) {
		const known = wholeFormats.includes(feed.format) ? undefined : base.find(({ name }) => name === feed.name);
		const before = base.find(({ name }) => name === feed.name);
		const tell = (added: number, gone: number, keys: BigUint64Array, from: string | null) => {
			indexed.push({ name: feed.name, digest: feed.digest, keys });
			const checked = checkedAt[feed.name] ?? null;
			told.push({ ...rowOf(db, feed), checkedAt: checked, before: from, added, gone, lines: keys.length });
		};
		if (before !== undefined && before.digest === feed.digest) {
			tell(0, 0, before.keys, before.digest);
			continue;
		}
		yield JSON.stringify(["feed", feed.name]);
		const bag = new KeyBag(known?.keys ?? new BigUint64Array(0));
		const keys: bigint[] = [];
		const added: string[] = [];
		for (const line of recordLines(db, feed)) {
			const key = lineKey(line);
			keys.push(key);
			if (known === undefined) yield line;
			else if (!bag.take(key)) added.push(line);
		}
		const gone = bag.left();
		if (known !== undefined) {
			yield JSON.stringify(["gone", Buffer.from(gone.buffer, gone.byteOffset, gone.byteLength).toString("base64")]);
			yield* added;
		}
		const all = sorted(keys);
		tell(known === undefined ? all.length : added.length, gone.length, all, known?.digest ?? null);
	}
}

function rowOf(db: DatabaseSync, { id, name, format, digest }: FeedRef) {
	const row = db.prepare("SELECT * FROM feed WHERE id = ?").get(id) ?? {};
	return {
		...{ name, format, digest, file: String(row.file), licence: row.licence === null ? null : String(row.licence) },
		publishedAt: row.published_at === null ? null : Number(row.published_at),
		...{ records: Number(row.records), ranges: Number(row.ranges), leftOut: Number(row.left_out) },
	};
}

async function pack(
	lines: Iterable<string>,
	file: NewFile,
	onLines: (lines: number) => void,
): Promise<BundleManifest["payload"]> {
	const sha256 = createHash("sha256");
	let [bytes, plainBytes] = [0, 0];
	const count = new Transform({
		transform(chunk: Buffer, _, done) {
			bytes += chunk.length;
			sha256.update(chunk);
			done(null, chunk);
		},
	});
	const chunks = chunked(lines, onLines, (length) => {
		plainBytes += length;
	});
	const params = { [constants.ZSTD_c_compressionLevel]: packedLevel };
	await pipeline(
		Readable.from(chunks),
		createZstdCompress({ params }),
		count,
		createWriteStream(file.path, { fd: file.handle.fd, autoClose: false }),
	);
	return { bytes, plainBytes, sha256: sha256.digest("hex") };
}

function* chunked(lines: Iterable<string>, onLines: (lines: number) => void, onBytes: (bytes: number) => void) {
	let [text, count] = ["", 0];
	const flush = () => {
		const chunk = Buffer.from(text);
		onBytes(chunk.length);
		onLines(count);
		text = "";
		return chunk;
	};
	for (const line of lines) {
		text += `${line}\n`;
		count++;
		if (text.length >= chunkCharacters) yield flush();
	}
	if (text !== "") yield flush();
}
