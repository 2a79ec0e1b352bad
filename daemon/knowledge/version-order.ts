/**
 * Two version orders: the one upstream projects use in their banners, and the one dpkg uses for package revisions.
 * Total orders over any text; they never throw.
 */

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

/** Order of Debian package versions, deb-version(7): negative when `a` is older. */
export function compareDebian(a: string, b: string): number {
	const [leftEpoch, left] = epochOf(a.slice(0, longest));
	const [rightEpoch, right] = epochOf(b.slice(0, longest));
	const epochs = compareDigits(leftEpoch, rightEpoch);
	if (epochs !== 0) return epochs;
	const [leftUpstream, leftRevision] = revisionOf(left);
	const [rightUpstream, rightRevision] = revisionOf(right);
	return compareParts(leftUpstream, rightUpstream) || compareParts(leftRevision, rightRevision);
}

function epochOf(version: string): [epoch: string, rest: string] {
	const colon = version.indexOf(":");
	return colon > 0 && /^\d+$/.test(version.slice(0, colon))
		? [version.slice(0, colon), version.slice(colon + 1)]
		: ["0", version];
}

function revisionOf(version: string): [upstream: string, revision: string] {
	const dash = version.lastIndexOf("-");
	return dash < 0 ? [version, ""] : [version.slice(0, dash), version.slice(dash + 1)];
}

/** dpkg's verrevcmp: runs of non-digits by letter order with `~` before the end, runs of digits as numbers. */
function compareParts(a: string, b: string): number {
	let i = 0;
	let j = 0;
	while (i < a.length || j < b.length) {
		while ((i < a.length && !isDigit(a[i])) || (j < b.length && !isDigit(b[j]))) {
			const order = weightOf(a[i]) - weightOf(b[j]);
			if (order !== 0) return order;
			i++;
			j++;
		}
		const left = /^\d*/.exec(a.slice(i))?.[0] ?? "";
		const right = /^\d*/.exec(b.slice(j))?.[0] ?? "";
		const order = compareDigits(left, right);
		if (order !== 0) return order;
		i += left.length;
		j += right.length;
	}
	return 0;
}

function isDigit(character: string | undefined): boolean {
	return character !== undefined && character >= "0" && character <= "9";
}

function weightOf(character: string | undefined): number {
	if (character === undefined || isDigit(character)) return 0;
	if (character === "~") return -1;
	return /[A-Za-z]/.test(character) ? character.charCodeAt(0) : character.charCodeAt(0) + 256;
}
