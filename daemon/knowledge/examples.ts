/** Runs the examples a signature carries: its proof that it finds what it should and nothing else. */
import { kinds } from "../evidence/kinds/index.ts";
import type { EvidenceRecord, Kind } from "../evidence/record.ts";
import { fillUp } from "./kind-shape.ts";
import type { Check } from "./knowledge.ts";
import type { SignatureExample, SignatureFile } from "./signature-file.ts";

/** The whole record an example stands for. Throws an Error when it does not fit the kind. */
export function recordOfExample(kind: Kind, example: SignatureExample): EvidenceRecord {
	const filled = fillUp(kind, example.record);
	const checked = kinds[kind].safeParse(filled);
	if (!checked.success)
		throw new Error(checked.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; "));
	const unknown = unknownFields(filled, checked.data, "");
	if (unknown.length > 0) throw new Error(`no such field: ${unknown.join(", ")}`);
	const { address, port, protocol, now } = example;
	const observedAt = Date.parse(now);
	return {
		kind,
		address,
		port,
		protocol,
		source: "network",
		complete: true,
		observedAt,
		data: filled,
	} as EvidenceRecord;
}

/** Paths in `given` that validation dropped, which means that the kind does not have them. */
function unknownFields(given: unknown, kept: unknown, path: string): string[] {
	if (typeof given !== "object" || given === null || typeof kept !== "object" || kept === null) return [];
	return Object.entries(given).flatMap(([name, value]) => {
		const here = path === "" ? name : `${path}.${name}`;
		return name in kept ? unknownFields(value, (kept as Record<string, unknown>)[name], here) : [here];
	});
}

/** One sentence for each example that does not behave. */
export function checkExamples(file: SignatureFile, check: Check): string[] {
	const { match, "no-match": noMatch, undecided } = file.examples;
	return [
		...match.flatMap((example, i) => behaves(check, example, true, `examples.match.${i}`, example.result)),
		...noMatch.flatMap((example, i) => behaves(check, example, false, `examples.no-match.${i}`)),
		...undecided.flatMap((example, i) => behaves(check, example, null, `examples.undecided.${i}`)),
	];
}

function behaves(
	check: Check,
	example: SignatureExample,
	wanted: boolean | null,
	name: string,
	result?: string,
): string[] {
	try {
		const verdict = check.evaluate(recordOfExample(check.kind, example), Date.parse(example.now));
		const why = verdict.problem === "" ? "" : ` (${verdict.problem})`;
		if (verdict.matched !== wanted) return [`${name}: gives ${wordOf(verdict.matched)}${why}, not ${wordOf(wanted)}`];
		if (result !== undefined && verdict.result.trim() !== result.trim())
			return [`${name}: result is ${JSON.stringify(verdict.result)}, not ${JSON.stringify(result)}`];
		return [];
	} catch (error) {
		return [
			`${name}: is not a record of kind ${check.kind}: ${error instanceof Error ? error.message : String(error)}`,
		];
	}
}

function wordOf(matched: boolean | null): string {
	return matched === null ? "undecided" : matched ? "match" : "no match";
}
