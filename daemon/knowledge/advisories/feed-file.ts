/**
 * Reads a feed's file, whatever it is packed in, a document at a time: zip, tar, gzip, zstd, plain JSON, XML or CSV, or a
 * folder of them.
 */
import { createReadStream } from "node:fs";
import { opendir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Readable } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { AppError } from "../../../protocol/errors.ts";
import { openRegular } from "../../regular-file.ts";
import { type FeedDocument, PlainText } from "./feeds/feed-format.ts";
import { readArray } from "./feeds/json-array.ts";
import { isTar, readTar } from "./feeds/tar.ts";
import { readZip, TooLarge } from "./feeds/zip.ts";

/** The largest document that is read as a whole, and all of a feed together. Bytes, unpacked: more is a bomb or a mistake. */
const largestDocument = 512 << 20;
const largestEntry = 64 << 20;
const largestFeed = 32 * 2 ** 30;
/** Of a table. Characters. */
const longestLine = 64 << 10;

export type FeedFile =
	| { readonly kind: "documents"; readonly documents: AsyncIterable<FeedDocument> }
	| { readonly kind: "lines"; readonly lines: AsyncIterable<string> };

/** Throws `invalid` for what cannot be read, with the reason. The iterables throw it too. */
export async function openFeedFile(path: string): Promise<FeedFile> {
	const found = await stat(path).catch((cause: unknown) => {
		throw unreadable(path, `it cannot be opened (${(cause as NodeJS.ErrnoException).code ?? "unknown"})`, cause);
	});
	if (found.isDirectory()) return { kind: "documents", documents: folderDocuments(path) };
	if (!found.isFile()) throw unreadable(path, "it is neither a file nor a folder");
	const head = await firstOf(regularStream(path), 64, path);
	if (head.length === 0) throw unreadable(path, "it is empty");
	if (head.subarray(0, 2).toString("latin1") === "PK") return { kind: "documents", documents: zipDocuments(path) };
	const unpacked = () => unpackedStream(path, head);
	const start = await firstOf(unpacked(), 512, path);
	if (isTar(start)) return { kind: "documents", documents: tarDocuments(unpacked(), path) };
	const text = start.toString("utf8").replace(/^\uFEFF/, "");
	const isJson = /^\s*[{[]/.test(text);
	// XML, and a page that begins with its fields.
	if (!isJson && !/^(\s*<|---\r?\n)/.test(text)) {
		return { kind: "lines", lines: boundedLines(unpacked(), path) };
	}
	// A year of NVD is hundreds of megabytes in one document.
	if (/"format"\s*:\s*"NVD_CVE"/.test(text)) return { kind: "documents", documents: nvdDocuments(unpacked(), path) };
	return { kind: "documents", documents: wholeDocument(unpacked(), path, isJson) };
}

function unpackedStream(path: string, head: Buffer): Readable {
	const file = regularStream(path);
	const isGzip = head[0] === 0x1f && head[1] === 0x8b;
	// RFC 8878, section 3.1.1.
	const isZstd = head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528;
	if (!isGzip && !isZstd) return file;
	const unpacked = isGzip ? createGunzip() : createZstdDecompress();
	file.on("error", (err) => unpacked.destroy(err));
	unpacked.on("close", () => file.destroy());
	return file.pipe(unpacked);
}

/** Its name may be another file's since it was looked at. */
function regularStream(path: string): Readable {
	const fd = openRegular(path);
	if (fd === null) throw unreadable(path, "it is no file");
	return createReadStream(path, { fd });
}

async function firstOf(stream: Readable, bytes: number, path: string): Promise<Buffer> {
	const chunks: Buffer[] = [];
	try {
		for await (const chunk of stream) {
			chunks.push(chunk as Buffer);
			if (chunks.reduce((all, one) => all + one.length, 0) >= bytes) break;
		}
		return Buffer.concat(chunks).subarray(0, bytes);
	} catch (cause) {
		throw unreadable(path, "it is cut off or damaged", cause);
	} finally {
		stream.destroy();
	}
}

/** Lines of a table are short: what has none, or none for long, is something else. */
async function* boundedLines(stream: Readable, path: string): AsyncGenerator<string> {
	let [rest, bytes] = ["", 0];
	try {
		stream.setEncoding("utf8");
		for await (const chunk of stream) {
			bytes += (chunk as string).length;
			const lines = `${rest}${chunk}`.split("\n");
			rest = lines.pop() ?? "";
			if (rest.length > longestLine) throw unreadable(path, "it is neither JSON nor a table of lines");
			if (bytes > largestFeed) throw unreadable(path, "it unpacks to more than is sensible");
			for (const line of lines) yield line.replace(/\r$/, "");
		}
		if (rest !== "") yield rest;
	} catch (cause) {
		if (cause instanceof AppError) throw cause;
		throw unreadable(path, "it is cut off or damaged", cause);
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

function parse(text: string, name: string, isJson = /\.json$/i.test(name)): FeedDocument {
	const whole = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
	const short = basename(name);
	if (!isJson) return { name: short, value: new PlainText(whole) };
	try {
		return { name: short, value: JSON.parse(whole) };
	} catch (cause) {
		throw unreadable(name, "it is not whole JSON", cause);
	}
}

/** Also of an archive's files. */
function isDocument(name: string): boolean {
	return /\.(json|xml|md)$/i.test(name);
}

async function* wholeDocument(stream: Readable, path: string, isJson: boolean): AsyncGenerator<FeedDocument> {
	yield { ...parse(await readWhole(stream, largestDocument, path), path, isJson), isAlone: true };
}

/** As many small documents, each with the fields of the whole. */
async function* nvdDocuments(stream: Readable, path: string): AsyncGenerator<FeedDocument> {
	try {
		for await (const { head, items } of readArray(stream, "vulnerabilities")) {
			yield { name: basename(path), value: { ...(head as object), vulnerabilities: items } };
		}
	} catch (cause) {
		throw unreadable(path, "it is not whole JSON", cause);
	} finally {
		stream.destroy();
	}
}

async function* folderDocuments(path: string): AsyncGenerator<FeedDocument> {
	for await (const entry of await opendir(path, { recursive: true })) {
		if (!entry.isFile() || !isDocument(entry.name)) continue;
		const file = join(entry.parentPath, entry.name);
		yield parse(await readWhole(regularStream(file), largestEntry, file), file);
	}
}

async function* zipDocuments(path: string): AsyncGenerator<FeedDocument> {
	yield* archiveDocuments(readZip(path, isDocument, { entry: largestEntry, all: largestFeed }), path);
}

async function* tarDocuments(stream: Readable, path: string): AsyncGenerator<FeedDocument> {
	try {
		yield* archiveDocuments(readTar(stream, isDocument, { entry: largestEntry, all: largestFeed }), path);
	} finally {
		stream.destroy();
	}
}

async function* archiveDocuments(
	entries: AsyncIterable<{ readonly name: string; readonly bytes: Buffer }>,
	path: string,
): AsyncGenerator<FeedDocument> {
	let all = 0;
	try {
		for await (const { name, bytes } of entries) {
			all += bytes.length;
			if (all > largestFeed) throw unreadable(path, `${name} and what is before it unpack to more than is sensible`);
			yield parse(bytes.toString("utf8"), name);
		}
	} catch (cause) {
		if (cause instanceof AppError) throw cause;
		const why = cause instanceof TooLarge ? cause.message : "its archive is cut off or damaged";
		throw unreadable(path, why, cause);
	}
}

function unreadable(path: string, why: string, cause?: unknown): AppError {
	return new AppError("invalid", `${basename(path)} cannot be taken in: ${why}.`, {
		hint: "Nothing was changed. Fetch the file again, or name another.",
		cause,
	});
}
