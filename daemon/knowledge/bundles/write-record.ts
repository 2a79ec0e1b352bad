/** Writes lines of record-lines.ts back into a base. What is no such line is refused, whoever signed it. */
import { type AffectedRange, type RangeState, rangeStates } from "../advisories/advisory.ts";
import type { BaseWriter } from "../advisories/base-writer.ts";
import type { SupportedProduct } from "../advisories/feeds/endoflife.ts";
import type { Fingerprint } from "../advisories/feeds/recog.ts";
import { list } from "../advisories/untrusted.ts";

/** Throws for a line that is none. */
export function writeRecord(record: readonly unknown[], writer: BaseWriter): void {
	const [kind, ...fields] = record;
	switch (kind) {
		case "a":
			writeAdvisory(fields, writer);
			break;
		case "k": {
			const [cve, title, addedAt, dueAt, ransomware] = fields;
			const kev = { addedAt: number(addedAt) ?? fail("date"), dueAt: number(dueAt), ransomware: ransomware === 1 };
			writer.addFact({ cve: text(cve), ...(title === null ? {} : { title: text(title) }), kev });
			break;
		}
		case "e": {
			const [cve, score, percentile] = fields;
			const epss = { score: number(score) ?? fail("score"), percentile: number(percentile) ?? 0 };
			writer.addFact({ cve: text(cve), epss });
			break;
		}
		case "d":
			writeDetail(fields, writer);
			break;
		case "p":
			writer.addProduct(JSON.parse(text(fields[0])) as SupportedProduct);
			break;
		case "o":
			writer.addVendor({ prefix: text(fields[0]), name: text(fields[1]) });
			break;
		case "f":
			writer.addFingerprint(text(fields[0]), JSON.parse(text(fields[1])) as Fingerprint);
			break;
		default:
			fail("record");
	}
}

function writeDetail(fields: readonly unknown[], writer: BaseWriter): void {
	const [cve, title, description, cvss, cwes, references, publishedAt, modifiedAt, status] = fields;
	writer.addDetail({
		...{ cve: text(cve), title: textOrNull(title), description: textOrNull(description) },
		...{ cvss: words(cvss), cwes: words(cwes), references: words(references) },
		...{ publishedAt: number(publishedAt), modifiedAt: number(modifiedAt), status: textOrNull(status) },
	});
}

function writeAdvisory(fields: readonly unknown[], writer: BaseWriter): void {
	const [id, cves, title, severity, cvss, publishedAt, modifiedAt, withdrawnAt, digest, affected] = fields;
	writer.addAdvisory(
		{
			...{ id: text(id), cves: list(cves).map(text), title: text(title), severity: textOrNull(severity) },
			...{ cvss: words(cvss), publishedAt: number(publishedAt), modifiedAt: number(modifiedAt) },
			...{ withdrawnAt: number(withdrawnAt), affected: list(affected).map(rangeOf) },
		},
		Buffer.from(text(digest), "hex"),
	);
}

function rangeOf(value: unknown): AffectedRange {
	const [ecosystem, name, introduced, fixed, last, state, note] = list(value);
	if (!rangeStates.includes(state as RangeState)) fail("range");
	return {
		...{ ecosystem: text(ecosystem), package: text(name), introduced: textOrNull(introduced) },
		...{ fixed: textOrNull(fixed), lastAffected: textOrNull(last), state: state as RangeState, note: textOrNull(note) },
	};
}

function text(value: unknown): string {
	return typeof value === "string" ? value : fail("text");
}

function textOrNull(value: unknown): string | null {
	return value === null ? null : text(value);
}

function number(value: unknown): number | null {
	if (value === null) return null;
	return typeof value === "number" ? value : fail("number");
}

/** A list that is kept with blanks between. */
function words(value: unknown): string[] {
	return value === null ? [] : text(value).split(" ");
}

function fail(what: string): never {
	throw new Error(`there is no ${what} where one belongs`);
}
