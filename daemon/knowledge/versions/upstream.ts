/** The order of versions as upstream projects write them in their banners. A total order over any text; it never throws. */

/** Words that mark a version as older than the number they follow: 1.3.5rc1 comes before 1.3.5. */
const before = new Set(["alpha", "beta", "rc", "pre", "preview", "dev", "snapshot", "m", "ea"]);
const longest = 128;

type Token = { number: true; text: string } | { number: false; text: string };

/**
 * Order of upstream versions: negative when `a` is older. Numbers compare as numbers and a missing one is 0; a letter
 * or word after a number is newer (OpenSSH 9.2 < 9.2p1, OpenSSL 1.0.2 < 1.0.2k < 1.0.2za), except pre-release words.
 */
export function compareUpstream(a: string, b: string): number {
	const left = tokensOf(a);
	const right = tokensOf(b);
	for (let i = 0; i < Math.max(left.length, right.length); i++) {
		const order = compareTokens(left[i], right[i]);
		if (order !== 0) return order;
	}
	return 0;
}

function tokensOf(version: string): Token[] {
	const parts =
		version
			.slice(0, longest)
			.toLowerCase()
			.match(/\d+|[a-z]+/g) ?? [];
	return parts.map((text) => ({ number: /^\d/.test(text), text }));
}

function compareTokens(a: Token | undefined, b: Token | undefined): number {
	const left = rankOf(a);
	const right = rankOf(b);
	if (a?.number === true && b?.number === true) return compareDigits(a.text, b.text);
	if (left !== right) return left - right;
	if (a === undefined || b === undefined || a.text === b.text) return 0;
	return a.text < b.text ? -1 : 1;
}

/** Pre-release word, nothing (or 0), other word, number above 0. */
function rankOf(token: Token | undefined): number {
	if (token === undefined) return 1;
	if (token.number) return /^0*$/.test(token.text) ? 1 : 3;
	return before.has(token.text) ? 0 : 2;
}

function compareDigits(a: string, b: string): number {
	const left = a.replace(/^0+/, "");
	const right = b.replace(/^0+/, "");
	if (left.length !== right.length) return left.length - right.length;
	return left === right ? 0 : left < right ? -1 : 1;
}
