/** Findings as JSON: one document, or a line each. */
import { harmlessJson } from "../../protocol/harmless.ts";
import type { ExportSource } from "./export-source.ts";

/** What the document says of itself comes first, what is known only at its end last. */
export function* writeJson(source: ExportSource): Generator<string> {
	const { installation, version, at, filter } = source.meta;
	const about = { installation, generator: `vedette ${version}`, at: new Date(at).toISOString(), filter };
	yield `{"export":${harmlessJson(about)},"findings":[`;
	let isFirst = true;
	for (const row of source.findings()) {
		yield `${isFirst ? "\n" : ",\n"}${harmlessJson(row)}`;
		isFirst = false;
	}
	yield `\n],"total":${source.rows},"gone":${source.gone}}\n`;
}

export function* writeJsonLines(source: ExportSource): Generator<string> {
	for (const row of source.findings()) yield `${harmlessJson(row)}\n`;
}
