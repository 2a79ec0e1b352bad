/** Reads back what a finding by an advisory says of its packages (advisory-result.ts): an export has no time to judge again. Pure. */

export interface ToldPackage {
	/** As the advisory names it. */
	readonly package: string;
	readonly version: string;
	/** The version that ends it; null when there is none. */
	readonly fixed: string | null;
	readonly ecosystem: string;
}

/** Names of packages hold neither blanks nor colons, but for a module before a slash; versions neither blanks nor brackets. */
const line =
	/^((?:[A-Za-z0-9._+-]+:[A-Za-z0-9._+-]+\/)?[A-Za-z0-9][A-Za-z0-9._+@-]*) ([^\s():]*:?[^\s():]+)(?: \([^()]*\))?: (?:fixed in ([^\s(),]+)|affected|the vendor is).* \(([A-Za-z][A-Za-z0-9 ._:-]*)\)$/;

/** Empty where the text is not one of those. Never throws, whatever the text is. */
export function toldPackages(result: string): ToldPackage[] {
	return result
		.split("\n")
		.slice(0, mostLines)
		.flatMap((text) => {
			const [, name, version, fixed, ecosystem] = text.length > longestLine ? [] : (line.exec(text) ?? []);
			if (name === undefined || version === undefined || ecosystem === undefined) return [];
			return { package: name, version, fixed: fixed ?? null, ecosystem };
		});
}

const mostLines = 100;
const longestLine = 2_000;
