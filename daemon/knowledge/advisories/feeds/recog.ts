/**
 * Fingerprints of rapid7/recog: a pattern for each software a banner may name, what the parts of the banner stand for, and
 * examples that prove it. Read from its XML files. Pure.
 */

import { readXml } from "../../../xml/reader.ts";
import type { FeedDocument } from "./feed-format.ts";
import { PlainText } from "./feed-format.ts";

export interface FingerprintParam {
	/** The group of the pattern it is in; 0: `value` is it. */
	readonly group: number;
	/** `service.product`, `os.version`, `service.cpe23`, … */
	readonly name: string;
	/** May name others in braces: `cpe:/a:nginx:nginx:{service.version}`. */
	readonly value: string;
}

export interface Fingerprint {
	/** As it stands in the file: Ruby's syntax. */
	readonly pattern: string;
	/** `i`: case does not matter. `s`: a dot is any character, also the end of a line. */
	readonly flags: string;
	readonly description: string;
	readonly params: readonly FingerprintParam[];
}

export interface FingerprintExample {
	readonly text: string;
	/** What is to be read out of it. */
	readonly fields: ReadonlyMap<string, string>;
}

export interface FingerprintFile {
	/** What the patterns are for: `ssh.banner`, `http_header.server`. */
	readonly subject: string;
	readonly fingerprints: readonly (Fingerprint & { readonly examples: readonly FingerprintExample[] })[];
}

const mostFingerprints = 50_000;
const mostParams = 100;
const mostExamples = 200;
/** A file's first characters, in which its kind is looked for. */
const headLength = 4_096;

export function isRecog({ value }: FeedDocument): boolean {
	return value instanceof PlainText && /<fingerprints[\s>]/.test(value.text.slice(0, headLength));
}

/** Throws an Error for XML that is not well formed. */
export function parseRecog({ name, value }: FeedDocument): FingerprintFile {
	let subject = name.replace(/\.xml$/i, "");
	const fingerprints: Draft[] = [];
	let draft: Draft | null = null;
	let text: string | null = null;
	let example: ReadonlyMap<string, string> = new Map();
	for (const event of readXml(value instanceof PlainText ? value.text : "")) {
		if (event.kind === "text") {
			if (text !== null) text += event.text;
		} else if (event.kind === "open") {
			const { name: tag, attributes } = event;
			if (tag === "fingerprints") subject = attributes.get("matches") ?? subject;
			else if (tag === "fingerprint") draft = draftOf(attributes);
			else if (tag === "param" && draft !== null && draft.params.length < mostParams) {
				const param = paramOf(attributes);
				if (param !== null) draft.params.push(param);
			} else if (tag === "description" || tag === "example") {
				text = "";
				example = attributes;
			}
		} else if (event.name === "fingerprint" && draft !== null) {
			if (draft.pattern !== "" && fingerprints.length < mostFingerprints) fingerprints.push(draft);
			draft = null;
		} else if (text !== null && (event.name === "description" || event.name === "example")) {
			if (event.name === "description" && draft !== null)
				draft.description = text.trim().replace(/\s+/g, " ").slice(0, 300);
			else if (draft !== null && draft.examples.length < mostExamples) draft.examples.push(exampleOf(text, example));
			text = null;
		}
	}
	return { subject: subject.slice(0, 100), fingerprints };
}

interface Draft extends Fingerprint {
	description: string;
	readonly params: FingerprintParam[];
	readonly examples: FingerprintExample[];
}

function draftOf(attributes: ReadonlyMap<string, string>): Draft {
	const named = (attributes.get("flags") ?? "").split(/[\s,|]+/);
	// Ruby's MULTILINE, under both names, is about the dot.
	const isDotAll = named.includes("REG_DOT_NEWLINE") || named.includes("REG_MULTILINE");
	const flags = `${named.includes("REG_ICASE") ? "i" : ""}${isDotAll ? "s" : ""}`;
	return { pattern: attributes.get("pattern") ?? "", flags, description: "", params: [], examples: [] };
}

function paramOf(attributes: ReadonlyMap<string, string>): FingerprintParam | null {
	const [name, position] = [attributes.get("name") ?? "", attributes.get("pos") ?? ""];
	if (!/^[a-z0-9_.]{1,60}$/.test(name) || !/^[0-9]{1,2}$/.test(position)) return null;
	return { group: Number(position), name, value: (attributes.get("value") ?? "").slice(0, 300) };
}

function exampleOf(text: string, attributes: ReadonlyMap<string, string>): FingerprintExample {
	const isPacked = attributes.get("_encoding") === "base64";
	const fields = new Map([...attributes].filter(([name]) => !name.startsWith("_")));
	return { text: isPacked ? Buffer.from(text, "base64").toString("latin1") : text, fields };
}
