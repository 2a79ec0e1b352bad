/** Writes a bundle: what each feed says, or what has changed since a state that is known, packed, hashed and signed. */
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, renameSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createZstdCompress } from "node:zlib";
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
	/** Where it goes; it must not be there yet under the names this writes to meanwhile. */
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
	const [packed, whole] = [`${work.path}.packed`, `${work.path}.part`];
	try {
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
		const file = await open(whole, "w", 0o600);
		try {
			await file.writeFile(head);
			await file.writeFile(createReadStream(packed));
			await file.sync();
		} finally {
			await file.close();
		}
		writeIndex(`${work.indexes}/${manifest.state}.keys`, indexed);
		renameSync(whole, work.path);
		const signed = head.subarray(0, head.lastIndexOf(10, head.length - 2) + 1);
		return { manifest, hash: hashOfManifest(signed), bytes: head.length + payload.bytes };
	} finally {
		db.close();
		for (const path of [packed, whole]) rmSync(path, { force: true });
	}
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
	path: string,
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
		createWriteStream(path, { mode: 0o600 }),
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
