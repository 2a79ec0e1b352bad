/** Text of a signature file to its checked content, or sentences saying what is wrong with it. Never throws. */
import { parseDocument } from "yaml";
import type { z } from "zod";
import { type JudgedPart, judgedPart, type SignatureFile, signatureFile } from "./signature-file.ts";

/** Longest signature file taken, in bytes. */
export const longestFile = 64 * 1_024;

export type Parsed<T> = { file: T; problems: [] } | { file: null; problems: string[] };

export function parseSignatureFile(text: string): Parsed<SignatureFile> {
	return parseAs(signatureFile, text);
}

/** Only what is judged with: the examples, last in every file, are cut off unread, which halves the time to start. */
export function parseJudgedPart(text: string): Parsed<JudgedPart> {
	return parseAs(judgedPart, judgedText(text));
}

/** The text before the examples. */
export function judgedText(text: string): string {
	const examples = text.search(/^examples:/m);
	return examples < 0 ? text : text.slice(0, examples);
}

function parseAs<T>(schema: z.ZodType<T>, text: string): Parsed<T> {
	if (text.length > longestFile) return { file: null, problems: [`longer than ${longestFile} bytes`] };
	let content: unknown;
	try {
		// Without stringKeys a release cycle such as 2.10 would become the number 2.1.
		const document = parseDocument(text, { schema: "core", stringKeys: true, uniqueKeys: true });
		const [error] = document.errors;
		if (error !== undefined) return { file: null, problems: [`not valid YAML: ${firstLine(error.message)}`] };
		content = document.toJS({ maxAliasCount: 0 });
	} catch (error) {
		return { file: null, problems: [`not valid YAML: ${firstLine(error instanceof Error ? error.message : error)}`] };
	}
	const checked = schema.safeParse(content);
	if (checked.success) return { file: checked.data, problems: [] };
	return {
		file: null,
		problems: checked.error.issues.map((issue) => `${issue.path.join(".") || "file"}: ${issue.message}`),
	};
}

function firstLine(message: unknown): string {
	return String(message).split("\n", 1)[0] ?? "";
}
