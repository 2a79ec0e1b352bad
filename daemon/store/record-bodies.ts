/** What a record says, as it lies in the store: packed where that gains something, lists of packages shared. */
import { hash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { EvidenceRecord } from "../evidence/record.ts";
import { readPackageList, savePackageList, unpackHashes } from "./package-lists.ts";

export interface StoredBody {
	packed: number;
	data: Uint8Array;
	/** Number of a list of packages. */
	list: number | null;
}

/** `packed` of a list of packages (package-lists.ts), now and before; 0 is plain JSON and 1 the same, deflated. */
const asList = 3;
const asHashes = 2;
/** Bodies shorter than this are kept as they are: packing would gain nothing. Bytes. */
const packFrom = 256;
/** More than the bounds of every probe together: a damaged body must not fill the memory. Bytes. */
const bodyLimit = 16 * 1024 * 1024;

/** `text` is the data as JSON. */
export function packBody(db: DatabaseSync, record: EvidenceRecord, text: string): StoredBody {
	if (record.kind === "packages") {
		const list = savePackageList(db, record.data);
		if (list !== null) return { packed: asList, data: new Uint8Array(0), list };
	}
	const plain = bytesOf(text);
	if (plain.length < packFrom) return { packed: 0, data: Buffer.from(plain), list: null };
	return { packed: 1, data: deflateRawSync(plain, { level: 1, chunkSize: pieceOf(plain.length / 2) }), list: null };
}

/** Evidence becomes a third to a tenth: what comes out, of either way, is nearly always in one piece that is not much too large. */
function pieceOf(bytes: number): number {
	return Math.min(Math.max(Math.ceil(bytes), 512), 64 << 10);
}

/** The same for all texts that fit: one for each would be gone through by the hundred megabytes between two collections of garbage. */
const scratch = Buffer.alloc(64 << 10);

/** Until it is called again. */
function bytesOf(text: string): Uint8Array {
	// A UTF-16 unit is at most three bytes.
	return text.length * 3 > scratch.length ? Buffer.from(text) : scratch.subarray(0, scratch.write(text));
}

export function unpackBody(db: DatabaseSync, { packed, data, list }: StoredBody): unknown {
	if (packed === asList) return readPackageList(db, list ?? 0);
	if (packed === asHashes) return unpackHashes(db, data);
	return JSON.parse(recordText({ packed, data }) ?? "null");
}

/** A body as JSON; null for a list of packages, which is no text. */
export function recordText({ packed, data }: Pick<StoredBody, "packed" | "data">): string | null {
	if (packed === asList || packed === asHashes) return null;
	if (packed !== 1) return Buffer.from(data.buffer, data.byteOffset, data.length).toString("utf8");
	return inflateRawSync(data, { maxOutputLength: bodyLimit, chunkSize: pieceOf(data.length * 8) }).toString("utf8");
}

/** The first 16 bytes of SHA-256: two different texts with one hash are out of anybody's reach. */
export function contentHash(text: string): Uint8Array {
	return hash("sha256", text, "buffer").subarray(0, 16);
}
