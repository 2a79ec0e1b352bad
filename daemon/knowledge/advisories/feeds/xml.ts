/**
 * Reads XML 1.0 as a stream of tags and texts: what files of fingerprints need, and nothing that reaches outside them. No
 * entity is declared or fetched, no namespace resolved. Time and memory are linear in the text.
 */

export type XmlEvent =
	| { readonly kind: "open"; readonly name: string; readonly attributes: ReadonlyMap<string, string> }
	| { readonly kind: "text"; readonly text: string }
	| { readonly kind: "close"; readonly name: string };

const deepest = 64;
const mostAttributes = 200;

/** Throws an Error for what is not well formed, or declares entities of its own. */
export function* readXml(xml: string): Generator<XmlEvent> {
	const open: string[] = [];
	let at = xml.charCodeAt(0) === 0xfeff ? 1 : 0;
	while (at < xml.length) {
		if (xml[at] !== "<") {
			const end = orEnd(xml.indexOf("<", at), xml);
			if (open.length > 0) yield { kind: "text", text: withEntities(xml.slice(at, end)) };
			at = end;
		} else if (xml.startsWith("<!--", at)) at = after(xml, "-->", at + 4);
		else if (xml.startsWith("<![CDATA[", at)) {
			const end = after(xml, "]]>", at + 9);
			yield { kind: "text", text: xml.slice(at + 9, end - 3) };
			at = end;
		} else if (xml.startsWith("<?", at)) at = after(xml, "?>", at + 2);
		else if (xml.startsWith("<!", at)) {
			const end = after(xml, ">", at + 2);
			if (xml.slice(at, end).includes("[")) throw new Error("it declares entities of its own");
			at = end;
		} else if (xml.startsWith("</", at)) {
			const end = after(xml, ">", at + 2);
			const name = xml.slice(at + 2, end - 1).trim();
			if (open.pop() !== name) throw new Error(`</${name.slice(0, 50)}> closes nothing`);
			yield { kind: "close", name };
			at = end;
		} else {
			const tag = readTag(xml, at + 1);
			yield { kind: "open", name: tag.name, attributes: tag.attributes };
			if (tag.isEmpty) yield { kind: "close", name: tag.name };
			else if (open.push(tag.name) > deepest) throw new Error("it is nested too deeply");
			at = tag.end;
		}
	}
	if (open.length > 0) throw new Error(`<${open.at(-1)?.slice(0, 50)}> is not closed: it is cut off`);
}

const nameStart = /[A-Za-z_:]/;
const nameEnd = /[\s/>=]/g;
const blank = /\s*/y;

function readTag(xml: string, from: number) {
	const attributes = new Map<string, string>();
	const name = nameAt(xml, from);
	let at = skipBlank(xml, from + name.length);
	while (xml[at] !== ">" && xml[at] !== "/") {
		const key = nameAt(xml, at);
		at = skipBlank(xml, at + key.length);
		if (xml[at] !== "=") throw new Error(`an attribute of <${name.slice(0, 50)}> has no value`);
		at = skipBlank(xml, at + 1);
		const quote = xml[at];
		if (quote !== '"' && quote !== "'") throw new Error(`an attribute of <${name.slice(0, 50)}> has no quotes`);
		const end = xml.indexOf(quote, at + 1);
		if (end < 0 || attributes.size >= mostAttributes) throw new Error(`<${name.slice(0, 50)}> does not end`);
		attributes.set(key, withEntities(xml.slice(at + 1, end)));
		at = skipBlank(xml, end + 1);
	}
	const isEmpty = xml[at] === "/";
	if (isEmpty) at++;
	if (xml[at] !== ">") throw new Error(`<${name.slice(0, 50)}> does not end`);
	return { name, attributes, isEmpty, end: at + 1 };
}

function nameAt(xml: string, at: number): string {
	if (!nameStart.test(xml[at] ?? "")) throw new Error("a name was expected in a tag");
	nameEnd.lastIndex = at;
	const end = nameEnd.exec(xml)?.index ?? xml.length;
	return xml.slice(at, end);
}

function skipBlank(xml: string, at: number): number {
	blank.lastIndex = at;
	blank.exec(xml);
	return blank.lastIndex;
}

function after(xml: string, end: string, from: number): number {
	const at = xml.indexOf(end, from);
	if (at < 0) throw new Error(`${end} is missing: it is cut off`);
	return at + end.length;
}

function orEnd(at: number, xml: string): number {
	return at < 0 ? xml.length : at;
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Those XML has by itself, and characters by number; an unknown one stays as it is written. */
function withEntities(text: string): string {
	if (!text.includes("&")) return text;
	return text.replace(/&(?:#([0-9]{1,7})|#x([0-9a-fA-F]{1,6})|([a-z]{2,4}));/g, (whole, decimal, hex, name) => {
		if (name !== undefined) return entities[name] ?? whole;
		const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
		return code > 0 && code <= 0x10_ffff ? String.fromCodePoint(code) : whole;
	});
}
