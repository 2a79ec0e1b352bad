/** Reads the pieces of a filter from its text: blanks, words, quoted strings, operators. What they mean is parse.ts. */
import { AppError } from "../../protocol/errors.ts";
import { type Comparison, comparisons, type Literal } from "./ast.ts";

/** Ends a word anywhere. Curly quotes have been made straight by then. */
const wordEnd = /[\s()[\],"`<>=]/u;
const pathStart = /[a-z_]/i;
const pathPart = /[a-z0-9_.]/i;

/** Copied text carries curly quotes; each is one character, so positions stay right. */
export function straightenQuotes(text: string): string {
	return text.replace(/[\u201c\u201d\u201e\u201f]/g, '"').replace(/[\u2018\u2019\u201a\u201b]/g, "'");
}

export function syntaxError(message: string, at: number, hint?: string): AppError {
	return new AppError("invalid", `${message} (position ${at + 1}).`, { hint, details: { position: at } });
}

export class Scanner {
	readonly text: string;
	at = 0;

	constructor(text: string) {
		this.text = straightenQuotes(text);
	}

	skipBlanks(): void {
		while (/\s/u.test(this.text[this.at] ?? "")) this.at++;
	}

	get atEnd(): boolean {
		return this.at >= this.text.length;
	}

	peek(): string {
		return this.text[this.at] ?? "";
	}

	/** Takes `symbol` after blanks. */
	take(symbol: string): boolean {
		this.skipBlanks();
		if (!this.text.startsWith(symbol, this.at)) return false;
		this.at += symbol.length;
		return true;
	}

	/** Takes a keyword in any case, if a whole word of it is next. */
	takeKeyword(word: string): boolean {
		this.skipBlanks();
		if (!this.isKeyword(word)) return false;
		this.at += word.length;
		return true;
	}

	isKeyword(word: string): boolean {
		if (this.text.slice(this.at, this.at + word.length).toLowerCase() !== word) return false;
		const next = this.text[this.at + word.length];
		// `not"Found"` is how people write it; a quote ends a keyword too.
		return next === undefined || wordEnd.test(next) || next === "'";
	}

	/** Takes `:`, `=`, `>`, `>=`, `<` or `<=` after blanks. */
	takeComparison(): Comparison | null {
		this.skipBlanks();
		// Longest first: `>=` before `>`.
		for (const op of comparisons.toSorted((a, b) => b.length - a.length)) if (this.take(op)) return op;
		return null;
	}

	/** Takes a field name, dots included; null and nothing taken when none is next. */
	takePath(): string | null {
		this.skipBlanks();
		if (!pathStart.test(this.peek())) return null;
		const start = this.at;
		while (pathPart.test(this.peek())) this.at++;
		const path = this.text.slice(start, this.at);
		if (!path.endsWith(".") && !path.includes("..")) return path;
		this.at = start;
		return null;
	}

	/** Takes a quoted string; null when none is next. A backslash escapes a quote or itself and is plain otherwise. */
	takeQuoted(): Literal | null {
		this.skipBlanks();
		const quote = this.peek();
		if (quote !== '"' && quote !== "'" && quote !== "`") return null;
		const start = this.at++;
		let text = "";
		for (;;) {
			const char = this.text[this.at++];
			if (char === undefined) {
				throw syntaxError("This quote is never closed", start, `Put a ${quote} where the text ends.`);
			}
			if (char === quote) break;
			const next = this.peek();
			if (char === "\\" && (next === "\\" || next === '"' || next === "'" || next === "`")) {
				text += next;
				this.at++;
			} else text += char;
		}
		return { style: quote === "`" ? "exact" : "phrase", text, at: start };
	}

	/** Takes one unquoted word; with `inRange` it ends before `..`. Empty when none is next. */
	takeWord(inRange: boolean): string {
		this.skipBlanks();
		const start = this.at;
		while (!this.atEnd && !wordEnd.test(this.peek())) {
			if (inRange && this.text.startsWith("..", this.at)) break;
			this.at++;
		}
		return this.text.slice(start, this.at);
	}

	/** Looks whether a condition starts here: a name followed by an operator or by `is`. Takes nothing. */
	startsCondition(): boolean {
		const start = this.at;
		try {
			if (this.takePath() === null) return false;
			if (this.takeComparison() !== null) return true;
			if (!this.takeKeyword("is")) return false;
			this.takeKeyword("not");
			return this.takeKeyword("null");
		} finally {
			this.at = start;
		}
	}

	/** After an opening bracket: is there a `..` outside quotes before the matching close? Takes nothing. */
	holdsRange(): boolean {
		const start = this.at;
		let depth = 0;
		try {
			while (!this.atEnd) {
				const char = this.peek();
				if (depth === 0 && this.text.startsWith("..", this.at)) return true;
				if (char === '"' || char === "`") this.takeQuoted();
				else {
					if (char === "(" || char === "[") depth++;
					if ((char === ")" || char === "]") && --depth < 0) return false;
					this.at++;
				}
			}
			return false;
		} finally {
			this.at = start;
		}
	}
}
