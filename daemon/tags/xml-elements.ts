/**
 * Reads a small XML text of elements and text alone: no attributes, no document type, no entities but the five of XML itself
 * (https://www.w3.org/TR/xml/, 4.6) and character references. What else there is in XML is refused. Pure; bounded.
 */
import { AppError } from "../../protocol/errors.ts";

export interface Element {
	readonly name: string;
	/** All text right inside it, references resolved. */
	readonly text: string;
	readonly children: readonly Element[];
}

const deepest = 16;
const mostElements = 5_000;
const entities: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };
const piece = /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([A-Za-z_][\w.-]*)\s*(\/?)>|([^<]+)/y;

/** The one outermost element. Throws `invalid` with the position of what cannot be read. */
export function readElements(xml: string): Element {
	const text = xml.replace(/^\uFEFF?\s*(<\?xml[^<>]*\?>)?/, "");
	const root: Open = { name: "", text: "", children: [] };
	const open: Open[] = [root];
	let count = 0;
	piece.lastIndex = 0;
	while (piece.lastIndex < text.length) {
		const at = piece.lastIndex;
		const found = piece.exec(text);
		if (found === null) throw wrong("only elements and text are understood", text, at);
		const [, literal, closing, name, empty, plain] = found;
		const inner = open.at(-1) ?? root;
		if (literal !== undefined) inner.text += literal;
		else if (plain !== undefined) inner.text += resolve(plain, text, at);
		else if (name === undefined) continue;
		else if (closing === "/") {
			if (open.length === 1 || inner.name !== name || empty === "/") throw wrong("this end has no beginning", text, at);
			open.pop();
		} else {
			if (++count > mostElements || open.length > deepest) throw wrong("there is too much of it", text, at);
			const made: Open = { name, text: "", children: [] };
			inner.children.push(made);
			if (empty !== "/") open.push(made);
		}
	}
	const [only, second] = root.children;
	if (open.length > 1) throw wrong(`${open.at(-1)?.name} is never closed`, text, text.length);
	if (only === undefined || second !== undefined || root.text.trim() !== "") {
		throw wrong("one element is to hold all others", text, 0);
	}
	return only;
}

interface Open {
	name: string;
	text: string;
	children: Open[];
}

function resolve(plain: string, text: string, at: number): string {
	return plain.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|\w{1,20})?;?/gi, (whole, name: string | undefined) => {
		const code = name?.startsWith("#x") ? Number.parseInt(name.slice(2), 16) : Number(name?.slice(1));
		if (name?.startsWith("#") && whole.endsWith(";") && code > 0 && code <= 0x10ffff) return String.fromCodePoint(code);
		const known =
			name !== undefined && whole.endsWith(";") && Object.hasOwn(entities, name) ? entities[name] : undefined;
		if (known !== undefined) return known;
		throw wrong(`${whole} stands for nothing`, text, at);
	});
}

function wrong(what: string, text: string, at: number): AppError {
	const line = text.slice(0, at).split("\n").length;
	return new AppError("invalid", `The XML cannot be read: ${what} (line ${line}).`, {
		hint: "Paste the rule whole, from <TAG_CRITERIA> to </TAG_CRITERIA>.",
	});
}
