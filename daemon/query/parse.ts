/**
 * The query language's parser: text to tree, or `invalid` with the exact position. The grammar:
 *
 *     or      = and { "or" and }            and = unary { "and" unary }
 *     unary   = "not" unary | primary       primary = "(" or ")" | path ":" "(" or ")" | condition | bare
 *     condition = path (":" | "=" | ">" | ">=" | "<" | "<=") value | path "is" ["not"] "null"
 *     value   = ("[" | "(") literal ".." literal ("]" | ")") | "[" literal { "," literal } "]" | literal
 *     literal = `exact` | "phrase" | 'phrase' | word { word }
 */
import type { Literal, Query } from "./ast.ts";
import { Scanner, syntaxError } from "./scanner.ts";

/** Parentheses and `not` within each other. SQLite's own limit on the depth of an expression is 1,000. */
const maxDepth = 100;
/** Conditions in one filter. */
const maxConditions = 1_000;
const maxLength = 4_000;

/** Null for a blank text: everything matches. Raises only AppError `invalid`. */
export function parseQuery(text: string): Query | null {
	if (text.length > maxLength) throw syntaxError(`The filter is longer than ${maxLength} characters`, maxLength);
	const parser = new Parser(new Scanner(text));
	return parser.whole();
}

class Parser {
	readonly #scan: Scanner;
	#depth = 0;
	#conditions = 0;

	constructor(scanner: Scanner) {
		this.#scan = scanner;
	}

	whole(): Query | null {
		const scan = this.#scan;
		scan.skipBlanks();
		if (scan.atEnd) return null;
		const query = this.#or();
		scan.skipBlanks();
		if (scan.atEnd) return query;
		const rest = scan.peek();
		if (rest === ")" || rest === "]") throw syntaxError(`This ${rest} was never opened`, scan.at);
		throw syntaxError("Two conditions stand side by side", scan.at, "Put and, or, or and not between them.");
	}

	#or(): Query {
		return this.#chain("or", () => this.#chain("and", () => this.#unary()));
	}

	#chain(kind: "and" | "or", next: () => Query): Query {
		const first = next();
		const terms = [first];
		while (this.#scan.takeKeyword(kind)) terms.push(next());
		return terms.length === 1 ? first : { kind, terms };
	}

	#unary(): Query {
		const at = this.#scan.at;
		if (this.#isField() || !this.#scan.takeKeyword("not")) return this.#primary();
		return this.#deeper(at, () => ({ kind: "not", term: this.#unary() }));
	}

	/** `not:x` and `and = y` are fields of that name, not keywords. */
	#isField(): boolean {
		this.#scan.skipBlanks();
		return this.#scan.startsCondition();
	}

	#primary(): Query {
		const scan = this.#scan;
		scan.skipBlanks();
		const at = scan.at;
		if (scan.take("(")) return this.#group(at);
		const bareAddress = this.#bareAddress();
		if (bareAddress) return bareAddress;
		if (!scan.startsCondition()) return this.#bare();
		const path = scan.takePath() ?? "";
		const op = scan.takeComparison();
		if (op === null) {
			scan.takeKeyword("is");
			const negated = scan.takeKeyword("not");
			scan.takeKeyword("null");
			return this.#counted({ kind: "null", path, at, negated });
		}
		if (op !== ":") return this.#counted({ kind: "compare", path, at, op, value: this.#literal(false) });
		return this.#matched(path, at);
	}

	/** What follows `path:`. */
	#matched(path: string, at: number): Query {
		const scan = this.#scan;
		scan.skipBlanks();
		const open = scan.at;
		const bracket = scan.take("[") ? "[" : scan.take("(") ? "(" : null;
		if (bracket === null) return this.#counted({ kind: "compare", path, at, op: ":", value: this.#literal(false) });
		if (scan.holdsRange()) return this.#range(path, at, bracket === "[");
		if (bracket === "(") return { kind: "nested", path, at, term: this.#group(open) };
		const values = [this.#literal(false)];
		while (scan.take(",")) values.push(this.#literal(false));
		if (!scan.take("]")) throw syntaxError("This list is never closed", open, "Put a ] where it ends.");
		this.#conditions += values.length;
		return this.#counted({ kind: "list", path, at, values });
	}

	#range(path: string, at: number, fromIncluded: boolean): Query {
		const scan = this.#scan;
		const from = this.#literal(true);
		if (!scan.take("..")) throw syntaxError("A range needs two dots between its ends", scan.at, "Like [1 .. 5].");
		scan.take(".");
		const to = this.#literal(true);
		const toIncluded = scan.take("]");
		if (!toIncluded && !scan.take(")")) {
			throw syntaxError("This range is never closed", scan.at, "Put ] (end included) or ) (left out).");
		}
		return this.#counted({ kind: "range", path, at, from, to, fromIncluded, toIncluded });
	}

	#group(at: number): Query {
		return this.#deeper(at, () => {
			const query = this.#or();
			if (!this.#scan.take(")")) throw this.#expected("This ( is never closed", at);
			return query;
		});
	}

	/** An IPv6 or MAC address without a field would read as `field:value`. */
	#bareAddress(): Query | null {
		const scan = this.#scan;
		const at = scan.at;
		const word = scan.takeWord(false);
		if (/^[0-9a-f:.]+(%\w+)?(\/\d+)?$/i.test(word) && (word.includes("::") || word.split(":").length >= 6)) {
			return this.#counted({ kind: "bare", value: { style: "words", text: word, at } });
		}
		scan.at = at;
		return null;
	}

	#bare(): Query {
		return this.#counted({ kind: "bare", value: this.#literal(false) });
	}

	#literal(inRange: boolean): Literal {
		const scan = this.#scan;
		const quoted = scan.takeQuoted();
		if (quoted) return quoted;
		scan.skipBlanks();
		const at = scan.at;
		const words: string[] = [];
		for (;;) {
			scan.skipBlanks();
			if (this.#stopsWords(words.length)) break;
			const word = scan.takeWord(inRange);
			if (word === "") break;
			words.push(word);
		}
		if (words.length === 0) throw this.#expected("A value is missing", at);
		return { style: "words", text: words.join(" "), at };
	}

	/** Unquoted text runs to the next keyword; a condition that follows it without one is reported where it stands. */
	#stopsWords(taken: number): boolean {
		const scan = this.#scan;
		if (scan.isKeyword("and") || scan.isKeyword("or")) return true;
		return taken > 0 && (scan.isKeyword("not") || scan.peek() === "'" || scan.startsCondition());
	}

	#expected(message: string, at: number) {
		const scan = this.#scan;
		scan.skipBlanks();
		if (scan.atEnd) return syntaxError(`${message}: the filter ends too early`, at);
		return syntaxError(message, Math.max(at, scan.at), 'Words with signs in them go in quotes: name:"a, b".');
	}

	#deeper(at: number, read: () => Query): Query {
		if (++this.#depth > maxDepth) throw syntaxError(`The filter nests deeper than ${maxDepth}`, at);
		const query = read();
		this.#depth--;
		return query;
	}

	#counted(query: Query): Query {
		if (++this.#conditions > maxConditions) {
			throw syntaxError(`The filter has more than ${maxConditions} conditions`, this.#scan.at);
		}
		return query;
	}
}
