/**
 * Reads a list of targets from a file or a pipe, ten million lines as easily as ten: addresses are merged into ranges as
 * they come, eight bytes each. Line ends of any kind, a UTF-8 byte order mark, blank lines and comments (`#`) are fine.
 */
import { AppError } from "../../protocol/errors.ts";
import { type AddressRange, AddressSet } from "../../protocol/target/address-set.ts";
import { groupTarget, readItem, splitTargets, tagTarget } from "../../protocol/target/item.ts";
import { RangeList } from "../../protocol/target/range-list.ts";
import { LineSplitter } from "./split-lines.ts";

export interface TargetFile {
	/** As it is shown. */
	readonly title: string;
	readonly lines: number;
	/** Addresses, repeats counted each time. */
	readonly listed: number;
	readonly addresses: AddressSet;
	/** Host names, each once. */
	readonly names: readonly string[];
	/** Asset groups and tags, as targets are written, each once. */
	readonly groups: readonly string[];
}

/** Wrong lines told at most: then reading stops. */
const mostWrong = 10;
/** More separate IPv6 ranges than this are not kept in memory. */
const mostIpv6 = 1_000_000;
const mostNames = 1_000_000;

/** Throws `invalid` naming up to ten wrong lines by number, or saying what the bytes are if not a list of targets. */
export async function readTargetFile(title: string, bytes: AsyncIterable<Uint8Array>): Promise<TargetFile> {
	const reader = new Reader(title);
	const splitter = new LineSplitter(title, (line, start, end) => reader.line(line, start, end));
	for await (const chunk of bytes) {
		splitter.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
		if (reader.wrong.length >= mostWrong) break;
	}
	if (reader.wrong.length < mostWrong) splitter.end();
	return reader.result();
}

class Reader {
	readonly wrong: { line: number; err: AppError; text: string }[] = [];
	readonly #title: string;
	#lines = 0;
	readonly #v4 = new RangeList();
	readonly #v6: AddressRange[] = [];
	#listed6 = 0;
	readonly #names = new Set<string>();
	readonly #groups = new Set<string>();

	constructor(title: string) {
		this.#title = title;
	}

	line(bytes: Buffer, start: number, end: number): void {
		this.#lines++;
		if (this.wrong.length >= mostWrong || this.#plainAddress(bytes, start, end)) return;
		const text = bytes.toString("utf8", start, end).replace(/#.*$/, "").trim();
		if (text === "") return;
		try {
			for (const item of splitTargets(text)) this.#item(item);
		} catch (err) {
			if (!(err instanceof AppError)) throw err;
			this.wrong.push({ line: this.#lines, err, text });
		}
	}

	result(): TargetFile {
		if (this.wrong.length > 0) throw wrongLines(this.#title, this.wrong);
		const addresses = new AddressSet({ v4: this.#v4.merged(), v6: [] }).union(new AddressSet(this.#v6));
		if (addresses.count === 0 && this.#names.size === 0 && this.#groups.size === 0) {
			const lines = this.#lines === 0 ? "is empty" : "holds no target, only blank lines and comments";
			throw new AppError("invalid", `${this.#title} ${lines}.`, {
				hint: "Write one target a line: an address, a block, a range, a host name, an asset group or a tag.",
			});
		}
		return {
			...{ title: this.#title, lines: this.#lines, listed: this.#v4.added + this.#listed6, addresses },
			...{ names: [...this.#names], groups: [...this.#groups] },
		};
	}

	#item(text: string): void {
		const item = readItem(text);
		if (item.kind === "name") this.#names.add(item.name);
		else if (item.kind === "group") this.#groups.add(groupTarget(item.title));
		else if (item.kind === "tag") this.#groups.add(tagTarget(item.name, item.ranges));
		else if (item.kind === "list") throw new AppError("invalid", `"${text}" is no target of a file.`);
		else if (item.range.family === 4) this.#v4.add(Number(item.range.first), Number(item.range.last));
		else {
			this.#v6.push(item.range);
			this.#listed6 += Number(item.range.last - item.range.first + 1n);
		}
		if (this.#v6.length <= mostIpv6 && this.#names.size <= mostNames) return;
		throw new AppError("too-large", `${this.#title} has more than a million IPv6 addresses or host names.`, {
			hint: "Nothing was sent. Write blocks where you can, or scan it in parts.",
		});
	}

	/** `a.b.c.d` alone on its line, which nearly all lines of a long list are: read without making a text of it. */
	#plainAddress(bytes: Buffer, start: number, end: number): boolean {
		let value = 0;
		let part = -1;
		let dots = 0;
		let digits = 0;
		for (let i = start; i < end; i++) {
			const code = bytes[i] ?? 0;
			if (code >= 48 && code <= 57) {
				// A leading zero is for the careful reading to refuse.
				if (part === 0 || ++digits > 3) return false;
				part = (part < 0 ? 0 : part * 10) + code - 48;
				if (part > 255) return false;
			} else if (code === 46 && part >= 0 && dots < 3) {
				value = value * 256 + part;
				part = -1;
				digits = 0;
				dots++;
			} else return false;
		}
		if (dots !== 3 || part < 0) return false;
		const address = value * 256 + part;
		return this.#v4.add(address, address);
	}
}

function wrongLines(title: string, wrong: readonly { line: number; err: AppError; text: string }[]): AppError {
	const told = wrong.map(({ line, err }) => `line ${line}: ${err.message}`);
	const [only = ""] = told;
	const many =
		wrong.length >= mostWrong
			? `The first ${mostWrong} wrong lines of ${title}:`
			: `${wrong.length} lines of ${title} are wrong:`;
	const message = told.length === 1 ? `${title} ${only}` : [many, ...told.map((one) => `  ${one}`)].join("\n");
	const table = wrong.every(({ text }) => /[;"]|,.*,/.test(text));
	return new AppError("invalid", message, {
		hint: table
			? `Nothing was sent. This looks like a table; hand over its column of addresses alone, e.g.: cut -d, -f1 ${title} | vedette scan --targets-file -`
			: `Nothing was sent. ${wrong[0]?.err.hint ?? ""}`.trim(),
		details: { lines: wrong.map(({ line }) => line) },
	});
}
