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
	const plain = Buffer.from(text);
	if (plain.length < packFrom) return { packed: 0, data: plain, list: null };
	return { packed: 1, data: deflateRawSync(plain, { level: 1 }), list: null };
}

export function unpackBody(db: DatabaseSync, { packed, data, list }: StoredBody): unknown {
	if (packed === asList) return readPackageList(db, list ?? 0);
	if (packed === asHashes) return unpackHashes(db, data);
	return JSON.parse(recordText({ packed, data }) ?? "null");
}

/** A body as JSON; null for a list of packages, which is no text. */
export function recordText({ packed, data }: Pick<StoredBody, "packed" | "data">): string | null {
	if (packed === asList || packed === asHashes) return null;
	const bytes = packed === 1 ? inflateRawSync(data, { maxOutputLength: bodyLimit }) : Buffer.from(data);
	return bytes.toString("utf8");
}

/** The first 16 bytes of SHA-256: two different texts with one hash are out of anybody's reach. */
export function contentHash(text: string): Uint8Array {
	return hash("sha256", text, "buffer").subarray(0, 16);
}
