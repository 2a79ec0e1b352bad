/**
 * Reads a scanner's file as a stream, whatever it is packed in: hosts come out as they end. What it is, is told from its first
 * element. A file that is cut or damaged gives all whole hosts that can be read, and says where it ended.
 */
import { createReadStream, readSync } from "node:fs";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { AppError } from "../../protocol/errors.ts";
import { plural } from "../../protocol/plural.ts";
import { openRegular } from "../regular-file.ts";
import { XmlDecoder } from "../xml/decode.ts";
import { XmlFault, XmlReader } from "../xml/reader.ts";
import { NessusFormat } from "./nessus.ts";
import { NmapFormat } from "./nmap.ts";
import type { FromScanFile, ScanFileFormat } from "./scan-file.ts";

/** Unpacked. More is a bomb or a mistake. */
const mostBytes = 16 * 2 ** 30;
/** A bomb: what is packed unpacks to so many times itself, and is large. */
const mostTimes = 400;
const largeFrom = 256 << 20;
/** Characters in which the first element must stand. */
const headLength = 64 << 10;

export type ScanFormat = "nmap" | "nessus";

export interface ScanFileEnd {
	readonly format: ScanFormat;
	readonly scanner: string;
	/** Why not all of it was read, in words that complete "the file …"; null: it was. */
	readonly cut: string | null;
	/** What was passed over, a sentence each. */
	readonly notes: string[];
}

export type ScanFilePiece =
	/** Before all others. */
	{ readonly kind: "begin"; readonly format: ScanFormat } | FromScanFile | ({ readonly kind: "end" } & ScanFileEnd);

/** Throws `invalid` for what is no scanner's file. `now` in milliseconds; `progress` is told how many bytes were read. */
export async function* readScanFile(
	path: string,
	now: number,
	progress: (bytes: number) => void,
): AsyncGenerator<ScanFilePiece> {
	const file = open(path);
	const decoder = new XmlDecoder();
	const reader = new XmlReader({ recover: true });
	let format: RecognisedFormat | null = null;
	let [cut, head, pieces]: [string | null, string, number] = [null, "", 0];
	/** A file may have U+FFFD of its own. */
	const damage = () => reader.damage + (decoder.replaced > 0 ? reader.replaced : 0);
	/** Begins once the first element is known; what came before it is read then. */
	const take = function* (text: string, isLast: boolean): Generator<ScanFilePiece> {
		head += text;
		if (format === null) {
			format = recognise(head, now);
			if (format === null && (isLast || head.length > headLength)) throw unknown();
			if (format === null) return;
			yield { kind: "begin", format: format.name };
		}
		for (const event of reader.push(head)) yield* format.reader.take(event, damage());
		head = "";
		if (isLast) for (const event of reader.end()) yield* format.reader.take(event, damage());
	};
	try {
		for await (const bytes of bounded(file)) {
			progress(file.read());
			for (const piece of take(decoder.push(bytes), false)) {
				pieces += Number(piece.kind !== "begin");
				yield piece;
			}
		}
		yield* take(decoder.end(), true);
	} catch (err) {
		if (err instanceof AppError) throw err;
		if (pieces === 0) throw unreadable(err);
		cut = wordsOf(err);
	} finally {
		file.close();
	}
	if (format === null) throw unknown();
	yield { kind: "end", ...endOf(format, { cut, reader, decoder }) };
}

interface RecognisedFormat {
	readonly name: ScanFormat;
	readonly reader: ScanFileFormat;
	/** The element around all others. */
	readonly root: string;
}

function recognise(head: string, now: number): RecognisedFormat | null {
	const root = /<([A-Za-z_][\w.-]{0,60})[\s>/]/.exec(head.replace(/<!--[\s\S]*?-->/g, ""))?.[1];
	if (root === undefined) return null;
	if (root === "nmaprun") return { name: "nmap", reader: new NmapFormat(now), root };
	if (root === "NessusClientData_v2") return { name: "nessus", reader: new NessusFormat(now), root };
	throw unknown();
}

function endOf(
	format: RecognisedFormat,
	{ cut, reader, decoder }: { cut: string | null; reader: XmlReader; decoder: XmlDecoder },
): ScanFileEnd {
	const notes = [
		...[...format.reader.leftOut].map(([what, count]) => `${counted(count, what)}.`),
		...(reader.repairs > 0 ? [`The file is damaged in ${plural(reader.repairs, "place")}; that was passed over.`] : []),
		...(decoder.replaced > 0
			? [`Of ${plural(decoder.replaced, "character")} the bytes are not in the encoding the file says it is in.`]
			: []),
	];
	const missing = reader.isCut ? `ends before </${format.root}>` : null;
	return { format: format.name, scanner: format.reader.scanner, cut: cut ?? missing, notes };
}

/** `what` begins with a plural: `hosts whose …`. */
function counted(count: number, what: string): string {
	const [, one = "", rest = ""] = /^(\w+)s(.*)$/.exec(what) ?? [];
	return `${plural(count, one)}${rest}`;
}

interface OpenFile {
	readonly stream: Readable;
	/** Bytes of the file itself that were read. */
	read(): number;
	close(): void;
}

function open(path: string): OpenFile {
	const fd = openRegular(path);
	if (fd === null) throw new AppError("invalid", `${path} is not a file.`, { hint: hintForFiles });
	const head = Buffer.alloc(2);
	readSync(fd, head, 0, 2, 0);
	const file = createReadStream(path, { fd, start: 0 });
	const read = () => file.bytesRead;
	if (head[0] !== 0x1f || head[1] !== 0x8b) return { stream: file, read, close: () => file.destroy() };
	const gunzip = createGunzip();
	file.on("error", (err) => gunzip.destroy(err));
	gunzip.on("close", () => file.destroy());
	return { stream: file.pipe(gunzip), read, close: () => gunzip.destroy() };
}

async function* bounded({ stream, read }: OpenFile): AsyncGenerator<Buffer> {
	let all = 0;
	for await (const chunk of stream as AsyncIterable<Buffer>) {
		all += chunk.length;
		const isBomb = all > largeFrom && all > read() * mostTimes;
		if (isBomb || all > mostBytes) throw new XmlFault("it unpacks to more than is sensible");
		yield chunk;
	}
}

const hintForFiles = "Give the XML that nmap writes with -oX, or a .nessus file.";

function unknown(): AppError {
	return new AppError("invalid", "This is neither nmap's XML nor a Nessus file (version 2).", { hint: hintForFiles });
}

function unreadable(cause: unknown): AppError {
	return new AppError("invalid", `The file ${wordsOf(cause)}.`, { hint: hintForFiles, cause });
}

function wordsOf(cause: unknown): string {
	if (cause instanceof XmlFault) return `cannot be read any further: ${cause.message}`;
	const code = (cause as NodeJS.ErrnoException | null)?.code ?? "";
	if (code.startsWith("Z_")) return "is cut off or damaged within what it is packed in";
	return `cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`;
}
