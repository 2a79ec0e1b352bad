/**
 * Reads XML 1.0 as a stream of tags and texts, however it is cut into parts: what feeds and other scanners' files need, and
 * nothing that reaches outside them. No entity is declared or fetched, no namespace resolved. Time and memory are linear in
 * the text, and of a stream no more is kept than one tag.
 */

export type XmlEvent =
	| { readonly kind: "open"; readonly name: string; readonly attributes: ReadonlyMap<string, string> }
	/** A text between two tags may come in several. */
	| { readonly kind: "text"; readonly text: string }
	| { readonly kind: "close"; readonly name: string };

/** What cannot be read, or not any further; in words that complete "it cannot be read: …". */
export class XmlFault extends Error {}

const deepest = 64;
const mostAttributes = 200;
/** Characters. A script's output is one attribute in nmap's files. */
const longestTag = 8 << 20;
const longestDeclaration = 64 << 10;
/** Nobody breaks a tag so often by accident. */
const mostSplices = 100;

/** All of a text at once. Throws an XmlFault for what is not well formed, or declares entities of its own. */
export function* readXml(xml: string): Generator<XmlEvent> {
	const reader = new XmlReader();
	yield* reader.push(xml);
	yield* reader.end();
}

export interface XmlReaderOptions {
	/**
	 * Reads on where a file is damaged: tags that close nothing or are none are passed over, elements that are not closed end
	 * with the one around them, an empty element within another's tag is taken out (nmap tells its progress there). What
	 * declares entities or nests without end is an XmlFault all the same.
	 */
	readonly recover?: boolean;
}

type Inside = "comment" | "instruction" | "data";
const ends: Readonly<Record<Inside, string>> = { comment: "-->", instruction: "?>", data: "]]>" };

/** One stream. The generators must be read to their ends, in the order of the calls. */
export class XmlReader {
	readonly #recover: boolean;
	readonly #open: string[] = [];
	#text = "";
	#at = 0;
	#begun = false;
	/** What is being passed through, until its end comes. */
	#inside: Inside | null = null;
	#repairs = 0;
	#splices = 0;
	#zeros = 0;
	#replaced = 0;

	constructor({ recover = false }: XmlReaderOptions = {}) {
		this.#recover = recover;
	}

	/** How often something had to be passed over. */
	get repairs(): number {
		return this.#repairs;
	}

	/**
	 * The same without what is known to harm nothing, and with zeros, which no XML has: a file system that lost a block gives
	 * them back. Something of what stands around it may be missing.
	 */
	get damage(): number {
		return this.#repairs - this.#splices + this.#zeros;
	}

	/** Texts and tags with U+FFFD in them: what a decoder makes of bytes that are no characters. */
	get replaced(): number {
		return this.#replaced;
	}

	/** It has ended, or would end here, within an element. */
	get isCut(): boolean {
		return this.#open.length > 0 || this.#inside !== null || this.#at < this.#text.length;
	}

	*push(text: string): Generator<XmlEvent> {
		this.#text = this.#text.slice(this.#at) + text;
		this.#at = !this.#begun && this.#text.charCodeAt(0) === 0xfeff ? 1 : 0;
		this.#begun ||= this.#text !== "";
		yield* this.#read(false);
	}

