/** Everything that can be checked about one signature file on its own; behind `vedette signature check FILE`. */
import { compileSignature } from "./compile.ts";
import { cvssScore, onlyDenialOfService } from "./cvss.ts";
import { checkExamples } from "./examples.ts";
import { parseSignatureFile } from "./parse-file.ts";
import { compilePattern } from "./pattern.ts";
import type { SignatureFile } from "./signature-file.ts";

/** PCI reasons that fail at any score. */
const alwaysFail = new Set([
	"end-of-life",
	"open-database",
	"default-credentials",
	"weak-tls",
	"anonymous-key-exchange",
	"malware",
]);

/** Problems of a file as readable sentences; empty when it is good. `id`: what its path says it must be called. */
export function checkSignatureText(text: string, id?: string): string[] {
	const parsed = parseSignatureFile(text);
	if (parsed.file === null) return parsed.problems;
	const { file } = parsed;
	const compiled = compileSignature(file, compilePattern);
	const problems = [...compiled.problems, ...checkConsistency(file)];
	if (id !== undefined && id !== file.id) problems.unshift(`id: is ${file.id}, but the path says ${id}`);
	if (compiled.check !== null) problems.push(...checkExamples(file, compiled.check));
	return problems;
}

function checkConsistency(file: SignatureFile): string[] {
	return file.type === "information" ? checkInformation(file) : checkWeakness(file);
}

function checkInformation(file: SignatureFile): string[] {
	const problems: string[] = [];
	if (file.severity > 3) problems.push("severity: information has 1 to 3");
	if (file.cvss !== null) problems.push("cvss: information has none");
	if (file.pci.fail) problems.push("pci: information never fails");
	return problems;
}

function checkWeakness(file: SignatureFile): string[] {
	if (file.cvss === null) return ["cvss: a vector is missing"];
	const score = cvssScore(file.cvss);
	if (score === null) return [];
	const problems: string[] = [];
	const band = score >= 9 ? 5 : score >= 7 ? 4 : score >= 4 ? 3 : score > 2 ? 2 : 1;
	if (Math.abs(band - file.severity) > 1) problems.push(`severity: ${file.severity} is far from CVSS ${score}`);
	const fails = alwaysFail.has(file.pci.reason) || (score >= 4 && !onlyDenialOfService(file.cvss));
	if (fails !== file.pci.fail) problems.push(`pci.fail: must be ${fails} with CVSS ${score} and ${file.pci.reason}`);
	if (fails === (file.pci.reason === "none"))
		problems.push("pci.reason: none goes with pci.fail false, and only there");
	return problems;
}
