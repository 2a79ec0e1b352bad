/**
 * The XML `<TAG_CRITERIA>` of a saved asset search, as a query. What is not understood is refused by name: passing over a
 * criterion would put the tag on more assets than was meant.
 */
import { AppError } from "../../protocol/errors.ts";
import type { Query } from "../query/ast.ts";
import { listOf, numbersIn, presentVulnerability, words } from "./rule-terms.ts";
import { type Element, readElements } from "./xml-elements.ts";

/** Throws `invalid`: for what is not well-formed, and for every criterion, search type or value there is no meaning for. */
export function readTagCriteria(text: string): Query {
	const root = readElements(text);
	if (root.name !== "TAG_CRITERIA") throw unsupported(root.name, "The outermost element is to be TAG_CRITERIA.");
	const terms = root.children.map(criterion);
	const [first] = terms;
	if (first === undefined) throw new AppError("invalid", "The TAG_CRITERIA are empty: they would fit every asset.");
	return terms.length === 1 ? first : { kind: "and", terms };
}

function criterion(element: Element): Query {
	switch (element.name) {
		case "DETECTION":
			return detection(element);
		case "OPEN_PORTS":
			return listOf("openPorts.port", numbersOf(element, "PORT", 65_535));
		case "LAST_SCAN_DATE":
			return withinDays("lastScan", element);
		case "FIRST_FOUND_DATE":
			return withinDays("firstSeen", element);
		default:
			throw unsupported(element.name, "Understood: DETECTION, OPEN_PORTS, LAST_SCAN_DATE, FIRST_FOUND_DATE.");
	}
}

/** One of the QIDs, and the text in the result of that same detection. */
function detection(element: Element): Query {
	const parts = only(element, ["QID_LIST", "RESULTS"]);
	const list = parts.get("QID_LIST");
	if (list === undefined) throw missing(element, "QID_LIST");
	const results = parts.get("RESULTS");
	return presentVulnerability(numbersOf(list, "QID", 2 ** 31), results === undefined ? [] : [resultsWith(results)]);
}

function resultsWith(element: Element): Query {
	const parts = only(element, ["SEARCH_TYPE", "SEARCH_TERM"]);
	const type = textOf(element, parts, "SEARCH_TYPE").toUpperCase();
	if (type !== "CONTAINING") throw unsupported(`SEARCH_TYPE ${type}`, "Understood in RESULTS: CONTAINING.");
	return { kind: "match", path: "results", at: 0, how: "contains", text: textOf(element, parts, "SEARCH_TERM") };
}

/** A date that is not known is neither within nor not within. */
function withinDays(path: string, element: Element): Query {
	const parts = only(element, ["SEARCH_TYPE", "DAYS"]);
	const days = textOf(element, parts, "DAYS");
	if (!/^\d{1,5}$/.test(days))
		throw new AppError("invalid", `${element.name}: DAYS ${days.slice(0, 40)} is no number.`);
	const ago = `now-${days}d`;
	switch (textOf(element, parts, "SEARCH_TYPE").toUpperCase()) {
		case "WITHIN":
			return { kind: "compare", path, at: 0, op: ">=", value: words(ago) };
		case "NOT_WITHIN":
			return { kind: "compare", path, at: 0, op: "<", value: words(ago) };
		default:
			throw unsupported(
				`SEARCH_TYPE ${textOf(element, parts, "SEARCH_TYPE")}`,
				`Understood in ${element.name}: WITHIN, NOT_WITHIN.`,
			);
	}
}

function numbersOf(element: Element, name: string, most: number) {
	for (const child of element.children) if (child.name !== name) throw unsupported(`${element.name}/${child.name}`);
	if (element.children.length === 0) throw missing(element, name);
	return element.children.flatMap(({ text }) => {
		const numbers = numbersIn(text, most, name === "PORT" ? "a port" : "a QID");
		if (numbers.length === 0) throw missing(element, name);
		return numbers;
	});
}

/** The children by name, each at most once and none but these. */
function only(element: Element, names: readonly string[]): Map<string, Element> {
	const found = new Map<string, Element>();
	for (const child of element.children) {
		if (!names.includes(child.name)) throw unsupported(`${element.name}/${child.name}`);
		if (found.has(child.name)) {
			throw new AppError("invalid", `${element.name} has ${child.name} twice: which of them is meant is not told.`);
		}
		found.set(child.name, child);
	}
	return found;
}

function textOf(element: Element, parts: Map<string, Element>, name: string): string {
	const text = parts.get(name)?.text.trim() ?? "";
	if (text === "") throw missing(element, name);
	return text;
}

function missing(element: Element, name: string): AppError {
	return new AppError("invalid", `${element.name} has no ${name}.`);
}

function unsupported(what: string, hint?: string): AppError {
	return new AppError("invalid", `The criterion ${what.slice(0, 100)} is not supported.`, {
		hint: `${hint ?? ""} Say it as a query instead: --rule query.`.trim(),
	});
}
