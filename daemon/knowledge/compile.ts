/** One signature file to one check. */
import type { Signature } from "../../protocol/model/signature.ts";
import type { EvidenceRecord, Kind } from "../evidence/record.ts";
import { cvssScore } from "./cvss.ts";
import { type Context, compileExpression, type Expression } from "./expression.ts";
import type { Check, Verdict } from "./knowledge.ts";
import type { JudgedPart } from "./signature-file.ts";
import { Undecided } from "./undecided.ts";
import { checkVocabulary } from "./vocabulary.ts";

const longestResult = 8_192;

export type Compiled = { check: Check; problems: [] } | { check: null; problems: string[] };

/**
 * Compiles match and result; all problems of the two expressions are told at once. Never throws. `onPattern`: called
 * for each pattern in them; by default patterns are compiled when they are first needed.
 */
export function compileSignature(file: JudgedPart, onPattern?: (pattern: string) => void): Compiled {
	const problems: string[] = [];
	const match = compilePart(file, "match", problems, onPattern);
	const result = compilePart(file, "result", problems, onPattern);
	const signature = signatureOf(file);
	if (file.cvss !== null && signature.cvss === null) problems.push(`cvss: ${file.cvss} is not a complete vector`);
	if (match === null || result === null || problems.length > 0) return { check: null, problems };
	const expressions = () => ({ match, result });
	return { check: checkOf(signature, file.values, expressions), problems: [] };
}

/** A check known to compile, as plain data; the match expression is the signature's own. */
export interface PreparedCheck {
	readonly signature: Signature;
	readonly result: string;
	readonly values: Context["values"];
}

export function prepareCheck(file: JudgedPart): PreparedCheck {
	return { signature: signatureOf(file), result: file.result, values: file.values };
}

/** The check again. Its expressions are compiled when it first judges: a daemon that scans nothing needs none of them. */
export function checkOfPrepared({ signature, result, values }: PreparedCheck): Check {
	let compiled: { match: Expression; result: Expression } | undefined;
	return checkOf(signature, values, () => {
		compiled ??= { match: compileExpression(signature.match, "bool"), result: compileExpression(result, "string") };
		return compiled;
	});
}

function checkOf(
	signature: Signature,
	values: Context["values"],
	expressions: () => { match: Expression; result: Expression },
): Check {
	return {
		...{ signature, kind: signature.kind as Kind, values },
		evaluate(record, now) {
			const { match, result } = expressions();
			return judge(match, result, contextOf(record, now, values));
		},
		withValues: (others) => checkOf(signature, { ...values, ...others }, expressions),
	};
}

function compilePart(
	file: JudgedPart,
	part: "match" | "result",
	problems: string[],
	onPattern?: (pattern: string) => void,
): Expression | null {
	try {
		const expression = compileExpression(file[part], part === "match" ? "bool" : "string");
		const unknown = checkVocabulary(expression.ast, file["applies-to"], file.values, onPattern);
		problems.push(...unknown.map((problem) => `${part}: ${problem}`));
		return expression;
	} catch (error) {
		problems.push(`${part}: ${error instanceof Error ? error.message : String(error)}`);
		return null;
	}
}

function signatureOf(file: JudgedPart): Signature {
	const score = file.cvss === null ? null : cvssScore(file.cvss);
	return {
		id: file.id,
		qid: file.qid,
		aliases: file.aliases,
		title: file.title,
		severity: file.severity,
		type: file.type,
		category: file.id.split("/", 1)[0] ?? "",
		kind: file["applies-to"],
		cvss: file.cvss === null || score === null ? null : { vector: file.cvss, score },
		cves: file.cve,
		cwes: file.cwe,
		requirements: file.requirements,
		pci: file.pci,
		description: file.description.trim(),
		solution: file.solution.trim(),
		references: file.references,
		match: file.match.trim(),
	};
}

function contextOf(record: EvidenceRecord, now: number, values: Context["values"]): Context {
	const { port, protocol, address } = record;
	return { record: record.data, port: BigInt(port), protocol, address, now: new Date(now), values };
}

function judge(match: Expression, result: Expression, context: Context): Verdict {
	let matched: unknown;
	try {
		matched = match.evaluate(context);
	} catch (error) {
		return { matched: null, result: "", problem: reasonOf(error) };
	}
	if (matched === false) return { matched: false, result: "", problem: "" };
	if (matched !== true) return { matched: null, result: "", problem: "the expression gave neither true nor false" };
	return { matched: true, result: resultOf(result, context), problem: "" };
}

/** A match stands even when its text cannot be made: what was seen is then told less well, not denied. */
function resultOf(result: Expression, context: Context): string {
	try {
		return String(result.evaluate(context)).slice(0, longestResult);
	} catch (error) {
		return `seen, but the details cannot be shown: ${reasonOf(error)}`;
	}
}

function reasonOf(error: unknown): string {
	if (error instanceof Undecided) return error.message;
	const { code, summary, message } = error as { code?: string; summary?: string; message?: string };
	if (code === "no_such_key") return `a field was not told (${summary ?? ""})`;
	if (code === "no_such_overload" || code === "no_matching_overload") return `a value was not told (${summary ?? ""})`;
	return summary ?? message ?? String(error);
}
