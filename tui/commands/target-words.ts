/** Words of the command line as targets of a request: files among them are read, and handed over when they are long. */
import { createReadStream } from "node:fs";
import type { Client } from "../../protocol/client.ts";
import { AppError } from "../../protocol/errors.ts";
import * as lists from "../../protocol/methods/lists.ts";
import { rangeText } from "../../protocol/target/item.ts";
import { count, plural } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import type { CommandContext } from "./command.ts";
import { readTargetFile, type TargetFile } from "./target-file.ts";

/** What was typed, files read. */
export interface TargetWords {
	readonly texts: readonly string[];
	readonly files: readonly TargetFile[];
}

/** Longest target the protocol takes; a longer list is handed over in parts. */
const longestTarget = 253;
/** Up to so many items a file is part of the request, and the scan shows them. */
const mostInline = 500;
/** Ranges and names of one call. */
const rangesAtOnce = Math.floor(((lists.listLimits.packed / 4) * 3) / 8 / 3) * 3;
const textsAtOnce = 2_000;

/**
 * Reads words: targets, and `@FILE` or `@-` (standard input) for a file of them; `files` are further ones. Throws `invalid`
 * for a word that is empty or longer than any target, and for a file that cannot be read; says how much is in each.
 */
export async function readTargetWords(
	ctx: CommandContext,
	words: readonly string[],
	files: readonly string[] = [],
): Promise<TargetWords> {
	const paths = [...words.filter((word) => word.startsWith("@")).map((word) => word.slice(1)), ...files];
	if (paths.filter((path) => path === "-").length > 1) {
		throw new AppError("invalid", "Standard input can be read once only.", { hint: "Name - for one of them." });
	}
	const texts = words.filter((word) => !word.startsWith("@")).flatMap(readWord);
	const read: TargetFile[] = [];
	for (const path of paths) {
		const file = await readFile(ctx, path);
		if (file.lines > 1) ctx.stderr.write(`${harmless(describe(file))}\n`);
		read.push(file);
	}
	return { texts, files: read };
}

/** The texts of a request for them; what is too long for one is handed over first. */
export async function requestTexts(client: Client, { texts, files }: TargetWords): Promise<string[]> {
	const all = [...texts];
	for (const file of files) {
		const items = file.addresses.count + file.names.length + file.groups.length;
		if (items <= mostInline) all.push(...Array.from(file.addresses.blocks(), rangeText), ...file.names, ...file.groups);
		else all.push(`list:${await handOver(client, file)}`);
	}
	return all;
}

/** The same for what keeps the words themselves: all of them, or `too-large` when there are more than `most`. */
export function wholeTexts({ texts, files }: TargetWords, most: number): string[] {
	const all = [...texts];
	for (const { title, addresses, names, groups } of files) {
		if (all.length + addresses.count + names.length + groups.length > most) {
			throw new AppError(
				"too-large",
				`${title} has too many ranges and names to be kept one by one; the most is ${count(most)}.`,
				{
					hint: "Make an asset group of it (vedette group create NAME @FILE) and name that: group:NAME",
				},
			);
		}
		all.push(...Array.from(addresses.blocks(), rangeText), ...names, ...groups);
	}
	return all;
}

/** `hosts.txt: 10,000,000 lines, 9,800,000 addresses in 12 ranges (200,000 repeats merged), 3 host names.` */
export function describe({ title, lines, listed, addresses, names, groups }: TargetFile): string {
	const parts = [plural(lines, "line")];
	const repeats = listed - addresses.size;
	const merged = repeats > 0 ? ` (${plural(repeats, "repeat")} merged)` : "";
	if (addresses.size > 0) {
		parts.push(`${plural(addresses.size, "address", "addresses")} in ${plural(addresses.count, "range")}${merged}`);
	}
	if (names.length > 0) parts.push(plural(names.length, "host name"));
	if (groups.length > 0) parts.push(plural(groups.length, "asset group or tag", "asset groups and tags"));
	return `${title}: ${parts.join(", ")}.`;
}

async function readFile(ctx: CommandContext, path: string): Promise<TargetFile> {
	if (path === "")
		throw new AppError("invalid", '"@" names no file.', { hint: "Write @hosts.txt, or @- for standard input." });
	if (path !== "-") return readTargetFile(path, readable(path));
	if (ctx.stdin.isTTY === true) ctx.stderr.write("Type targets, one a line; end with Ctrl-D.\n");
	return readTargetFile("standard input", ctx.stdin);
}

/** The bytes of a file. Throws `invalid` saying why they cannot be had. */
export async function* readable(path: string): AsyncGenerator<Uint8Array> {
	try {
		yield* createReadStream(path, { highWaterMark: 1 << 18 });
	} catch (err) {
		throw fileError(path, err);
	}
}

function fileError(path: string, err: unknown): unknown {
	if (!(err instanceof Error) || !("code" in err)) return err;
	const why: Readonly<Record<string, string>> = {
		ENOENT: "There is no such file",
		EISDIR: "It is a folder, not a file",
		EACCES: "You may not read it",
	};
	const reason = why[String(err.code)] ?? `It cannot be read (${String(err.code)})`;
	return new AppError("invalid", `The targets in ${JSON.stringify(path)} cannot be had: ${reason}.`, {
		hint: "Nothing was sent. Name a text file with one target a line, or - for standard input.",
		cause: err,
	});
}

function readWord(text: string): string[] {
	if (text.trim() === "")
		throw new AppError("invalid", "A target is empty.", {
			hint: "Write an address, a block (192.0.2.0/24), a range (192.0.2.10-20) or a host name.",
		});
	if (text.length <= longestTarget) return [text];
	const parts = text.split(",").filter((part) => part.trim() !== "");
	const long = parts.find((part) => part.length > longestTarget);
	if (long === undefined) return parts;
	throw new AppError("invalid", `"${long.slice(0, 60)}…" is too long to be an address or a host name.`);
}

/** Returns the number of the list. */
async function handOver(client: Client, file: TargetFile): Promise<number> {
	const { v4, v6 } = file.addresses.parts;
	if (v4.length / 2 > lists.listLimits.ranges) {
		throw new AppError("too-large", `${file.title} has ${count(v4.length / 2)} separate ranges of addresses.`, {
			hint: `Nothing was sent. The most for one scan is ${count(lists.listLimits.ranges)}: scan it in parts, or write blocks where you can.`,
		});
	}
	const title = `@${file.title}`.slice(0, 200);
	const texts = [...v6.map((range) => rangeText({ family: 6, ...range })), ...file.names, ...file.groups];
	let list: number | undefined;
	const add = async (part: { packed?: string; targets?: string[] }) => {
		({ list } = await client.call(lists.add, { ...(list === undefined ? { title } : { list }), ...part }));
	};
	for (let at = 0; at < v4.length; at += rangesAtOnce * 2)
		await add({ packed: pack(v4.subarray(at, at + rangesAtOnce * 2)) });
	for (let at = 0; at < texts.length; at += textsAtOnce) await add({ targets: texts.slice(at, at + textsAtOnce) });
	return list ?? 0;
}

function pack(values: Uint32Array): string {
	const bytes = Buffer.alloc(values.length * 4);
	for (let i = 0; i < values.length; i++) bytes.writeUInt32BE(values[i] ?? 0, i * 4);
	return bytes.toString("base64");
}
