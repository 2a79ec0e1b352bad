/**
 * The signatures as one JSON file, made when the program is built: reading them from YAML takes a quarter of a second and
 * tens of megabytes. It is taken only while it was made from the very files that lie in the folder.
 */
import { readFileSync } from "node:fs";
import { checkOfPrepared, type PreparedCheck, prepareCheck } from "./compile.ts";
import type { Check } from "./knowledge.ts";
import { loadSignatures, type SignatureTexts } from "./load.ts";
import { parseJudgedPart } from "./parse-file.ts";

/** Lies beside the bundle's entry files. */
export const preparedName = "signatures.json";

interface PreparedSignatures {
	/** The `hash` of the texts it was made from. */
	readonly hash: string;
	readonly checks: readonly PreparedCheck[];
}

/** The content of the file; null when something is wrong with a signature: it is then told where the YAML is read. */
export function prepareSignatures(read: SignatureTexts): string | null {
	if (loadSignatures(read).problems.length > 0) return null;
	const files = [...read.texts.values()].map((text) => parseJudgedPart(text).file);
	const checks = files.filter((file) => file !== null).map(prepareCheck);
	return JSON.stringify({ hash: read.hash, checks } satisfies PreparedSignatures);
}

/** The checks of the file when it was made from texts with this hash, else null. Never throws. */
export function readPrepared(hash: string, path: URL | null = preparedPath()): readonly Check[] | null {
	if (path === null) return null;
	try {
		const prepared = JSON.parse(readFileSync(path, "utf8")) as PreparedSignatures;
		return prepared.hash === hash ? prepared.checks.map(checkOfPrepared) : null;
	} catch {
		// Not there or not readable: the YAML files say the same.
		return null;
	}
}

/** Null when run from source, where no build keeps it in step with the code. */
function preparedPath(from: string = import.meta.url): URL | null {
	if (from.endsWith(".ts")) return null;
	const inChunks = new URL(".", from).pathname.endsWith("/chunks/");
	return new URL(`${inChunks ? "../" : "./"}${preparedName}`, from);
}
