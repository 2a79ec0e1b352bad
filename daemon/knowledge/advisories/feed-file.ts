/** Reads a feed's file, whatever it is packed in, a record at a time: zip, gzip, plain JSON or CSV, or a folder of JSON. */
import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { open, opendir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { createGunzip, inflateRawSync } from "node:zlib";
import yauzl from "yauzl";
import { AppError } from "../../../protocol/errors.ts";

/** The largest document that is read as a whole, and all of a feed together. Bytes, unpacked: more is a bomb or a mistake. */
const largestDocument = 512 << 20;
const largestEntry = 64 << 20;
const largestFeed = 32 * 2 ** 30;

export type FeedFile =
	/** Records of their own, as OSV publishes them. */
	| { readonly kind: "documents"; readonly documents: AsyncIterable<unknown> }
	| { readonly kind: "document"; readonly document: unknown }
	| { readonly kind: "lines"; readonly lines: AsyncIterable<string> };

/** Throws `invalid` for what cannot be read, with the reason. The iterables throw it too. */
export async function openFeedFile(path: string): Promise<FeedFile> {
	const found = await stat(path).catch((cause: unknown) => {
		throw unreadable(path, `it cannot be opened (${(cause as NodeJS.ErrnoException).code ?? "unknown"})`, cause);
	});
	if (found.isDirectory()) return { kind: "documents", documents: folderDocuments(path) };
	if (!found.isFile()) throw unreadable(path, "it is neither a file nor a folder");
	const head = await firstBytes(path);
	if (head.length === 0) throw unreadable(path, "it is empty");
	if (head.subarray(0, 2).toString("latin1") === "PK") return { kind: "documents", documents: zipDocuments(path) };
	const packed = head[0] === 0x1f && head[1] === 0x8b;
	const stream = () => (packed ? createReadStream(path).pipe(createGunzip()) : createReadStream(path));
	const start = packed
		? await firstCharacter(stream())
		: head
				.toString("utf8")
				.replace(/^\uFEFF/, "")
				.trimStart()
				.slice(0, 1);
	if (start === "{" || start === "[") {
		return { kind: "document", document: parse(await readWhole(stream(), largestDocument, path), path) };
	}
	return { kind: "lines", lines: createInterface({ input: stream(), crlfDelay: Number.POSITIVE_INFINITY }) };
}

async function firstBytes(path: string): Promise<Buffer> {
	const file = await open(path);
	try {
		const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
		return buffer.subarray(0, bytesRead);
	} finally {
		await file.close();
	}
}

async function firstCharacter(stream: Readable): Promise<string> {
	try {
		for await (const chunk of stream) return String(chunk).trimStart().slice(0, 1);
		return "";
	} catch (cause) {
		throw new AppError("invalid", "The file is packed and cannot be unpacked.", { hint: "Fetch it again.", cause });
	} finally {
		stream.destroy();
	}
}

async function readWhole(stream: Readable, most: number, name: string): Promise<string> {
	const chunks: Buffer[] = [];
	let bytes = 0;
	try {
		for await (const chunk of stream) {
			bytes += (chunk as Buffer).length;
			if (bytes > most) throw unreadable(name, `it unpacks to more than ${most >> 20} MB`);
			chunks.push(chunk as Buffer);
		}
	} catch (cause) {
		if (cause instanceof AppError) throw cause;
		throw unreadable(name, "it is cut off or damaged", cause);
	} finally {
		stream.destroy();
	}
	return Buffer.concat(chunks).toString("utf8");
}

function parse(text: string, name: string): unknown {
	try {
		return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
	} catch (cause) {
		throw unreadable(name, "it is not whole JSON", cause);
	}
}

async function* folderDocuments(path: string): AsyncGenerator<unknown> {
	for await (const entry of await opendir(path, { recursive: true })) {
		if (!entry.isFile() || !entry.name.endsWith(".json")) continue;
		const file = join(entry.parentPath, entry.name);
		yield parse(await readWhole(createReadStream(file), largestEntry, file), file);
	}
}

/** Entries are small and many: reading and unpacking each at once takes less than half the time a stream of its own takes. */
async function* zipDocuments(path: string): AsyncGenerator<unknown> {
	const fd = openSync(path, "r");
	try {
		const archive = await yauzl.fromFdPromise(fd, { lazyEntries: true, autoClose: false });
		let bytes = 0;
		for await (const entry of archive.eachEntry()) {
			if (!entry.fileName.endsWith(".json")) continue;
			const name = basename(entry.fileName);
			bytes += entry.uncompressedSize;
			if (entry.uncompressedSize > largestEntry || entry.compressedSize > largestEntry || bytes > largestFeed) {
				throw unreadable(path, `${name} unpacks to more than is sensible`);
			}
			yield parse(unpack(fd, entry).toString("utf8"), name);
		}
	} catch (cause) {
		throw cause instanceof AppError ? cause : unreadable(path, "its archive is cut off or damaged", cause);
	} finally {
		closeSync(fd);
	}
}

/** Local file header (PKWARE APPNOTE 4.3.7): 30 bytes, then the name and extra fields whose lengths stand at 26 and 28. */
const localHeader = { bytes: 30, nameLength: 26, extraLength: 28 };
const method = { stored: 0, deflated: 8 };

/** Throws for a packing that is neither none nor deflate, and when more comes out than the archive says. */
function unpack(fd: number, entry: yauzl.Entry): Buffer {
	const header = readAt(fd, entry.relativeOffsetOfLocalHeader, localHeader.bytes);
	const lengths = header.readUInt16LE(localHeader.nameLength) + header.readUInt16LE(localHeader.extraLength);
	const packed = readAt(fd, entry.relativeOffsetOfLocalHeader + localHeader.bytes + lengths, entry.compressedSize);
	if (entry.compressionMethod === method.stored) return packed;
	if (entry.compressionMethod !== method.deflated || entry.isEncrypted())
		throw new Error("a packing that is not known");
	return inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.uncompressedSize) });
}

function readAt(fd: number, at: number, bytes: number): Buffer {
	const buffer = Buffer.allocUnsafe(bytes);
	if (readSync(fd, buffer, 0, bytes, at) < bytes) throw new Error("it ends too early");
	return buffer;
}

function unreadable(path: string, why: string, cause?: unknown): AppError {
	return new AppError("invalid", `${basename(path)} cannot be taken in: ${why}.`, {
		hint: "Nothing was changed. Fetch the file again, or name another.",
		cause,
	});
}
