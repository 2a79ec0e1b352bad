/** Says in sentences why names are missing from a map, and what to do about it. Pure. */
import type { NameProblem } from "./names.ts";

const causes: Readonly<Record<string, string>> = {
	ETIMEOUT: "nobody answered in time",
	ECONNREFUSED: "nothing listens there",
	ENONAME: "it has no address",
};

/** Refusals up to this are those of single zones, not of the server. */
const someRefusals = 12;

/** Null when the name server did its part. `silentCode` is what was last wrong with one that was given up. */
export function namesMissing(
	resolver: string | null,
	heard: { readonly silentCode: string | null; readonly refused: number },
): string | null {
	const other =
		resolver === null
			? "Name another one with --resolver, keep one with: vedette map resolver ADDRESS; or ask none with --no-dns."
			: "Name another one with --resolver, or ask none with --no-dns.";
	const { silentCode, refused } = heard;
	if (silentCode !== null) {
		const cause = causes[silentCode] ?? silentCode;
		return `The name server ${wordsOf(resolver)} gave no answers (${silentCode}: ${cause}), so names are missing. ${other}`;
	}
	if (refused < someRefusals) return null;
	return `The name server ${wordsOf(resolver)} refused ${refused} questions, so names are missing: it may not serve this machine. ${other}`;
}

/** About a domain none of whose names leads anywhere. Empty for what `namesMissing` says. */
export function noNames(domain: string, problem: NameProblem, resolver: string | null): string[] {
	const says = `says the name server ${wordsOf(resolver)}`;
	if (problem === "no-name")
		return [
			`There is no domain ${domain}, ${says}. A domain that only a network of one's own knows needs that network's name server: --resolver.`,
		];
	if (problem === "no-address") return [`No name of ${domain} leads to an address, ${says}.`];
	return problem === "refused" ? [`The name server ${wordsOf(resolver)} will not answer for ${domain}.`] : [];
}

function wordsOf(resolver: string | null): string {
	return resolver ?? "of this machine";
}