	*end(): Generator<XmlEvent> {
		yield* this.#read(true);
		if (this.#recover) return;
		if (this.#inside !== null) throw new XmlFault(`${ends[this.#inside]} is missing: it is cut off`);
		if (this.#at < this.#text.length) throw new XmlFault("it is cut off within a tag");
		const open = this.#open.at(-1);
		if (open !== undefined) throw new XmlFault(`<${short(open)}> is not closed: it is cut off`);
	}

	/** Up to the first thing that is not whole yet. */
	*#read(isLast: boolean): Generator<XmlEvent> {
		while (this.#at < this.#text.length) {
			const before = this.#at;
			if (this.#inside !== null) yield* this.#passThrough(this.#inside);
			else if (this.#text[this.#at] !== "<") yield* this.#readText(isLast);
			else yield* this.#readMarkup(isLast);
			if (this.#at === before) return;
		}
	}

	*#passThrough(inside: Inside): Generator<XmlEvent> {
		const mark = ends[inside];
		const found = this.#text.indexOf(mark, this.#at);
		// The mark itself may be cut in two.
		const end = found < 0 ? Math.max(this.#at, this.#text.length - mark.length + 1) : found;
		if (end > this.#at) this.#notice(this.#at, end);
		if (inside === "data" && end > this.#at) yield { kind: "text", text: this.#text.slice(this.#at, end) };
		this.#at = found < 0 ? end : end + mark.length;
		if (found >= 0) this.#inside = null;
	}

	*#readText(isLast: boolean): Generator<XmlEvent> {
		const next = this.#text.indexOf("<", this.#at);
		const end = next < 0 ? this.#text.length - (isLast ? 0 : openEntity(this.#text, this.#at)) : next;
		if (this.#open.length > 0 && end > this.#at) {
			this.#notice(this.#at, end);
			yield { kind: "text", text: withEntities(this.#text.slice(this.#at, end)) };
		}
		this.#at = end;
	}

	*#readMarkup(isLast: boolean): Generator<XmlEvent> {
		const text = this.#text;
		const at = this.#at;
		const known = text.length - at >= "<![CDATA[".length || isLast || !/^<?[!/?]?$/.test(text.slice(at, at + 2));
		if (!known) return;
		if (text.startsWith("<!--", at)) this.#enter("comment", 4);
		else if (text.startsWith("<![CDATA[", at)) this.#enter("data", 9);
		else if (text.startsWith("<?", at)) this.#enter("instruction", 2);
		else if (text.startsWith("<!", at)) this.#passDeclaration();
		else if (text.startsWith("</", at)) yield* this.#readClose();
		else yield* this.#readOpen(isLast);
	}

	#enter(inside: Inside, length: number): void {
		this.#inside = inside;
		this.#at += length;
	}

	#passDeclaration(): void {
		const end = this.#text.indexOf(">", this.#at);
		const told = this.#text.slice(this.#at, end < 0 ? this.#at + longestDeclaration : end);
		if (told.includes("[")) throw new XmlFault("it declares entities of its own");
		if (told.length >= longestDeclaration) throw new XmlFault("a declaration does not end");
		if (end >= 0) this.#at = end + 1;
	}

	*#readClose(): Generator<XmlEvent> {
		const end = this.#text.indexOf(">", this.#at);
		if (end < 0) {
			if (this.#text.length - this.#at > longestDeclaration) throw new XmlFault("a tag does not end");
			return;
		}
		const name = this.#text.slice(this.#at + 2, end).trim();
		this.#at = end + 1;
		if (!this.#recover) {
			if (this.#open.pop() !== name) throw new XmlFault(`</${short(name)}> closes nothing`);
			yield { kind: "close", name };
			return;
		}
		const depth = this.#open.lastIndexOf(name);
		if (depth !== this.#open.length - 1 || depth < 0) this.#repairs++;
		if (depth < 0) return;
		for (const closed of this.#open.splice(depth).reverse()) yield { kind: "close", name: closed };
	}

	*#readOpen(isLast: boolean): Generator<XmlEvent> {
		const tag = this.#tag(isLast);
		if (tag === null) return;
		const { name, attributes } = tag;
		this.#notice(this.#at, tag.end);
		this.#at = tag.end;
		yield { kind: "open", name, attributes };
		if (tag.isEmpty) yield { kind: "close", name };
		else if (this.#open.push(name) > deepest) throw new XmlFault("it is nested too deeply");
	}

	#notice(from: number, to: number): void {
		if (!this.#recover) return;
		const text = this.#text.slice(from, to);
		this.#zeros += Number(text.includes("\0"));
		this.#replaced += Number(text.includes("\uFFFD"));
	}

	/** Null: it is not whole yet, or was none and is passed over. */
	#tag(isLast: boolean): Tag | null {
		for (let splices = 0; ; splices++) {
			const found = readTag(this.#text, this.#at + 1, this.#recover);
			if ("end" in found) return found;
			if (found.problem === null && !isLast) {
				if (this.#text.length - this.#at > longestTag) throw new XmlFault("a tag is longer than is sensible");
				return null;
			}
			if (!this.#recover) throw new XmlFault(found.problem ?? "it is cut off within a tag");
			if (found.problem === null) return null;
			if (found.spliceAt !== null && splices < mostSplices) {
				const taken = this.#takeOut(found.spliceAt, isLast);
				if (taken === "later") return null;
				if (taken === "done") continue;
			}
			this.#repairs++;
			this.#at++;
			return null;
		}
	}

	/** An empty element that stands within another's tag. */
	#takeOut(at: number, isLast: boolean): "done" | "later" | "none" {
		splice.lastIndex = at;
		const found = splice.exec(this.#text)?.[0];
		if (found === undefined) return !isLast && this.#text.length - at < longestSplice ? "later" : "none";
		this.#text = this.#text.slice(0, at) + this.#text.slice(at + found.length);
		this.#repairs++;
		this.#splices++;
		return "done";
	}
}

const splice = /<[A-Za-z][\w.:-]{0,60}(?:\s{1,5}[\w.:-]{1,60}="[^"<>]{0,500}"){0,20}\s{0,5}\/>\r?\n?/y;
const longestSplice = 2_000;

interface Tag {
	readonly name: string;
	readonly attributes: ReadonlyMap<string, string>;
	readonly isEmpty: boolean;
	readonly end: number;
}

/** Why there is no tag; `problem` null: it is not whole. `spliceAt`: where another may have got into it. */
interface NoTag {
	readonly problem: string | null;
	readonly spliceAt: number | null;
}

const notWhole: NoTag = { problem: null, spliceAt: null };

/** `from`: behind the bracket. `strictly`: a bracket within it is a splice, as XML 1.0 section 3.1 has it. */
function readTag(xml: string, from: number, strictly: boolean): Tag | NoTag {
	const attributes = new Map<string, string>();
	const none = (at: number, problem: string): NoTag =>
		at >= xml.length ? notWhole : { problem, spliceAt: xml[at] === "<" ? at : null };
	let at = nameEnd(xml, from);
	const name = xml.slice(from, at);
	if (name === "") return none(at, "a name was expected in a tag");
	for (at = skipBlank(xml, at); xml[at] !== ">" && xml[at] !== "/"; at = skipBlank(xml, at)) {
		const keyEnd = nameEnd(xml, at);
		if (keyEnd === at) return none(at, `a name was expected in <${short(name)}>`);
		const key = xml.slice(at, keyEnd);
		at = skipBlank(xml, keyEnd);
		if (xml[at] !== "=") return none(at, `an attribute of <${short(name)}> has no value`);
		at = skipBlank(xml, at + 1);
		const quote = xml[at];
		if (quote !== '"' && quote !== "'") return none(at, `an attribute of <${short(name)}> has no quotes`);
		const end = xml.indexOf(quote, at + 1);
		const within = strictly ? bracketIn(xml, at + 1, end) : -1;
		if (within >= 0) return { problem: `<${short(name)}> does not end`, spliceAt: within };
		if (end < 0) return notWhole;
		if (attributes.size >= mostAttributes) return { problem: `<${short(name)}> does not end`, spliceAt: null };
		attributes.set(key, withEntities(xml.slice(at + 1, end)));
		at = end + 1;
	}
	const isEmpty = xml[at] === "/";
	if (isEmpty) at++;
	if (xml[at] !== ">") return none(at, `<${short(name)}> does not end`);
	return { name, attributes, isEmpty, end: at + 1 };
}

/** -1: there is none, or not yet. */
function bracketIn(xml: string, from: number, end: number): number {
	const value = end < 0 ? xml.slice(from) : xml.slice(from, end);
	const at = value.indexOf("<");
	return at < 0 ? -1 : from + at;
}

function short(name: string): string {
	return name.slice(0, 50);
}

const nameStart = /[A-Za-z_:]/;
const afterName = /[\s/>=<]/g;
const blank = /\s*/y;

/** `at` itself where no name begins. */
function nameEnd(xml: string, at: number): number {
	if (!nameStart.test(xml[at] ?? "")) return at;
	afterName.lastIndex = at;
	return afterName.exec(xml)?.index ?? xml.length;
}

function skipBlank(xml: string, at: number): number {
	blank.lastIndex = at;
	blank.exec(xml);
	return blank.lastIndex;
}

/** Characters at the end of a text that may be the beginning of an entity. */
function openEntity(text: string, from: number): number {
	const at = text.lastIndexOf("&");
	const isOpen = at >= from && text.length - at < longestEntity && !text.includes(";", at);
	return isOpen ? text.length - at : 0;
}

/** `&#x10ffff;` and zeros in front. */
const longestEntity = 12;

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Those XML has by itself, and characters by number; an unknown one stays as it is written. */
function withEntities(text: string): string {
	if (!text.includes("&")) return text;
	return text.replace(/&(?:#([0-9]{1,7})|#x([0-9a-fA-F]{1,6})|([a-z]{2,4}));/g, (whole, decimal, hex, name) => {
		if (name !== undefined) return entities[name] ?? whole;
		const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
		return code > 0 && code <= 0x10_ffff ? String.fromCodePoint(code) : whole;
	});
}
