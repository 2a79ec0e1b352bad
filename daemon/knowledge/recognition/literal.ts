/** The longest text that anything a pattern matches must have in it: looking for that first spares most patterns a try. Pure. */

/** Lower case; "" when there is none to rely on. Takes RE2's syntax. */
export function requiredLiteral(pattern: string): string {
	let [best, run, depth, at] = ["", "", 0, 0];
	const endRun = () => {
		if (run.length > best.length) best = run;
		run = "";
	};
	while (at < pattern.length) {
		const { text, length, kind } = tokenAt(pattern, at);
		at += length;
		if (kind === "open") depth++;
		else if (kind === "close") depth = Math.max(0, depth - 1);
		else if (kind === "or" && depth === 0) return "";
		if (kind === "literal" && depth === 0) {
			const next = pattern[at] ?? "";
			// What may be missing, or comes several times, is no part of it.
			if (/[?*{]/.test(next)) endRun();
			else {
				run += text;
				if (next === "+") endRun();
			}
		} else if (kind !== "edge") endRun();
	}
	endRun();
	return best.toLowerCase();
}

interface Token {
	readonly kind: "literal" | "open" | "close" | "or" | "edge" | "other";
	readonly text: string;
	readonly length: number;
}

function tokenAt(pattern: string, at: number): Token {
	const char = pattern[at] ?? "";
	const token = (kind: Token["kind"], length = 1, text = ""): Token => ({ kind, length, text });
	if (char === "\\") return escapeAt(pattern, at);
	if (char === "[") return token("other", classLength(pattern, at));
	// Flags for what follows, `(?i)`, open no group.
	const flags = /^\(\?[a-zA-Z-]+\)/.exec(pattern.slice(at, at + 12))?.[0];
	if (flags !== undefined) return token("other", flags.length);
	if (char === "(") return token("open");
	if (char === ")") return token("close");
	if (char === "|") return token("or");
	if (char === "^" || char === "$") return token("edge");
	if (char === "{") return token("other", Math.max(1, (pattern.indexOf("}", at) + 1 || at + 1) - at));
	return /[.?*+]/.test(char) ? token("other") : token("literal", 1, char);
}

function escapeAt(pattern: string, at: number): Token {
	const next = pattern[at + 1] ?? "";
	if (/[AzbB]/.test(next)) return { kind: "edge", text: "", length: 2 };
	if (next === "Q" || /[a-zA-Z0-9]/.test(next)) {
		// A class or a character by number: how long it is does not matter, its parts are then taken for literals.
		const numbered = /^\\(x\{[0-9a-fA-F]+\}|x[0-9a-fA-F]{2}|[pP]\{[^}]*\}|[0-7]{1,3}|Q.*?(\\E|$))/.exec(
			pattern.slice(at, at + 200),
		)?.[0];
		return { kind: "other", text: "", length: numbered?.length ?? 2 };
	}
	return { kind: "literal", text: next, length: 2 };
}

/** `[]a-z]`, `[^\]]`, `[[:alpha:]]`. */
function classLength(pattern: string, from: number): number {
	let at = from + 1;
	if (pattern[at] === "^") at++;
	if (pattern[at] === "]") at++;
	while (at < pattern.length && pattern[at] !== "]") {
		if (pattern.startsWith("[:", at)) at = pattern.indexOf(":]", at) + 2 || at + 2;
		else at += pattern[at] === "\\" ? 2 : 1;
	}
	return Math.min(pattern.length, at + 1) - from;
}
