/** Reads a folder of signature files. What cannot be used is told as a problem and left out; nothing here throws. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { packageRoot } from "../package-root.ts";
import { compileSignature } from "./compile.ts";
import type { Check } from "./knowledge.ts";
import { judgedText, longestFile, parseJudgedPart } from "./parse-file.ts";

/** Signature files as read, not yet understood. */
export interface SignatureTexts {
	/** Path below the folder, with slashes → text; in order. */
	texts: ReadonlyMap<string, string>;
	problems: readonly string[];
	/** SHA-256 over the names and the judged part of all files, lower-case hex: a new example does not change it. */
	hash: string;
	/** Newest change of a file, milliseconds since the epoch; 0 when there is none. */
	changedAt: number;
}

export interface LoadedSignatures {
	/** By id. */
	checks: readonly Check[];
	problems: readonly string[];
}

/** The signatures that come with the program. */
export function signaturesFolder(): string {
	return join(packageRoot(), "signatures");
}

/** Paths of all signature files below a folder, in a fixed order. Throws when the folder cannot be read. */
export function listSignatureFiles(folder: string): string[] {
	const entries = readdirSync(folder, { recursive: true, encoding: "utf8" });
	return entries.filter((entry) => entry.endsWith(".yaml")).sort();
}

export function readSignatures(folder: string): SignatureTexts {
	const texts = new Map<string, string>();
	const problems: string[] = [];
	const hash = createHash("sha256");
	let changedAt = 0;
	for (const path of attempt(() => listSignatureFiles(folder), [], "the signatures folder", problems)) {
		const name = path.split(sep).join("/");
		const file = attempt(() => readSignature(join(folder, path)), null, name, problems);
		if (file === null) continue;
		texts.set(name, file.text);
		hash.update(`${name}\0${judgedText(file.text)}\0`);
		changedAt = Math.max(changedAt, file.changedAt);
	}
	return { texts, problems, hash: hash.digest("hex"), changedAt };
}

function readSignature(path: string): { text: string; changedAt: number } {
	const { size, mtimeMs } = statSync(path);
	if (size > longestFile) throw new Error(`it is longer than ${longestFile} bytes`);
	return { text: readFileSync(path, "utf8"), changedAt: mtimeMs };
}

function attempt<T>(work: () => T, otherwise: T, name: string, problems: string[]): T {
	try {
		return work();
	} catch (error) {
		problems.push(`${name}: cannot be read: ${error instanceof Error ? error.message : String(error)}`);
		return otherwise;
	}
}

/** Compiles what was read. A number or id that is taken twice is kept by the first. */
export function loadSignatures(read: SignatureTexts): LoadedSignatures {
	const checks: Check[] = [];
	const problems = [...read.problems];
	const owners = new Map<number, string>();
	for (const [name, text] of read.texts) {
		const { check, found } = compileText(name, text);
		const twin = check === null ? undefined : owners.get(check.signature.qid);
		if (check !== null && twin !== undefined) found.push(`qid: ${check.signature.qid} is taken by ${twin}`);
		problems.push(...found.map((problem) => `${name}: ${problem}`));
		if (check === null || found.length > 0) continue;
		owners.set(check.signature.qid, check.signature.id);
		checks.push(check);
	}
	return { checks, problems };
}

function compileText(name: string, text: string): { check: Check | null; found: string[] } {
	const parsed = parseJudgedPart(text);
	if (parsed.file === null) return { check: null, found: parsed.problems };
	const compiled = compileSignature(parsed.file);
	const found: string[] = [...compiled.problems];
	if (`${parsed.file.id}.yaml` !== name) found.push(`id: is ${parsed.file.id}, but must be the path of the file`);
	return { check: compiled.check, found };
}
