/** Reads product, version and further words out of a banner by a protocol's own table of rules. Pure and total. */

/** The three fields every application kind has (evidence/kinds/named.ts). */
export interface Software {
	product: string | null;
	version: string | null;
	info: string | null;
}

/** `pattern` may have the groups `version` and `info`; it must not backtrack over more than a few words. */
export interface SoftwareRule {
	readonly product: string;
	readonly pattern: RegExp;
}

export const unnamed: Software = { product: null, version: null, info: null };

/** The first rule that matches wins. Only the first 1,000 characters are looked at. */
export function findSoftware(rules: readonly SoftwareRule[], banner: string): Software {
	const text = banner.slice(0, 1_000);
	for (const { product, pattern } of rules) {
		const found = pattern.exec(text);
		if (found) return { product, version: clean(found.groups?.version), info: clean(found.groups?.info) };
	}
	return unnamed;
}

function clean(text: string | undefined): string | null {
	return text?.trim() || null;
}
