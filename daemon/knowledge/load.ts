/** Reads a folder of signature files. What cannot be used is told as a problem and left out; nothing here throws. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { packageRoot } from "../package-root.ts";
import { compileSignature } from "./compile.ts";
import type { Check } from "./knowledge.ts";
import { longestFile, parseSignatureFile } from "./parse-file.ts";

export interface LoadedSignatures {
	/** By id. */
	checks: Check[];
	problems: string[];
	/** SHA-256 over the names and bytes of all files, lower-case hex. */
	hash: string;
	/** Newest change of a file, milliseconds since the epoch; 0 when there is none. */
	changedAt: number;
}

/** The signatures that come with the program. */
export function signaturesFolder(): string {
	return join(packageRoot(), "signatures");
}

export function loadSignatures(folder: string): LoadedSignatures {
	const loaded: LoadedSignatures = { checks: [], problems: [], hash: "", changedAt: 0 };
	const hash = createHash("sha256");
	for (const path of listSignatureFiles(folder, loaded.problems)) {
		const name = path.split(sep).join("/");
		try {
			const full = join(folder, path);
			const about = statSync(full);
			if (about.size > longestFile) throw new Error(`longer than ${longestFile} bytes`);
			const text = readFileSync(full, "utf8");
			hash.update(`${name}\0${text}\0`);
			loaded.changedAt = Math.max(loaded.changedAt, about.mtimeMs);
			addFile(name, text, loaded);
		} catch (error) {
			loaded.problems.push(`${name}: cannot be read: ${error instanceof Error ? error.message : String(error)}`);
		}
	}
	return { ...loaded, hash: hash.digest("hex") };
}

/** Paths of all signature files below a folder, in a fixed order. */
export function listSignatureFiles(folder: string, problems: string[] = []): string[] {
	try {
		const entries = readdirSync(folder, { recursive: true, encoding: "utf8" });
		return entries.filter((entry) => entry.endsWith(".yaml")).sort();
	} catch (error) {
		problems.push(`the signatures folder cannot be read: ${error instanceof Error ? error.message : String(error)}`);
		return [];
	}
}

function addFile(name: string, text: string, loaded: LoadedSignatures): void {
	const parsed = parseSignatureFile(text);
	const compiled = parsed.file === null ? parsed : compileSignature(parsed.file);
	const problems: string[] = [...compiled.problems];
	if ("check" in compiled && compiled.check !== null) {
		const { signature } = compiled.check;
		if (`${signature.id}.yaml` !== name) problems.push(`id: is ${signature.id}, but must be the path of the file`);
		const twin = loaded.checks.find((check) => check.signature.qid === signature.qid);
		if (twin !== undefined) problems.push(`qid: ${signature.qid} is taken by ${twin.signature.id}`);
		if (problems.length === 0) loaded.checks.push(compiled.check);
	}
	loaded.problems.push(...problems.map((problem) => `${name}: ${problem}`));
}
