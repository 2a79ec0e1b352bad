/** What is known of a CVE or an advisory, as lines: what every feed says of it, and which one said it. */
import type { MethodResult } from "../../protocol/define.ts";
import type * as knowledge from "../../protocol/methods/knowledge.ts";
import type { Advisory, AffectedRange, CveFacts, CveSource } from "../../protocol/model/knowledge.ts";
import { plural } from "../text/format.ts";

/** Ranges of one advisory, and addresses of one source, that are shown without `--json`. */
const mostRanges = 40;
const mostReferences = 5;
const longestDescription = 400;

export function knownLines({ cve, advisories }: MethodResult<typeof knowledge.lookup>): string[] {
	return [...factLines(cve), ...advisories.flatMap(advisoryLines)];
}

function factLines(cve: CveFacts | null): string[] {
	if (cve === null) return [];
	const { kev, epss } = cve;
	const lines = [cve.title === null ? cve.name : `${cve.name}: ${cve.title}`];
	if (kev !== null) {
		const ransomware = kev.ransomware ? ", used by ransomware" : "";
		lines.push(`  exploited, on CISA's list since ${kev.addedAt.slice(0, 10)}${ransomware}`);
	}
	if (epss !== null) {
		const per = (share: number) => `${(share * 100).toFixed(1)} %`;
		lines.push(`  EPSS ${per(epss.score)} within 30 days, above ${per(epss.percentile)} of all`);
	}
	return [...lines, ...cve.sources.flatMap(sourceLines), ""];
}

function sourceLines(one: CveSource): string[] {
	const dates = [
		...(one.publishedAt === null ? [] : [`published ${one.publishedAt.slice(0, 10)}`]),
		...(one.modifiedAt === null ? [] : [`changed ${one.modifiedAt.slice(0, 10)}`]),
		...(one.status === null ? [] : [one.status]),
	];
	return [
		`  ${one.feed}${dates.length === 0 ? "" : ` (${dates.join(", ")})`}:`,
		...(one.title === null ? [] : [`    ${one.title}`]),
		...one.cvss.map(({ vector, score }) => `    CVSS ${score === null ? "?" : score.toFixed(1)}  ${vector}`),
		...(one.cwes.length === 0 ? [] : [`    ${one.cwes.join(" ")}`]),
		...(one.description === null ? [] : [`    ${one.description.replace(/\s+/g, " ").slice(0, longestDescription)}`]),
		...one.references.slice(0, mostReferences).map((address) => `    ${address}`),
	];
}

function advisoryLines(one: Advisory): string[] {
	const severity = one.severity === null ? "" : `, ${one.severity}`;
	const date = one.publishedAt ?? one.modifiedAt;
	const lines = [
		`${one.name}: ${one.title}`,
		`  ${one.feed}${date === null ? "" : `, ${date.slice(0, 10)}`}${severity}`,
		...(one.withdrawnAt === null ? [] : [`  withdrawn ${one.withdrawnAt.slice(0, 10)}`]),
		...(one.cves.length === 0 ? [] : [`  ${one.cves.join(" ")}`]),
		...one.cvss.map((vector) => `  ${vector}`),
		...one.affected.slice(0, mostRanges).map((range) => `  ${rangeText(range)}`),
	];
	const more = one.affected.length - mostRanges;
	if (more > 0) lines.push(`  and ${plural(more, "more range", "more ranges")}; all with --json`);
	return [...lines, ""];
}

function rangeText({ ecosystem, package: name, introduced, fixed, lastAffected, state, note }: AffectedRange): string {
	const from = introduced === null ? "" : `from ${introduced} `;
	const said = note === null ? "" : ` (${note})`;
	if (state === "not-affected") return `${ecosystem} ${name}: not affected${said}`;
	if (state === "under-investigation") return `${ecosystem} ${name}: the vendor is still looking into it${said}`;
	if (fixed !== null) return `${ecosystem} ${name}: ${from}before ${fixed}${said}`;
	if (lastAffected !== null) return `${ecosystem} ${name}: ${from}up to ${lastAffected}${said}`;
	const why = state === "will-not-fix" ? "will not be fixed" : state === "postponed" ? "fix postponed" : "no fix yet";
	return `${ecosystem} ${name}: ${from === "" ? "" : `${from}on, `}${why}${said}`;
}
