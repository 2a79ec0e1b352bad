/** A filter as the terms that all must hold, which facets put in and take out again. Text in, text out; what is wrong in it stays so. */

/** Its terms at the top; a filter with an `or` at the top is one term. */
export function termsOf(filter: string): readonly string[] {
	const trimmed = filter.trim();
	if (trimmed === "") return [];
	const words = topWords(filter);
	if (words.some(({ word }) => word === "or")) return [trimmed];
	const ands = words.filter(({ word }) => word === "and");
	const starts = [0, ...ands.map(({ at }) => at + 3)];
	const ends = [...ands.map(({ at }) => at), filter.length];
	return starts.map((start, index) => filter.slice(start, ends[index]).trim()).filter((term) => term !== "");
}

export function hasTerm(filter: string, term: string): boolean {
	return termsOf(filter).includes(term);
}

/** The filter and the term. */
export function withTerm(filter: string, term: string): string {
	if (hasTerm(filter, term)) return filter;
	const whole = filter.trim();
	if (whole === "") return term;
	return `${topWords(whole).some(({ word }) => word === "or") ? `(${whole})` : whole} and ${term}`;
}

export function withoutTerm(filter: string, term: string): string {
	return termsOf(filter)
		.filter((one) => one !== term)
		.join(" and ");
}

/** As a value that means exactly this text. */
export function exactly(text: string): string {
	return `\`${text.replace(/[\\"'`]/g, "\\$&")}\``;
}

/** What leaves out what the term means. */
export function opposite(term: string): string {
	return `not ${term}`;
}

/** The words `and` and `or` that join the terms at the top: outside of quotes, parentheses and lists. */
function topWords(filter: string): { readonly word: "and" | "or"; readonly at: number }[] {
	const found: { word: "and" | "or"; at: number }[] = [];
	let depth = 0;
	for (const { 0: token, index } of filter.matchAll(tokens)) {
		if (token === "(" || token === "[") depth++;
		else if (token === ")" || token === "]") depth = Math.max(0, depth - 1);
		else if (depth === 0 && !isPartOfCondition(filter, index, index + token.length)) {
			const word = token.toLowerCase();
			if (word === "and" || word === "or") found.push({ word, at: index });
		}
	}
	return found;
}

/** A quoted text, a parenthesis, or a word; an apostrophe inside a word quotes nothing. */
const tokens = new RegExp(
	[
		...["`(?:\\\\.|[^`\\\\])*(?:`|$)", '["“”](?:\\\\.|[^"“”\\\\])*(?:["“”]|$)'],
		"(?<![^\\s:=<>()[\\],])['‘’](?:\\\\.|[^'‘’\\\\])*(?:['‘’]|$)",
		...["[()[\\]]", '[^\\s()[\\],"“”`<>=:]+'],
	].join("|"),
	"gsu",
);

/** `and:x` is a field of that name, and `title:and` a value. */
function isPartOfCondition(filter: string, start: number, end: number): boolean {
	return /[:=<>]\s*$/.test(filter.slice(0, start)) || /^\s*[:=<>]/.test(filter.slice(end));
}
